import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formCheck, readBody } from '../../src/document/bodies.ts'
import { cookieReader } from '../../src/document/cookies.ts'
import { BRACKETS, otherSpelling } from '../../src/document/names.ts'
import { parsePairs } from '../../src/document/pairs.ts'
import type { Part } from '../../src/document/pointers.ts'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'

/** The least of three times, and the process's own: that of a busy machine says nothing. */
const cpuMs = (work: () => void): number => {
  const once = (): number => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  }
  return Math.min(once(), once(), once())
}

const document: Part = {}
const form = (schema: object) => {
  const content = { 'application/x-www-form-urlencoded': { schema } }
  const { form: read } = readBody(document, { content }, schemaCloser(document))
  assert.ok(read)
  const check = formCheck(read, validator())
  return (text: string) => check(parsePairs(text) ?? assert.fail('no pairs'))
}

test('names of escapes that are none take no longer than others, in a form and in a cookie', () => {
  const open = form({
    type: 'object',
    properties: { role: { type: 'string', maxLength: 9 } },
    additionalProperties: true,
  })
  const readCookies = cookieReader(['role'])
  const ofForms = (unit: string): number => {
    const body = `${unit.repeat(65_000 / unit.length)}a`
    return cpuMs(() => {
      for (let times = 0; times < 10; times += 1) assert.deepEqual(open(body), [])
    })
  }
  const ofCookies = (unit: string): number =>
    cpuMs(() => {
      for (let times = 0; times < 10; times += 1) assert.ok(readCookies(unit.repeat(7_500)))
    })
  // They were the five- to sevenfold, and are the double at the most.
  const plain = ofForms('abc&')
  for (const unit of ['%25&', '%25%25252525&', '%25ff&']) {
    const took = ofForms(unit)
    assert.ok(took < plain * 3.5, `${unit} ${took} ms, ${plain} ms without escapes`)
  }
  const without = ofCookies('a;')
  const took = ofCookies('%;')
  assert.ok(took < without * 3, `${took} ms, ${without} ms without escapes`)
})

test('a bad escape in a name hides none of the good ones', () => {
  const isOther = otherSpelling(['role', 'rôle'], BRACKETS)
  for (const name of [
    'rol%65',
    'rol%2565[%zz]',
    '%72ole[%ff]',
    'r%c3%b4le[%]',
    'r%C3%B4le',
    'role%00%ff',
    'ROLE[%e2%82]',
  ])
    assert.ok(isOther(name), name)
  for (const name of ['role', 'rôle', '%', '%ff', 'rol%', 'roles', '%ffrole']) assert.ok(!isOther(name), name)
})
