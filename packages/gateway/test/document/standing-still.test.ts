import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTime, OutOfTime } from '../../src/document/patterns.ts'

/** A check that stands still the first `times` times. */
const standing = (times: number) => {
  let calls = 0
  const check = inTime(() => {
    calls += 1
    if (calls <= times) for (;;);
    return true
  }, true)
  return { check, calls: () => calls }
}

test('a value is judged once more where the machine stood still, and not the check', (t) => {
  t.mock.method(process, 'threadCpuUsage', () => ({ user: 1_000, system: 1_000 }))
  const once = standing(1)
  assert.equal(once.check('a'), true)
  assert.equal(once.calls(), 2)
  const ever = standing(3)
  assert.throws(() => ever.check('a'), OutOfTime)
  assert.equal(ever.calls(), 2)
})

test('one whose check took the time itself is not', (t) => {
  t.mock.method(process, 'threadCpuUsage', () => ({ user: 30_000, system: 1_000 }))
  const { check, calls } = standing(1)
  assert.throws(() => check('a'), OutOfTime)
  assert.equal(calls(), 1)
})
