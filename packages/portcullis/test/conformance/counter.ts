import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Counter, Policy } from '../../src/layers/limits/index.ts'

const policy: Policy = { name: 'credentials', quota: { limit: 10, windowMs: 60_000 } }
const wide: Policy = { name: 'client', quota: { limit: 200, windowMs: 60_000 } }

/** What every counter must do; run it on an implementation of your own. */
export const counterSuite = (name: string, make: (clock: () => number) => Counter | Promise<Counter>): void => {
  test(`${name}: of 100 parallel takes exactly the quota is allowed`, async () => {
    const counter = await make(() => 1_000_000)
    const verdicts = await Promise.all(Array.from({ length: 100 }, async () => counter.take(policy, 'a')))
    assert.equal(verdicts.filter(({ allowed }) => allowed).length, 10)
    assert.ok(verdicts.every(({ allowed, retryAfterMs }) => allowed === (retryAfterMs === 0)))
  })

  test(`${name}: clients, and policies, do not share a quota`, async () => {
    const counter = await make(() => 1_000_000)
    for (let count = 0; count < 10; count += 1) await counter.take(policy, 'a')
    assert.equal((await counter.take(policy, 'a')).allowed, false)
    assert.equal((await counter.take(policy, 'b')).allowed, true)
    assert.equal((await counter.take(wide, 'a')).allowed, true)
  })

  test(`${name}: remaining counts down to 0, and then it is refused`, async () => {
    const counter = await make(() => 1_000_000)
    for (let left = 9; left >= 0; left -= 1) assert.equal((await counter.take(policy, 'a')).remaining, left)
    const refused = await counter.take(policy, 'a')
    assert.deepEqual([refused.allowed, refused.remaining], [false, 0])
    assert.ok(refused.retryAfterMs > 0 && refused.retryAfterMs <= 65_000, String(refused.retryAfterMs))
  })

  test(`${name}: a window after its use the quota is back, and refused takes did not cost any`, async () => {
    let now = 1_000_000
    const counter = await make(() => now)
    for (let count = 0; count < 30; count += 1) await counter.take(policy, 'a')
    now += 59_999
    assert.equal((await counter.take(policy, 'a')).allowed, false)
    now += 5_001 + 5_000
    for (let count = 0; count < 10; count += 1)
      assert.equal((await counter.take(policy, 'a')).allowed, true, `take ${count}`)
    assert.equal((await counter.take(policy, 'a')).allowed, false)
  })

  test(`${name}: ten at once and then a drip are still ten in a minute`, async () => {
    let now = 1_000_000
    const counter = await make(() => now)
    let admitted = 0
    for (; now < 1_060_000; now += 500) while ((await counter.take(policy, 'a')).allowed) admitted += 1
    assert.equal(admitted, 10)
  })

  test(`${name}: who waits as long as it was told is allowed`, async () => {
    let now = 1_000_000
    const counter = await make(() => now)
    for (let count = 0; count < 40; count += 1) {
      now += 1_777
      const { allowed, retryAfterMs } = await counter.take(policy, 'a')
      if (allowed) continue
      now += Math.ceil(retryAfterMs)
      assert.equal((await counter.take(policy, 'a')).allowed, true, `after ${retryAfterMs} ms`)
    }
  })

  test(`${name}: a clock that is set back gives nobody a second quota`, async () => {
    let now = 1_000_000
    const counter = await make(() => now)
    for (let count = 0; count < 10; count += 1) await counter.take(policy, 'a')
    for (const back of [1, 60_000, 600_000]) {
      now = 1_000_000 - back
      assert.equal((await counter.take(policy, 'a')).allowed, false, `${back} ms back`)
    }
  })

  test(`${name}: keys are compared as they are`, async () => {
    const counter = await make(() => 1_000_000)
    const keys = ['a', 'A', '', '__proto__', 'constructor', 'a\nb', '::1', '127.0.0.1', 'é', 'e\u0301']
    for (const key of keys) assert.equal((await counter.take(policy, key)).remaining, 9, JSON.stringify(key))
  })
}
