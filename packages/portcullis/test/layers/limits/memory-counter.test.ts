import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Policy } from '../../../src/layers/limits/index.ts'
import { memoryCounter } from '../../../src/layers/limits/index.ts'
import { counterSuite } from '../../conformance/counter.ts'

counterSuite('the memory counter', (clock) => memoryCounter({ clock }))

const policy = (limit: number, windowMs: number, name = 'test'): Policy => ({ name, quota: { limit, windowMs } })

test('what is over is forgotten, without a sweep', () => {
  let now = 0
  const counter = memoryCounter({ clock: () => now })
  for (let client = 0; client < 1_000; client += 1) counter.take(policy(5, 1_000), `old ${client}`)
  assert.equal(counter.size, 1_000)
  now += 10_000
  for (let client = 0; client < 1_000; client += 1) counter.take(policy(5, 1_000), `new ${client}`)
  assert.ok(counter.size < 1_100, `${counter.size} are remembered`)
})

test('a place that is given to somebody else is given empty', () => {
  let now = 1_000_000
  const counter = memoryCounter({ clock: () => now, maxClients: 8 })
  for (let round = 0; round < 50; round += 1) {
    for (let client = 0; client < 8; client += 1) {
      const key = `${round} ${client}`
      for (let left = 2; left >= 0; left -= 1) assert.equal(counter.take(policy(3, 1_000), key).remaining, left, key)
    }
    now += 1_092
  }
  assert.equal(counter.capacity, 8)
  assert.ok(counter.size <= 8)
})

test('whoever was pushed out leaves nothing behind for the one that took the place', () => {
  const partMs = 5_000
  let now = 1_000_000
  const counter = memoryCounter({ clock: () => now, maxClients: 8 })
  for (let client = 0; client < 8; client += 1) counter.take(policy(3, 60_000), `old ${client}`)
  now += 6 * partMs
  assert.equal(counter.take(policy(3, 60_000), 'new').remaining, 2)
  now += 7 * partMs
  assert.equal(counter.take(policy(3, 60_000), 'new').remaining, 1)
  now += 6 * partMs
  assert.equal(counter.take(policy(3, 60_000), 'new').remaining, 1)
})

test('what was counted stays, and comes back, while the memory grows', () => {
  let now = 1_000_000
  const counter = memoryCounter({ clock: () => now })
  for (let count = 0; count < 3; count += 1) counter.take(policy(3, 60_000), 'a')
  for (let client = 0; client < 5_000; client += 1) counter.take(policy(3, 60_000), `c${client}`)
  assert.equal(counter.take(policy(3, 60_000), 'a').allowed, false)
  now += 65_000
  assert.equal(counter.take(policy(3, 60_000), 'a').remaining, 2)
})

test('a hundred thousand clients are remembered in under 200 bytes each, keys and all', () => {
  for (const [clients, make] of [
    [100_000, (client: number) => `203.${client >> 16}.${(client >> 8) & 255}.${client & 255}`],
    [
      100_000,
      (client: number) =>
        [`2001:db8:${(client >> 16).toString(16)}`, `${(client & 0xffff).toString(16)}::/64`].join(':'),
    ],
  ] as const) {
    const counter = memoryCounter({ maxClients: clients, clock: () => 1_000_000 })
    collect()
    const before = process.memoryUsage()
    for (let client = 0; client < clients; client += 1) counter.take(policy(200, 60_000), make(client))
    collect()
    const after = process.memoryUsage()
    assert.equal(counter.size, clients)
    const bytes = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / clients
    assert.ok(bytes < 200, `${bytes} bytes a client`)
  }
})

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

