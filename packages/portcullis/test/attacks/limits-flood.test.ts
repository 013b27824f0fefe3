import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryCounter, parseQuota } from '../../src/layers/limits/index.ts'

const credentials = { name: 'credentials', quota: parseQuota('10/minute') }
const once = { name: 'once', quota: parseQuota('1/minute') }

test('a limited client stays limited, and memory bounded, under a flood of a million new ones', () => {
  let now = 1_000_000
  const counter = memoryCounter({ clock: () => now, maxClients: 1_000 })
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

test('a client that used half is remembered too, while the flood uses less of its own', () => {
  for (const [used, each] of [
    [5, 1],
    [5, 4],
    [9, 8],
    [2, 1],
  ] as const) {
    const counter = memoryCounter({ clock: () => 1_000_000, maxClients: 501 })
    for (let count = 0; count < used; count += 1) counter.take(credentials, 'attacker')
    for (let client = 0; client < 50_000; client += 1)
      for (let count = 0; count < each; count += 1) counter.take(credentials, `new ${client}`)
    assert.equal(
      counter.take(credentials, 'attacker').remaining,
      10 - used - 1,
      `${used} used, under a flood that uses ${each}`,
    )
  }
})

test('when everybody who is remembered is at the limit, a newcomer is refused and nobody is freed', () => {
  let now = 5_000
  const counter = memoryCounter({ clock: () => now, maxClients: 20 })
  for (let client = 0; client < 20; client += 1) assert.ok(counter.take(once, `c${client}`).allowed)
  for (let client = 0; client < 1_000; client += 1) {
    const { allowed, remaining, retryAfterMs } = counter.take(once, `new ${client}`)
    assert.deepEqual([allowed, remaining], [false, 0])
    assert.ok(retryAfterMs > 0)
  }
  for (let client = 0; client < 20; client += 1) assert.equal(counter.take(once, `c${client}`).allowed, false)
  assert.equal(counter.size, 20)
  // And not for ever: what is over makes room.
  now += 65_000
  for (let client = 0; client < 20; client += 1) assert.ok(counter.take(once, `late ${client}`).allowed)
})

test('one that may be pushed out is found among many that may not', () => {
  const counter = memoryCounter({ clock: () => 5_000, maxClients: 64 })
  const pair = { name: 'pair', quota: parseQuota('2/minute') }
  for (let client = 0; client < 64; client += 1) {
    counter.take(pair, `c${client}`)
    if (client !== 40) counter.take(pair, `c${client}`)
  }
  let tries = 1
  while (!counter.take(pair, 'new').allowed) tries += 1
  assert.ok(tries <= 8, `${tries} tries`)
  for (let client = 0; client < 64; client += 1)
    if (client !== 40) assert.equal(counter.take(pair, `c${client}`).allowed, false, `c${client}`)
})

test('a flood of new clients does not cost an old one more than a new one costs', () => {
  const counter = memoryCounter({ clock: () => 1_000_000, maxClients: 100_000 })
  const took = (from: number, clients: number): number => {
    const started = process.cpuUsage()
    for (let client = from; client < from + clients; client += 1) counter.take(credentials, `new ${client}`)
    return process.cpuUsage(started).user / clients
  }
  took(0, 100_000)
  const full = took(100_000, 200_000)
  assert.ok(full < 20, `${full} µs for a newcomer when full`)
})
