import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { bearerToken } from '../../src/layers/sessions/index.ts'

suite('the Authorization field', () => {
  const malformed: readonly unknown[] = [
    '',
    ' ',
    'Bearer',
    'Bearer ',
    'Bearer  abc',
    'Bearer\tabc',
    'Bearer\u00a0abc',
    'Bearer\nabc',
    ' Bearer abc',
    'Bearer abc ',
    'Bearer abc\t',
    'Bearer abc\n',
    'Bearer abc\r\n',
    'Bearer abc\0',
    'Bearer abc def',
    'Bearer abc,def',
    'Bearer abc, Bearer def',
    'Bearer abc;x',
    'Bearer "abc"',
    "Bearer 'abc'",
    'Bearer <abc>',
    'Bearer token=abc',
    'Bearer =abc',
    'Bearer ab=c',
    'Bearer =',
    'Bearer a%20b',
    'Bearer äbc',
    'Bearer\u200b abc',
    'Bearer: abc',
    'Bearer:abc',
    'Bearerabc',
    'Bear abc',
    'Bearers abc',
    'Basic YTpi',
    'Digest abc',
    'DPoP abc',
    'Token abc',
    'JWT abc',
    'abc',
    'Basic YTpi, Bearer abc',
    null,
    5,
    ['Bearer abc'],
    { toString: () => 'Bearer abc' },
  ]
  for (const [row, value] of malformed.entries())
    test(`malformed ${row + 1}: ${JSON.stringify(value)}`, () => {
      assert.equal(bearerToken(value as string), null)
    })

  test('no field is no credential', () => {
    assert.equal(bearerToken(undefined), undefined)
  })

  const wellFormed: readonly (readonly [string, string])[] = [
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER abc', 'abc'],
    ['bEaReR abc', 'abc'],
    ['Bearer a.b-c_d~e+f/g', 'a.b-c_d~e+f/g'],
    ['Bearer abc==', 'abc=='],
    ['Bearer Bearer', 'Bearer'],
  ]
  for (const [value, token] of wellFormed)
    test(`well formed: ${value}`, () => {
      assert.equal(bearerToken(value), token)
    })

  test('a long field costs no more than its length', () => {
    assert.equal(bearerToken(`Bearer ${'a='.repeat(500_000)}`), null)
    assert.equal(bearerToken(`Bearer ${'='.repeat(1_000_000)}!`), null)
  })
})
