import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elapsedMs, growth, LINEAR } from '../../../portcullis/test/growth.ts'
import { OutOfTime, patternTime, within } from '../../src/document/patterns.ts'
import type { Part } from '../../src/document/pointers.ts'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'

const compile = (schema: unknown, schemas: object = {}) =>
  validator().compile(schemaCloser({ components: { schemas } } as Part).close(schema))

/** Whether a check runs under the clock: then it doesn't, when no time is left. */
const isTimed = (check: (value: unknown) => unknown, value: unknown): boolean => {
  try {
    within({ leftMs: 0 }, () => check(value))
    return false
  } catch (error) {
    assert.ok(error instanceof OutOfTime)
    return true
  }
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const unique = (items?: unknown) => ({ type: 'array', uniqueItems: true, ...(items === undefined ? {} : { items }) })

test('items that must differ are compared under the clock unless they are plain values, at the bound of 1,000 too', () => {
  const schemas = { Tag: { type: 'object', properties: { name: { type: 'string' } } }, Name: { type: 'string' } }
  for (const items of [
    ...[undefined, true, {}, { type: 'object' }, { type: ['string', 'object'] }, { type: 'array', items: {} }],
    ...[ref('Tag'), ref('Name'), { anyOf: [{ type: 'string' }, { type: 'object' }] }, { enum: ['a', { b: 1 }] }],
  ]) {
    assert.ok(isTimed(compile(unique(items), schemas), []), JSON.stringify(items))
    const inside = { type: 'object', properties: { list: unique(items) } }
    assert.ok(isTimed(compile(inside, schemas), {}), JSON.stringify(items))
    assert.ok(isTimed(compile(ref('In'), { ...schemas, In: inside }), {}), JSON.stringify(items))
  }
  for (const type of ['string', 'integer', 'number', 'boolean', ['string', 'null']])
    assert.ok(!isTimed(compile(unique({ type })), []), String(type))
})

test('a list of objects that must differ takes no more than the time of its call', () => {
  const check = compile(unique({ type: 'object', additionalProperties: { type: 'array' } }))
  const many = Array.from({ length: 1_000 }, (_, at) => ({ a: [at, ...Array(200).fill([1])] }))
  const time = patternTime()
  const took = elapsedMs(() => {
    for (let times = 0; times < 20; times += 1) assert.throws(() => within(time, () => check(many)), OutOfTime)
  })
  // What differs stands first, where it is compared last. Without the clock it is half a second each, and more.
  assert.ok(took < 1_000, `${took} ms`)
  assert.deepEqual(check([{ a: [1] }, { a: [2] }]), [])
  assert.equal(check([{ a: [1] }, { a: [1] }]).length, 1)
})

test('a url is judged under the clock, whatever its length: its pattern takes the square of it', () => {
  const evil = (length: number) => `http://a${':'.repeat(length - 9)}@`
  for (const [most, times] of [
    [65_536, 1],
    [1_024, 64],
    [256, 256],
  ] as const) {
    const items = { type: 'string', format: 'url', maxLength: most }
    const check = compile({ type: 'array', items })
    assert.ok(isTimed(check, []))
    const values = Array(times).fill(evil(most))
    const took = elapsedMs(() => {
      try {
        assert.ok(check(values).length > 0)
      } catch (error) {
        assert.ok(error instanceof OutOfTime)
      }
    })
    // At its longest it was ten seconds.
    assert.ok(took < 1_000, `${took} ms`)
    assert.deepEqual(check(['https://example.com/a?b=c']), [])
    assert.equal(check(['example']).length, 1)
  }
})

test('other formats take one look at each character, whatever is sent', () => {
  const formats = [
    'uri',
    'uri-reference',
    'uri-template',
    'email',
    'hostname',
    'date-time',
    'duration',
    'ipv6',
    'json-pointer',
  ]
  const units = ['a', '1', ':', '.', '-', '/', '%20', '{a}', '~0', '(a', 'a@', '@', '?', 'T', '::']
  for (const format of formats) {
    const check = compile({ type: 'string', format, maxLength: 65_536 })
    for (const unit of units)
      for (const before of ['', 'http://a', 'P', '/']) {
        const judge = (length: number) => void check(`${before}${unit.repeat(length / unit.length)}!`)
        const times = growth(judge, 7_500)
        assert.ok(times < LINEAR, `${times} times as long: ${format} ${before}${unit}`)
      }
  }
})

test('a list whose items may be one of thousands of values is judged under the clock, one of a few hundred is not', () => {
  const values = (count: number) => ({ type: 'integer', enum: Array.from({ length: count }, (_, at) => at) })
  const list = (items: object, more: object = {}) => ({ type: 'array', items, ...more })
  for (const schema of [list(values(1_000)), list(ref('Code')), { type: 'object', additionalProperties: ref('Code') }])
    assert.ok(
      isTimed(compile(schema, { Code: values(5_000) }), []) || isTimed(compile(schema, { Code: values(5_000) }), {}),
    )
  for (const schema of [values(5_000), list(values(150)), list(values(5_000), { maxItems: 100 })])
    assert.ok(!isTimed(compile(schema), []), JSON.stringify(schema).slice(0, 60))
  const check = compile(list(values(10_000)))
  const time = patternTime()
  const before = process.cpuUsage()
  // Without the clock half a second each.
  for (let times = 0; times < 10; times += 1)
    assert.throws(() => within(time, () => check(Array(13_000).fill(9_999))), OutOfTime)
  const { user, system } = process.cpuUsage(before)
  assert.ok((user + system) / 1_000 < 1_000)
})
