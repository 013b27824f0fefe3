import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Policy } from '../../../src/layers/limits/index.ts'
import { memoryCounter, parseQuota } from '../../../src/layers/limits/index.ts'
import { counterSuite } from '../../conformance/counter.ts'

counterSuite('the memory counter', (clock) => memoryCounter({ clock }))

const policy = (limit: number, windowMs: number): Policy => ({ name: 'test', quota: { limit, windowMs } })

/** GCRA, as a reference: admits while the theoretical arrival time is at most a burst ahead (1 ms for rounding). */
const gcra = (limit: number, windowMs: number) => {
  const interval = windowMs / limit
  let arrival = 0
  return (now: number): boolean => {
    const next = Math.max(arrival, now) + interval
    if (next - now > windowMs + 1) return false
    arrival = next
    return true
  }
}

const arrivals = fc.record({
  limit: fc.integer({ min: 1, max: 40 }),
  windowMs: fc.constantFrom(1_000, 1_001, 7_000, 60_000, 86_400_000),
  start: fc.integer({ min: 0, max: 2_000_000_000_000 }),
  steps: fc.array(fc.double({ min: -0.3, max: 0.6, noNaN: true }), { minLength: 1, maxLength: 200 }),
})

test('in no window more than the quota is admitted, whatever the arrivals and a clock that steps back', () => {
  fc.assert(
    fc.property(arrivals, ({ limit, windowMs, start, steps }) => {
      let now = start
      const counter = memoryCounter({ clock: () => now })
      const admitted: number[] = []
      let latest = 0
      for (const step of steps) {
        now = Math.max(0, Math.floor(now + step * step * Math.sign(step) * windowMs))
        latest = Math.max(latest, now)
        if (counter.take(policy(limit, windowMs), 'a').allowed) admitted.push(latest)
      }
      for (const [index, at] of admitted.entries()) {
        const inWindow = admitted.slice(index).filter((other) => other < at + windowMs).length
        assert.ok(inWindow <= limit, `${inWindow} of ${limit} in one window`)
      }
    }),
    { numRuns: 500 },
  )
})

test('what is admitted conforms to a GCRA of the same rate and burst; the GCRA itself lets nearly twice the quota through a window', () => {
  fc.assert(
    fc.property(arrivals, ({ limit, windowMs, start, steps }) => {
      let now = start
      const counter = memoryCounter({ clock: () => now })
      const reference = gcra(limit, windowMs)
      for (const step of steps) {
        now += Math.floor(step * step * windowMs)
        if (counter.take(policy(limit, windowMs), 'a').allowed) assert.ok(reference(now))
      }
    }),
  )
  const plain = gcra(10, 60_000)
  let through = 0
  for (let now = 0; now < 60_000; now += 100) if (plain(now)) through += 1
  assert.ok(through >= 19, String(through))
})

test('a refused client that waits as long as it was told is admitted', () => {
  fc.assert(
    fc.property(arrivals, ({ limit, windowMs, start, steps }) => {
      let now = start
      const counter = memoryCounter({ clock: () => now })
      for (const step of steps) {
        now += Math.floor(step * step * windowMs)
        const { allowed, retryAfterMs } = counter.take(policy(limit, windowMs), 'a')
        if (allowed) continue
        assert.ok(retryAfterMs > 0 && retryAfterMs <= 13 * Math.ceil(windowMs / 12))
        now = Math.ceil(now + retryAfterMs)
        assert.ok(counter.take(policy(limit, windowMs), 'a').allowed)
      }
    }),
  )
})

test('a limited client stays limited, and memory bounded, under a flood of a million new ones', () => {
  let now = 1_000_000
  const counter = memoryCounter({ clock: () => now, maxClients: 1_000 })
  const credentials = policy(10, 60_000)
  for (let count = 0; count < 10; count += 1) assert.ok(counter.take(credentials, 'attacker').allowed)
  for (let client = 0; client < 1_000_000; client += 1) {
    counter.take(credentials, `new ${client}`)
    if (client % 50_000 === 0) {
      now += 2_500
      assert.equal(counter.take(credentials, 'attacker').allowed, false, `freed after ${client} newcomers`)
      assert.ok(counter.size <= 1_000)
    }
  }
  now += 70_000
  assert.ok(counter.take(credentials, 'attacker').allowed)
})

test('when everybody who is remembered is at the limit, a newcomer is refused and nobody is freed', () => {
  const counter = memoryCounter({ clock: () => 5_000, maxClients: 20 })
  for (let client = 0; client < 20; client += 1) assert.ok(counter.take(policy(1, 60_000), `c${client}`).allowed)
  assert.equal(counter.take(policy(1, 60_000), 'new').allowed, false)
  for (let client = 0; client < 20; client += 1)
    assert.equal(counter.take(policy(1, 60_000), `c${client}`).allowed, false)
})

test('what is over is forgotten, without a sweep', () => {
  let now = 0
  const counter = memoryCounter({ clock: () => now })
  for (let client = 0; client < 1_000; client += 1) counter.take(policy(5, 1_000), `old ${client}`)
  now += 10_000
  for (let client = 0; client < 1_000; client += 1) counter.take(policy(5, 1_000), `new ${client}`)
  assert.ok(counter.size < 1_100, `${counter.size} are remembered`)
})

test('two quotas of one name are a mistake', () => {
  const counter = memoryCounter()
  counter.take(policy(5, 1_000), 'a')
  assert.throws(() => counter.take(policy(6, 1_000), 'a'), /Two quotas go by the name test/)
  for (const maxClients of [0, 7, -1, 1.5, Number.NaN, 1e9])
    assert.throws(() => memoryCounter({ maxClients }), RangeError)
})

test('a quota is read as people write it', () => {
  for (const [text, limit, windowMs] of [
    ['200/minute', 200, 60_000],
    ['10/minute', 10, 60_000],
    ['10 / minute', 10, 60_000],
    ['5/second', 5, 1_000],
    ['1000/hour', 1_000, 3_600_000],
    ['50/day', 50, 86_400_000],
    ['100/15 minutes', 100, 900_000],
    ['100/15minutes', 100, 900_000],
    ['10/90s', 10, 90_000],
    ['10/2h', 10, 7_200_000],
    ['65535/day', 65_535, 86_400_000],
  ] as const) {
    assert.deepEqual(parseQuota(text), { limit, windowMs }, text)
  }
  for (const wrong of [
    '',
    '200',
    '/minute',
    '200/',
    '0/minute',
    '-1/minute',
    '1.5/minute',
    '65536/minute',
    '1e3/minute',
    '200 per minute',
    '200/fortnight',
    '200/ss',
    '10/2 days',
    '10/0 minutes',
    ' 200/minute',
    '200/minute\n',
    '२/minute',
    '200/constructor',
    '200/__proto__',
    200,
    null,
    undefined,
    {},
    ['200/minute'],
  ]) {
    assert.throws(() => parseQuota(wrong as string), TypeError, String(wrong))
  }
})