test('what cannot be counted is a mistake, said at once', () => {
  const counter = memoryCounter()
  counter.take(policy(5, 1_000), 'a')
  assert.throws(() => counter.take(policy(6, 1_000), 'a'), {
    name: 'RangeError',
    message: /Two quotas go by the name test/,
  })
  assert.throws(() => counter.take(policy(5, 2_000), 'a'), {
    name: 'RangeError',
    message: /Two quotas go by the name test/,
  })
  // A counter of 16 bits would run over, and the quota would never be used up.
  for (const limit of [65_536, 70_000, 0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5' as never])
    assert.throws(() => counter.take(policy(limit, 60_000, 'wrong'), 'a'), {
      name: 'RangeError',
      message: /from 1 to 65535/,
    })
  for (const windowMs of [999, 0, -1, 86_400_001, 1_000.5, Number.NaN])
    assert.throws(() => counter.take(policy(5, windowMs, 'wrong'), 'a'), {
      name: 'RangeError',
      message: /from 1 second to 1 day/,
    })
  for (const maxClients of [0, 7, -1, 1.5, Number.NaN, 1e9, '100' as never])
    assert.throws(() => memoryCounter({ maxClients }), {
      name: 'RangeError',
      message: /maxClients takes a whole number from 8 to/,
    })
  assert.throws(() => memoryCounter({ max: 5 } as never), {
    name: 'TypeError',
    message: 'max: the options are clock and maxClients',
  })
})

test('a refusal can be foreseen: it is told, nothing is counted, and who is not known gets no place', () => {
  let now = 1_000_000
  const counter = memoryCounter({ clock: () => now })
  assert.equal(counter.refusal(policy(2, 60_000), 'a'), undefined)
  assert.equal(counter.size, 0)
  counter.take(policy(2, 60_000), 'a')
  for (let asked = 0; asked < 5; asked += 1) assert.equal(counter.refusal(policy(2, 60_000), 'a'), undefined)
  assert.equal(counter.take(policy(2, 60_000), 'a').remaining, 0)
  now += 1_234
  const refusal = counter.refusal(policy(2, 60_000), 'a')
  assert.deepEqual(refusal, counter.take(policy(2, 60_000), 'a'))
  now += refusal?.retryAfterMs ?? 0
  assert.equal(counter.refusal(policy(2, 60_000), 'a'), undefined)
  assert.equal(counter.take(policy(2, 60_000), 'a').remaining, 1)
  assert.throws(() => counter.refusal(policy(3, 60_000), 'a'), { message: /Two quotas go by the name test/ })
})

test('names of policies that a client could make up do not fill the memory', () => {
  const counter = memoryCounter()
  for (let name = 0; name < 1_000; name += 1) counter.take(policy(5, 1_000, `p${name}`), 'a')
  assert.throws(() => counter.take(policy(5, 1_000, 'one more'), 'a'), {
    name: 'RangeError',
    message: /more than 1000 policies/,
  })
  assert.ok(counter.take(policy(5, 1_000, 'p0'), 'a').allowed)
})

test('policies that were said at the start are none that a client makes up, however many, and bound the others as before', () => {
  const counter = memoryCounter()
  for (let name = 0; name < 3_000; name += 1) counter.expect(policy(5, 1_000, `route ${name % 1_500}`))
  for (let name = 0; name < 1_000; name += 1) counter.take(policy(5, 1_000, `p${name}`), 'a')
  assert.throws(() => counter.take(policy(5, 1_000, 'one more'), 'a'), { message: /more than 1000 policies/ })
  assert.equal(counter.take(policy(5, 1_000, 'route 1499'), 'a').remaining, 4)
  assert.throws(() => counter.expect(policy(6, 1_000, 'p0')), { message: /Two quotas go by the name p0/ })
})

test('the largest quota is counted to its end', () => {
  const counter = memoryCounter({ clock: () => 1_000_000 })
  for (let left = 65_534; left >= 0; left -= 1)
    assert.equal(counter.take(policy(65_535, 86_400_000), 'a').remaining, left)
  assert.equal(counter.take(policy(65_535, 86_400_000), 'a').allowed, false)
})
