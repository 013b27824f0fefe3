import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryCounter, parseQuota } from '../../src/layers/limits/index.ts'

const credentials = { name: 'credentials', quota: parseQuota('10/minute') }

test('a clock that is set back, or shows nonsense, gives nobody a second quota and breaks nothing', () => {
  for (const wrong of [999_999, 940_000, 900_000, 0, -1, -1e15, Number.NaN, Number.NEGATIVE_INFINITY]) {
    let now = 1_000_000
    const counter = memoryCounter({ clock: () => now })
    for (let count = 0; count < 10; count += 1) assert.ok(counter.take(credentials, 'a').allowed)
    now = wrong
    const refused = counter.take(credentials, 'a')
    assert.equal(refused.allowed, false, String(wrong))
    assert.ok(refused.retryAfterMs > 0 && refused.retryAfterMs <= 65_000, String(refused.retryAfterMs))
    assert.ok(counter.take(credentials, 'b').allowed)
    // A second is a second again once the clock has caught up.
    now = 1_000_000 + 59_999
    assert.equal(counter.take(credentials, 'a').allowed, false)
    now = 1_000_000 + 65_000
    assert.ok(counter.take(credentials, 'a').allowed)
  }
})

test('a clock that goes to and fro gives no more than one that stands still at its latest', () => {
  let now = 1_000_000
  const counter = memoryCounter({ clock: () => now })
  let admitted = 0
  for (let step = 0; step < 10_000; step += 1) {
    now = 1_000_000 + (step % 2 === 0 ? 0 : 59_000)
    if (counter.take(credentials, 'a').allowed) admitted += 1
  }
  assert.equal(admitted, 10)
})
