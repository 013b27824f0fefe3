import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OutOfTime, patternTime, within } from '../../src/document/patterns.ts'
import type { Part } from '../../src/document/pointers.ts'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const text = { type: 'string', maxLength: 9 }
const TYPES = Array.from({ length: 40 }, (_, at) => `Type${at}`)
const schemas = {
  Any: { anyOf: TYPES.map(ref) },
  Some: { oneOf: TYPES.slice(0, 10).map(ref) },
  Pair: { anyOf: [ref('Type0'), ref('Type1'), { type: 'null' }] },
  Optional: { anyOf: [ref('Type0'), { type: 'null' }] },
  Last: { type: 'object', properties: { z: text } },
  ...Object.fromEntries(
    TYPES.map((name) => [name, { type: 'object', required: [name], properties: { [name]: text, more: text } }]),
  ),
}
const compile = (schema: unknown) =>
  validator().compile(schemaCloser({ components: { schemas } } as Part).close(schema))

/** Whether a check runs under the clock: then it doesn't, when no time is left. */
const isTimed = (schema: unknown): boolean => {
  try {
    within({ leftMs: 0 }, () => compile(schema)({}))
    return false
  } catch (error) {
    assert.ok(error instanceof OutOfTime)
    return true
  }
}

/** The process's own time: that of a busy machine says nothing. */
const cpuClock = (): (() => number) => {
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  }
}

const list = (items: unknown, more: object = {}) => ({ type: 'array', items, ...more })
const object = (properties: object) => ({ type: 'object', properties })

test('a union below what is repeated is judged under the clock when its branches times its items are many', () => {
  for (const schema of [
    ...[list(ref('Any')), list(ref('Some')), list(list(ref('Some'))), list(object({ a: ref('Some') }))],
    ...[object({ a: list(ref('Some')) }), list(ref('Some'), { maxItems: 30_000 })],
    // Two of them, and each of the first looks at all of the second.
    list({ anyOf: [object({ a: ref('Pair'), b: text }), object({ a: ref('Pair') })] }),
    // The alternatives around the list: each looks at all items.
    { anyOf: TYPES.map(() => list(ref('Type0'))) },
    { type: 'object', additionalProperties: ref('Some') },
    { type: 'object', patternProperties: { '^a': ref('Some') } },
    { type: 'object', propertyNames: { anyOf: TYPES.map((name) => ({ const: name })) } },
    { type: 'array', contains: ref('Some') },
  ])
    assert.ok(isTimed(schema), JSON.stringify(schema))
  for (const schema of [
    ...[ref('Any'), list(ref('Any'), { maxItems: 100 }), list(ref('Type0')), list(ref('Optional'))],
    ...[list(list(ref('Pair'))), list(object({ a: ref('Pair'), b: ref('Optional'), c: list(ref('Optional')) }))],
    // Names of properties are no keywords.
    object({ items: ref('Some'), contains: ref('Some'), maxItems: text }),
    object({ items: list(ref('Any'), { maxItems: 9 }) }),
  ])
    assert.ok(!isTimed(schema), JSON.stringify(schema))
})

test('a list whose items pass by the last of many branches takes no more than the time of its call', () => {
  const check = compile(list({ anyOf: [...TYPES, ...TYPES, ...TYPES, 'Last'].map(ref) }))
  const evil = Array<object>(21_000).fill({})
  const time = patternTime()
  const cpuMs = cpuClock()
  for (let times = 0; times < 10; times += 1) assert.throws(() => within(time, () => check(evil)), OutOfTime)
  // Without the clock a third of a second each, and the first more than one.
  assert.ok(cpuMs() < 1_500, `${cpuMs()} ms`)
})

test('the first honest list of a union is judged within the time of its call: its types were called at the start', () => {
  const check = compile(list(ref('Any')))
  const honest = Array.from({ length: 40 }, (_, at) => ({ [`Type${at}`]: 'a', more: 'b' }))
  const cpuMs = cpuClock()
  assert.deepEqual(
    within({ leftMs: 60_000 }, () => check(honest)),
    [],
  )
  const took = cpuMs()
  assert.ok(took < 100, `${took} ms`)
  assert.equal(within({ leftMs: 60_000 }, () => check([{ Type3: 'a', none: 'b' }])).length > 0, true)
})
