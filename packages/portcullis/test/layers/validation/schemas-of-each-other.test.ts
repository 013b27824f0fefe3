import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { asynchronousFault, lenientMembers, noSchemaFault } from '../../../src/layers/validation/index.ts'

/** Inputs of so many tables, each of which refers to all, as a generator writes them; by getters, or by `z.lazy`. */
const inputs = (count: number, lazy: boolean, member: z.ZodType): z.ZodType => {
  const all: z.ZodType[] = Array.from({ length: count }, () => {
    const shape: Record<string, z.ZodType> = { at: member }
    for (let other = 0; other < count; other += 1) {
      const get = () => (all[other] as z.ZodType).optional()
      if (lazy) shape[`to${other}`] = z.lazy(get)
      else Object.defineProperty(shape, `to${other}`, { enumerable: true, get })
    }
    return z.strictObject(shape)
  })
  return all[0] as z.ZodType
}

for (const lazy of [false, true])
  test(`twenty schemas that all refer to each other ${lazy ? 'lazily' : 'by getters'} are looked through at once`, () => {
    const before = performance.now()
    const good = inputs(20, lazy, z.iso.date())
    assert.equal(noSchemaFault(good), undefined)
    assert.equal(asynchronousFault(good), undefined)
    assert.deepEqual(lenientMembers(good, 'body'), [])
    const coerced = lenientMembers(inputs(20, lazy, z.coerce.date()), 'body')
    assert.equal(coerced[0]?.where, 'body/at')
    // Each of them has one, and is named at least where it is found first.
    assert.ok(coerced.length >= 20 && coerced.length < 1_000, `${coerced.length} findings`)
    assert.ok(performance.now() - before < 2_000, `${performance.now() - before} ms`)
  })

test('what is wrong is found in the last of them too', () => {
  const late = z.string().refine(async () => true)
  const members: z.ZodType[] = []
  const one = z.strictObject({
    get other() {
      return other.optional()
    },
  })
  const other: z.ZodType = z.strictObject({
    get one() {
      return one.optional()
    },
    get late() {
      return members[0] as z.ZodType
    },
  })
  members.push(late)
  assert.match(asynchronousFault(one) ?? '', /answers a promise/)
  assert.match(
    noSchemaFault(z.strictObject({ a: z.strictObject({}), b: z.strictObject({ c: z.string as never }) })) ?? '',
    /^has a function at \/b\/c, not a schema/,
  )
})

test('a schema that stands in two places, and not within itself, is named in both', () => {
  const item = z.strictObject({ n: z.coerce.number() })
  assert.deepEqual(
    lenientMembers(z.strictObject({ x: item, y: z.array(item) }), 'body').map(({ where }) => where),
    ['body/x/n', 'body/y/*/n'],
  )
})
