import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Part } from '../../src/document/pointers.ts'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'

const text = { type: 'string', maxLength: 9 }
const fixed = { ...text, readOnly: true }
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more })
const open = { additionalProperties: true }
const schemas = {
  A: object({ a: text, role: fixed }),
  Loop: { anyOf: [object({ next: ref('Loop') }), ref('A'), { type: 'object' }] },
  Described: object({ role: text }),
  Asks: object({ role: text, a: text }, { required: ['role', 'a'] }),
  AsksMore: { allOf: [ref('Asks')], required: ['role'] },
}
const judge = (schema: unknown): ((value: unknown) => boolean) => {
  const check = validator().compile(schemaCloser({ components: { schemas } } as Part).close(schema))
  return (value) => check(value).length === 0
}

/** Each has a `role` that one alternative calls read-only, and none describes as one to send; `{ b: 'x' }` is honest. */
const NEVER: Readonly<Record<string, unknown>> = {
  'beside the alternatives': object({ b: text }, { anyOf: [object({ role: fixed }), object({ c: text })], ...open }),
  'beside a map': { anyOf: [ref('A'), { type: 'object' }] },
  'of one of': { oneOf: [object({ role: fixed, a: text }, { required: ['a'] }), { type: 'object', maxProperties: 1 }] },
  'in a part': { allOf: [{ anyOf: [ref('A'), object({ b: text })] }, { type: 'object', ...open }] },
  'alternatives in alternatives': {
    anyOf: [{ anyOf: [{ allOf: [ref('A')] }, object({ b: text })] }, { type: 'object' }],
  },
  'that come back to themselves': ref('Loop'),
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
  'in a condition': object({ b: text }, { if: { required: ['c'] }, then: object({ role: fixed }), ...open }),
  'of another key': object({ b: text }, { dependentSchemas: { c: object({ role: fixed }) }, ...open }),
  'required in answers': object({ b: text }, { anyOf: [ref('A'), object({ c: text })], required: ['role'], ...open }),
}
for (const [what, schema] of Object.entries(NEVER))
  test(`what one alternative calls read-only is sent by no other: ${what}`, () => {
    for (const [where, at] of [
      [schema, (value: unknown) => value],
      [{ type: 'array', maxItems: 2, items: schema }, (value: unknown) => [value]],
      [object({ o: schema }), (value: unknown) => ({ o: value })],
    ] as const) {
      const passes = judge(where)
      assert.ok(!passes(at({ role: 'admin' })))
      assert.ok(!passes(at({ b: 'x', role: 'admin' })))
      assert.ok(passes(at({ b: 'x' })), JSON.stringify(where))
    }
  })

test('what another alternative describes as one to send is sent by that one', () => {
  for (const schema of [
    { anyOf: [ref('A'), ref('Described')] },
    { allOf: [{ anyOf: [object({ a: text, role: fixed }), object({ b: text })] }, ref('Described')] },
  ]) {
    const passes = judge(schema)
    assert.ok(passes({ role: 'x' }), JSON.stringify(schema))
    assert.ok(!passes({ a: 'x', role: 'x' }), JSON.stringify(schema))
  }
})

test('what a value may not be, or is asked for, is judged as it is written', () => {
  const passes = judge(object({ a: text }, { not: { required: ['role'], properties: { role: fixed } }, ...open }))
  assert.ok(passes({ a: 'x' }))
  assert.ok(!passes({ a: 'x', role: 'y' }))
  // Closed, bounded or without what is read-only, the one within would be met by less, and more would pass.
  const closed = judge(
    object({ o: {} }, { not: object({ o: object({ evil: text }, { required: ['evil'] }) }, { required: ['o'] }) }),
  )
  assert.ok(!closed({ o: { evil: 'x', more: 1 } }))
  assert.ok(closed({ o: { more: 1 } }))
  const bounded = judge({ type: 'string', not: { pattern: '^<' } })
  assert.ok(!bounded(`<${'a'.repeat(2_000)}`))
  assert.ok(bounded('a'.repeat(2_000)))
  const referred = judge({ type: 'object', not: ref('A'), ...open })
  assert.ok(!referred({ role: 'x', more: 1 }))
  assert.ok(referred({ role: 1 }))
  const asked = judge(
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
    object({ kind: text, n: {} }, { if: object({ n: object({ x: text }) }), then: { required: ['kind'] } }),
  )
  assert.ok(!asked({ n: { y: 1 } }))
  const exclusive = judge({
    type: 'number',
    not: { minimum: 5, exclusiveMinimum: true, nullable: true, type: 'number' },
  })
  assert.ok(exclusive(5))
  assert.ok(!exclusive(6))
})

test('what one part calls read-only, no other part asks for, behind a reference neither: it is required in answers alone', () => {
  for (const schema of [
    { allOf: [ref('Asks'), object({ role: fixed })] },
    { allOf: [ref('AsksMore'), object({ role: fixed })] },
    { ...ref('AsksMore'), properties: { role: fixed } },
  ]) {
    const passes = judge(schema)
    assert.ok(passes({ a: 'x' }), JSON.stringify(schema))
    for (const value of [{}, { role: 'x', a: 'x' }, { a: 'x', b: 'x' }])
      assert.ok(!passes(value), JSON.stringify([schema, value]))
  }
  // Elsewhere it is asked for.
  const both = judge(object({ one: { allOf: [ref('AsksMore'), object({ role: fixed })] }, other: ref('AsksMore') }))
  assert.ok(both({ one: { a: 'x' }, other: { a: 'x', role: 'x' } }))
  assert.ok(!both({ other: { a: 'x' } }))
})
