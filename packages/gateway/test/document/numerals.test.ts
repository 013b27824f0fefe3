import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Part } from '../../src/document/pointers.ts'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'

const judge = (schema: Part): ((value: unknown) => boolean) => {
  const check = validator().compile(schemaCloser({ components: { schemas: { Age: age } } }).close(schema))
  return (value) => check(value).length === 0
}

const digits = '^-?(?:0|[1-9]\\d*)$'
const decimals = '^-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?$'

const age = { type: ['integer', 'string'], pattern: digits, format: 'int32', minimum: 1, maximum: 150 }

test('in JSON too a text of digits that .NET reads as a number is within the bounds of that number', () => {
  for (const schema of [
    age,
    { ...age, type: ['null', 'integer', 'string'] },
    // As it is written in a document of 3.0, which has no lists of types.
    { pattern: digits, format: 'int32', minimum: 1, maximum: 150 },
    { pattern: digits, format: 'int32', minimum: 0, exclusiveMinimum: true, maximum: 150 },
    { $ref: '#/components/schemas/Age' },
    { allOf: [{ $ref: '#/components/schemas/Age' }, { description: 'of a person' }] },
  ]) {
    const passes = judge(schema)
    for (const value of [1, 150, '1', '150']) assert.ok(passes(value), `${JSON.stringify(schema)} ${value}`)
    for (const value of [0, 151, '0', '151', '-1', '99999999999999999999', 'a', '1e3'])
      assert.ok(!passes(value), `${JSON.stringify(schema)} ${value}`)
  }
})

test('its bounds may be said in another part than its digits', () => {
  const digital = { type: ['integer', 'string'], pattern: digits }
  for (const schema of [
    { allOf: [digital, { minimum: 1, maximum: 150 }] },
    { allOf: [digital, { minimum: 1 }], maximum: 150 },
    { $ref: '#/components/schemas/Age', maximum: 150 },
    { allOf: [digital, { minimum: 0, exclusiveMinimum: true }, { maximum: 150 }] },
    { anyOf: [digital, { type: 'null' }], minimum: 1, maximum: 150 },
    { anyOf: [{ ...digital, minimum: 1, maximum: 150 }], allOf: [{ description: 'of a person' }] },
  ]) {
    const passes = judge(schema)
    for (const value of [1, 150, '1', '150']) assert.ok(passes(value), `${JSON.stringify(schema)} ${value}`)
    for (const value of [0, 151, '0', '151']) assert.ok(!passes(value), `${JSON.stringify(schema)} ${value}`)
  }
})

test('so is one with decimals and an exponent, and a multiple is one', () => {
  const price = judge({ type: ['number', 'string'], pattern: decimals, maximum: 99.99, multipleOf: 0.01 })
  for (const value of [0.07, '19.99', '1e1', '0']) assert.ok(price(value), String(value))
  for (const value of ['100', '1e9', '1E+9', '0.001']) assert.ok(!price(value), value)
})

test('of another text its bounds say nothing, nor of one that may be anything', () => {
  assert.ok(judge({ type: ['integer', 'string'], pattern: '^auto$|^\\d+$', maximum: 5 })('auto'))
  assert.ok(judge({ type: ['integer', 'string'], maximum: 5 })('2026'))
  assert.ok(judge({ type: 'string', pattern: digits, maximum: 5 })('2026'))
})

test('in what may not be, nothing more is let through by it', () => {
  const small = { type: ['integer', 'string'], pattern: digits, maximum: 5 }
  assert.ok(!judge({ not: small })('2026'))
})
