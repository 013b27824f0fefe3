import assert from 'node:assert/strict'
import { test } from 'node:test'
import { field, parseJson } from '../../../src/layers/validation/index.ts'
import { corpus } from '../../cases.ts'

test('isemail: the e-mail field takes and refuses what a strict baseline does, every one of them', (t) => {
  const data = corpus<{ tests: { id: number; address: string; baseline: 'accept' | 'reject' | 'either' }[] }>(
    t,
    'email-isemail.json',
  )
  if (data === undefined) return
  const counts = { accept: 0, reject: 0, either: 0 }
  for (const { id, address, baseline } of data.tests) {
    counts[baseline] += 1
    const { success } = field.email.safeParse(address)
    if (baseline !== 'either') assert.equal(success, baseline === 'accept', `case ${id}: ${JSON.stringify(address)}`)
  }
  assert.ok(counts.accept > 10 && counts.reject > 200, JSON.stringify(counts))
})

/** Texts that the suite accepts, or leaves open, and we refuse, with the rule that does. */
const STRICTER: readonly (readonly [RegExp, string])[] = [
  [/duplicated_key/, 'duplicate-name'],
  [
    /surrogate|1st_valid|incomplete_surrogate|invalid_utf-8|invalid_codepoint|truncated-utf-8|utf-8|UTF-16|utf16|BOM|overlong|not_in_unicode|iso_latin|lone_|string_UTF/i,
    'encoding',
  ],
  [/huge_exp|neg_int_huge|pos_double_huge|real_neg_overflow|real_pos_overflow|too_big_(neg|pos)_int_exp/, 'syntax'],
  [/500_nested/, 'depth'],
]

test('the JSON parsing suite: reject is refused, accept is parsed or refused by a rule of ours that has a name', (t) => {
  type JsonText = { name: string; expect: 'accept' | 'reject' | 'either'; base64?: string; repeat?: [string, number] }
  const data = corpus<{ parsing: JsonText[]; transform: { name: string; base64: string }[] }>(t, 'json-parsing.json')
  if (data === undefined) return
  let accepted = 0
  for (const { name, expect, base64, repeat } of data.parsing) {
    const parsed = parseJson(
      repeat === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(repeat[0].repeat(repeat[1])),
    )
    if (expect === 'reject') assert.equal(parsed.ok, false, name)
    else if (parsed.ok) accepted += 1
    else
      assert.ok(
        STRICTER.some(([pattern, reason]) => pattern.test(name) && reason === parsed.reason),
        `${name} is refused: ${parsed.reason}`,
      )
  }
  assert.ok(accepted > 90, `only ${accepted} were accepted`)
  for (const { name, base64 } of data.transform) {
    const parsed = parseJson(Buffer.from(base64, 'base64'))
    if (/same_key/.test(name)) assert.deepEqual(parsed, { ok: false, reason: 'duplicate-name' }, name)
    else if (/invalid_codepoint/.test(name)) assert.deepEqual(parsed, { ok: false, reason: 'encoding' }, name)
    else assert.equal(parsed.ok, true, name)
  }
})

test('naughty strings through every text field: kept to the letter or refused, never a throw', (t) => {
  const data = corpus<{ strings: string[] }>(t, 'naughty-strings.json')
  if (data === undefined) return
  const fields = {
    email: field.email,
    username: field.username,
    password: field.password,
    id: field.id,
    slug: field.slug,
    url: field.url,
    text: field.text(10_000),
    line: field.line(10_000),
    money: field.money,
  }
  let kept = 0
  for (const text of data.strings) {
    for (const [name, schema] of Object.entries(fields)) {
      const result = schema.safeParse(text)
      if (!result.success) continue
      kept += 1
      assert.equal(result.data, name === 'password' ? text.normalize('NFC') : text, name)
    }
  }
  assert.ok(kept > 500)
})
