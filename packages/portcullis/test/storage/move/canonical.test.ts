import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainDecimal, plainInstant, plainJson, plainTimestamp } from '../../../src/storage/move/canonical.ts'

const spellings = (plain: (text: string) => string, cases: Readonly<Record<string, readonly string[]>>): void => {
  for (const [wanted, given] of Object.entries(cases))
    for (const text of [wanted, ...given]) assert.equal(plain(text), wanted, text)
}

test('a decimal has one spelling, whatever its digits', () => {
  spellings(plainDecimal, {
    '0': ['0.0', '-0', '.0', '0e5', '+0', '00'],
    '150': ['1.50e2', '150.00', '+150', '0150', '15e1'],
    '-0.0015': ['-1.5e-3', '-.0015', '-0.00150'],
    '12345678901234567890.123456789': ['12345678901234567890.1234567890'],
    '1000000000000000000000': ['1e+21', '1E21'],
    '0.0000001': ['1e-7'],
  })
  for (const text of ['NaN', 'Infinity', '', '.', 'e5', '1,5', '0x10', '1e99999'])
    assert.equal(plainDecimal(text), text)
})

test('JSON has one spelling, and keeps every digit', () => {
  spellings(plainJson, {
    '{"a":1,"b":[true,null,"x"]}': ['{ "b": [true, null, "x"], "a": 1 }', '{"b":[true,null,"x"],"a":1.0}'],
    '12345678901234567890.5': ['12345678901234567890.50'],
    '"é\\n"': ['"\\u00e9\\n"'],
    '{"__proto__":{"x":1}}': ['{"__proto__": {"x": 1}}'],
    '{}': ['{ }'],
  })
  assert.notEqual(plainJson('9007199254740993'), plainJson('9007199254740992'))
  for (const text of ['', '{', '{a:1}', 'undefined']) assert.throws(() => plainJson(text), SyntaxError)
})

test('a moment has one spelling; what is none stays as it is', () => {
  spellings(plainInstant, {
    '2027-01-15 08:00:00+00:00': [
      '2027-01-15T08:00:00Z',
      '2027-01-15 08:00',
      '2027-01-15 10:00:00+02',
      '2027-01-15 03:30:00.000-0430',
    ],
    '2027-01-15 08:00:00.123456+00:00': ['2027-01-15T08:00:00.1234560Z', '2027-01-15 09:00:00.123456+01:00'],
    '2026-12-31 23:30:00+00:00': ['2027-01-01 00:30:00+01'],
  })
  spellings(plainTimestamp, { '2027-01-15 08:00:00.5': ['2027-01-15T08:00:00.50Z', '2027-01-15 08:00:00.5+00'] })
  for (const text of ['infinity', '2027-13-01 00:00:00', 'yesterday', '', '1800000000000'])
    assert.equal(plainInstant(text), text)
  for (const text of ['infinity', '2027-01-15 08:00:00+02', '2027-01-15']) assert.equal(plainTimestamp(text), text)
})
