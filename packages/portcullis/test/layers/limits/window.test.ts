import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Policy } from '../../../src/layers/limits/index.ts'
import { memoryCounter } from '../../../src/layers/limits/index.ts'

const policy = (limit: number, windowMs: number): Policy => ({ name: 'test', quota: { limit, windowMs } })

/** A quota, a start, and the time between requests as parts of a window: often none, sometimes longer than the window. */
const arrivals = fc.record({
  limit: fc.integer({ min: 1, max: 40 }),
  windowMs: fc.constantFrom(1_000, 1_001, 7_000, 59_999, 60_000, 86_400_000),
  start: fc.integer({ min: 0, max: 2_000_000_000_000 }),
  steps: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 3, arbitrary: fc.double({ min: 0, max: 0.15, noNaN: true }) },
      { weight: 1, arbitrary: fc.constantFrom(1 / 12, 11 / 12, 1, 13 / 12, 3) },
      { weight: 1, arbitrary: fc.double({ min: 0, max: 1.2, noNaN: true }) },
    ),
    { minLength: 1, maxLength: 200 },
  ),
})

test('in no window more than the quota is admitted, whatever the arrivals and however the clock is set back', () => {
  fc.assert(
    fc.property(arrivals, fc.array(fc.boolean(), { maxLength: 20 }), ({ limit, windowMs, start, steps }, backwards) => {
      let now = start
      let latest = 0
      const counter = memoryCounter({ clock: () => now })
      const admitted: number[] = []
      for (const [index, step] of steps.entries()) {
        const back = backwards[index % (backwards.length || 1)] === true && index % 3 === 0
        now = Math.max(0, now + (back ? -1 : 1) * Math.floor(step * windowMs))
        latest = Math.max(latest, now)
        if (counter.take(policy(limit, windowMs), 'a').allowed) admitted.push(latest)
      }
      for (let last = limit; last < admitted.length; last += 1) {
        const between = (admitted[last] ?? 0) - (admitted[last - limit] ?? 0)
        assert.ok(between >= windowMs, `${limit + 1} requests of ${limit} in ${between} of ${windowMs} ms`)
      }
    }),
    { numRuns: 1_000 },
  )
})

/** The generic cell rate algorithm with a burst of the whole quota (ITU-T I.371), in whole numbers: time times the limit. */
const gcra = (limit: number, windowMs: number) => {
  let arrival = 0
  return (now: number): boolean => {
    const next = Math.max(arrival, now * limit) + windowMs
    if (next > (now + windowMs) * limit) return false
    arrival = next
    return true
  }
}

test('whatever is admitted, a GCRA of the same rate and burst admits', () => {
  fc.assert(
    fc.property(arrivals, ({ limit, windowMs, start, steps }) => {
      let now = start
      const counter = memoryCounter({ clock: () => now })
      const reference = gcra(limit, windowMs)
      for (const step of steps) {
        now += Math.floor(step * windowMs)
        if (counter.take(policy(limit, windowMs), 'a').allowed) assert.ok(reference(now))
      }
    }),
    { numRuns: 1_000 },
  )
})

test('a burst of the whole quota is admitted, and comes back after a window, a twelfth later at most', () => {
  fc.assert(
    fc.property(arrivals, ({ limit, windowMs, start }) => {
      let now = start
      const counter = memoryCounter({ clock: () => now })
      const burst = (): number => {
        let admitted = 0
        while (counter.take(policy(limit, windowMs), 'a').allowed) admitted += 1
        return admitted
      }
      assert.equal(burst(), limit)
      now = start + windowMs - 1
      assert.equal(burst(), 0)
      // 12 ms: a twelfth is rounded up to a whole millisecond, thirteen times.
      now = start + Math.ceil((windowMs * 13) / 12) + 12
      assert.equal(burst(), limit)
    }),
  )
})

test('a refused client that waits as long as it was told is admitted, and none the earlier', () => {
  fc.assert(
    fc.property(arrivals, ({ limit, windowMs, start, steps }) => {
      let now = start
      const counter = memoryCounter({ clock: () => now })
      for (const step of steps) {
        now += Math.floor(step * windowMs)
        const { allowed, retryAfterMs, resetMs } = counter.take(policy(limit, windowMs), 'a')
        assert.equal(retryAfterMs, allowed ? 0 : resetMs)
        if (allowed) continue
        assert.ok(retryAfterMs > 0 && retryAfterMs <= 13 * Math.ceil(windowMs / 12))
        now += retryAfterMs - 1
        assert.equal(counter.take(policy(limit, windowMs), 'a').allowed, false)
        now += 1
        assert.ok(counter.take(policy(limit, windowMs), 'a').allowed)
      }
    }),
  )
})

test('remaining is the truth: so many are admitted now, and no more', () => {
  fc.assert(
    fc.property(arrivals, ({ limit, windowMs, start, steps }) => {
      let now = start
      const counter = memoryCounter({ clock: () => now })
      for (const step of steps.slice(0, -1)) {
        now += Math.floor(step * windowMs)
        counter.take(policy(limit, windowMs), 'a')
      }
      let { remaining } = counter.take(policy(limit, windowMs), 'a')
      for (; remaining > 0; remaining -= 1)
        assert.equal(counter.take(policy(limit, windowMs), 'a').remaining, remaining - 1)
      assert.deepEqual([counter.take(policy(limit, windowMs), 'a').allowed, remaining], [false, 0])
    }),
  )
})

test('until resetMs nothing comes back, and then something does', () => {
  fc.assert(
    fc.property(arrivals, ({ limit, windowMs, start, steps }) => {
      let now = start
      const counter = memoryCounter({ clock: () => now })
      let last = { remaining: limit, resetMs: 0 }
      for (const step of steps) {
        now += Math.floor(step * windowMs)
        last = counter.take(policy(limit, windowMs), 'a')
      }
      const { remaining, resetMs } = last
      now += resetMs - 1
      const before = counter.take(policy(limit, windowMs), 'a')
      assert.equal(before.remaining, Math.max(0, remaining - 1))
      now += 1
      const after = counter.take(policy(limit, windowMs), 'a')
      assert.ok(after.allowed && after.remaining >= before.remaining)
    }),
  )
})
