import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exceptions } from './exceptions.ts'
import { judged, lookedAt, ten, titleOf } from './matrix.ts'
import { stacks, unable } from './stacks.ts'

test('five stacks, and two variants of each for each of the ten items', () => {
  assert.deepEqual(stacks.map(({ name }) => name).sort(), ['express', 'fastapi', 'fastify', 'hono', 'nest'])
  for (const { name, variants } of stacks) {
    const expected = ten.flatMap((id) => [`${id} obvious`, `${id} overlooked`])
    assert.deepEqual(variants.map(({ item, kind }) => `${item} ${kind}`).sort(), expected.sort(), name)
  }
})

test('each exception is one of some row', () => {
  for (const { side, rows, holds } of exceptions) {
    const found = stacks.some((stack) => lookedAt(side, stack).some((variant) => holds(stack.name, variant)))
    assert.ok(found, rows)
  }
})

for (const stack of stacks) {
  describe(`${stack.name}, from source`, () => {
    for (const variant of lookedAt('source', stack)) {
      test(titleOf(variant), async () => {
        const { wrong } = await judged('source', stack, variant)
        assert.equal(wrong.join('\n'), '')
      })
    }
  })
}

// Two apps at once: each has 20 s of probes at the most, and hashes passwords.
describe('from outside', { concurrency: 2 }, () => {
  for (const stack of stacks) {
    const skip = unable(stack)
    if (skip !== false) process.stderr.write(`${skip}\n`)
    for (const variant of lookedAt('live', stack)) {
      test(`${stack.name}: ${titleOf(variant)}`, { skip }, async () => {
        const { wrong } = await judged('live', stack, variant)
        assert.equal(wrong.join('\n'), '')
      })
    }
  }
})
