import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elapsedMs, growth, LINEAR } from '../../../portcullis/test/growth.ts'
import { isTame, OutOfTime, patternTime, within } from '../../src/document/patterns.ts'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'

const compile = (schema: unknown) => validator().compile(schemaCloser({}).close(schema))
const RUNAWAY = { type: 'string', pattern: '^([a-z0-9]+-?)+$' }
const EVIL = `${'a'.repeat(40)}!`

const TAME = [
  ...[
    '^a*$',
    '^[a-z0-9-]+$',
    '^[A-Z]{2}\\d{4}[a-z]?$',
    '^\\d{1,9}$',
    '^\\p{L}+$',
    '^\\u{61}+$',
    '[a-z]{64}',
    '^(?:[0-9a-f]{2}:){5}$',
    '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  ],
  ...[
    '^(?:GET|POST)$',
    'draft|sent',
    '^(?:abc)+$',
    '^(?<year>\\d{4})-\\d\\d$',
    '^[+*?|(){1,2}]+$',
    '^\\(\\+\\*?$',
    '^(?:19|20)\\d\\d-(?:0[1-9]|1[0-2])$',
  ],
]
const WILD = [
  ...[
    '^(a+)+$',
    '^a*a*$',
    '^a?a?$',
    '^a{1,9}a{1,9}$',
    '^a{0,}b{2,}$',
    '^a+?b+?$',
    '^(?:a{1,3}){5}$',
    '^((?:a?b)c){9}$',
  ],
  ...[
    '^(?:a|b)*$',
    '^(?:a|b){20}$',
    '^(?:(?:a|b)c)+$',
    '^(a)\\1$',
    '^(?<n>a)\\k<n>$',
    '^(?=a)b',
    '^(?!a)b',
    'b(?<=a)',
    'b(?<!a)',
  ],
  // Tried anew at each place of the text.
  ...['a+b', '^a|b+$', '(?:^a)+b', '^a{129}b*$', '(?:[a-z]{100}){100}', '(?:(?:a{8}b){8}){8}'],
  '^(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)$',
]

test('at most one choice of how often is run without a clock, and none inside what is repeated', () => {
  for (const source of TAME) assert.ok(isTame(source), source)
  for (const source of WILD) assert.ok(!isTame(source), source)
  for (const source of [...TAME, ...WILD]) assert.doesNotThrow(() => new RegExp(source, 'u'), source)
})

test('a tame pattern takes a long text in no time', () => {
  for (const source of TAME)
    for (const unit of ['a', '1', 'aA', '0:', '\u00e9']) {
      const pattern = new RegExp(source, 'u')
      const times = growth((length) => void pattern.test(`${unit.repeat(length)}!`), 4_000)
      assert.ok(times < LINEAR, `${times} times as long: ${source} ${unit}`)
    }
})

const SILENT: readonly (readonly [what: string, schema: object, value: unknown])[] = [
  ['not', { not: RUNAWAY }, EVIL],
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
  ['if', { if: RUNAWAY, then: { maxLength: 1 } }, EVIL],
  ['oneOf', { oneOf: [RUNAWAY, { type: 'string', maxLength: 99 }] }, EVIL],
  ['anyOf', { anyOf: [RUNAWAY, { type: 'string', maxLength: 99 }] }, EVIL],
  ['contains', { type: 'array', contains: RUNAWAY, minContains: 0, maxContains: 0 }, [EVIL]],
  ['patternProperties', { patternProperties: { '^([a-z0-9]+-?)+$': false } }, { [EVIL]: 1 }],
  ['propertyNames', { propertyNames: { not: RUNAWAY } }, { [EVIL]: 1 }],
]
for (const [what, schema, value] of SILENT)
  test(`a pattern that runs away under ${what} has neither matched nor not: nothing passes`, () => {
    assert.throws(() => compile(schema)(value), OutOfTime)
  })

test('all values of a call have 50 ms together, and the next call has its own', () => {
  const check = compile({ type: 'array', items: { anyOf: [RUNAWAY, { type: 'string', maxLength: 60 }] } })
  const took = elapsedMs(() => assert.throws(() => check(Array(1_500).fill(EVIL)), OutOfTime))
  assert.ok(took < 1_000, `${took} ms`)
  assert.deepEqual(check(['a-b', 'c']), [])
})

test('what is checked one after the other in a call shares its time', () => {
  const check = compile(RUNAWAY)
  const time = patternTime()
  const took = elapsedMs(() => {
    for (let times = 0; times < 100; times += 1) assert.throws(() => within(time, () => check(EVIL)), OutOfTime)
  })
  assert.ok(took < 1_000, `${took} ms`)
  // And it is over, whatever is asked then: a value that passes would have been chosen by the one that did not.
  assert.throws(() => within(time, () => check('a')), OutOfTime)
  assert.deepEqual(check('a'), [])
})

test('a long list of things that must differ is compared under the clock', () => {
  const items = { type: 'object', properties: { id: { type: 'number' } } }
  const check = compile({ type: 'array', uniqueItems: true, maxItems: 60_000, items })
  assert.deepEqual(check([{ id: 1 }, { id: 2 }]), [])
  const many = Array.from({ length: 20_000 }, (_, id) => ({ id }))
  assert.ok(elapsedMs(() => assert.throws(() => check(many), OutOfTime)) < 1_000)
})
