import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Counter, Policy } from '../../../src/layers/limits/index.ts'
import { connectRedis, type TestParts } from '../../../src/storage/redis/open.ts'
import { redisSettings } from '../../../src/storage/redis/settings.ts'
import { counterSuite } from '../../conformance/counter.ts'
import { commandAt, freshPrefix, redisMissing, redisUrl } from '../../services/redis.ts'

const missing = await redisMissing()
// On a busy machine a reply may take longer than 50 ms, and these tests are about what Redis counts.
const deadlineMs = 5_000

const opened = async (parts: TestParts = {}, prefix = freshPrefix({ after })) => {
  const redis = await connectRedis(redisSettings(redisUrl, { prefix }), { deadlineMs, ...parts })
  after(() => redis.close())
  return redis
}

const policy = (limit: number, windowMs: number, name = 'test'): Policy => ({ name, quota: { limit, windowMs } })

if (missing !== false) test('the counter in Redis', { skip: missing }, () => {})
else {
  counterSuite('the counter in Redis', async (clock) => (await opened({ clock })).counter)

  counterSuite('two processes on one Redis, by turns', async (clock) => {
    const prefix = freshPrefix({ after })
    const both = [(await opened({ clock }, prefix)).counter, (await opened({ clock }, prefix)).counter] as const
    let turn = 0
    return {
      take: (of, key) => {
        turn += 1
        return (both[turn % 2] as Counter).take(of, key)
      },
    }
  })

  test('two processes share a quota by the time of Redis, and are told the same', async () => {
    const prefix = freshPrefix({ after })
    const [one, other] = [(await opened({}, prefix)).counter, (await opened({}, prefix)).counter]
    for (let left = 9; left >= 0; left -= 1)
      assert.equal((await (left % 2 === 0 ? one : other).take(policy(10, 60_000), 'a')).remaining, left)
    for (const counter of [one, other]) {
      const { allowed, retryAfterMs } = await counter.take(policy(10, 60_000), 'a')
      assert.equal(allowed, false)
      assert.ok(retryAfterMs > 55_000 && retryAfterMs <= 65_000, `${retryAfterMs} ms`)
    }
  })

  test('what was used comes back by the time of Redis', async () => {
    const { counter } = await opened()
    for (let count = 0; count < 3; count += 1) assert.ok((await counter.take(policy(3, 1_000), 'a')).allowed)
    const { allowed, retryAfterMs } = await counter.take(policy(3, 1_000), 'a')
    assert.equal(allowed, false)
    assert.ok(retryAfterMs <= 13 * 84, `${retryAfterMs} ms`)
    // A busy machine may be late, never early.
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs + 20))
    assert.ok((await counter.take(policy(3, 1_000), 'a')).allowed)
  })

  test('keys go by themselves when the last count has left the window', async () => {
    const prefix = freshPrefix({ after })
    const { counter } = await opened({}, prefix)
    await counter.take(policy(3, 60_000, 'minute'), 'a')
    const ttl = Number(await commandAt(redisUrl, 'PTTL', `${prefix}:limit:minute/60000:a`))
    assert.ok(ttl > 55_000 && ttl <= 65_000, `${ttl} ms`)
    await counter.take(policy(3, 1_000, 'second'), 'a')
    await new Promise((resolve) => setTimeout(resolve, 1_300))
    assert.equal(await commandAt(redisUrl, 'EXISTS', `${prefix}:limit:second/1000:a`), 0)
  })

  test('a client over its limit is refused from memory, at once, until it may return', async () => {
    const prefix = freshPrefix({ after })
    let now = 1_000_000
    const [one, other] = [await opened({ clock: () => now }, prefix), await opened({ clock: () => now }, prefix)]
    const value = (name: string) => one.gauges().find((gauge) => gauge.name === name)?.value
    for (let count = 0; count < 5; count += 1) await other.counter.take(policy(5, 60_000), 'a')
    const refused = await one.counter.take(policy(5, 60_000), 'a')
    assert.equal(refused.allowed, false)
    assert.equal(value('portcullis_limited_from_memory_total'), 0)
    now += 100
    const again = one.counter.take(policy(5, 60_000), 'a')
    assert.ok(!(again instanceof Promise), 'Redis was asked')
    assert.deepEqual(again, {
      allowed: false,
      remaining: 0,
      resetMs: refused.retryAfterMs - 100,
      retryAfterMs: refused.retryAfterMs - 100,
    })
    assert.equal(value('portcullis_limited_from_memory_total'), 1)
    assert.equal(value('portcullis_refused_keys'), 1)
    now += refused.retryAfterMs - 100
    assert.equal((await one.counter.take(policy(5, 60_000), 'a')).allowed, true)
  })

  test('what Redis forgets, this process does not: it admits no more than the quota', async () => {
    const prefix = freshPrefix({ after })
    const { counter } = await opened({}, prefix)
    for (let count = 0; count < 4; count += 1) await counter.take(policy(5, 60_000), 'a')
    await commandAt(redisUrl, 'DEL', `${prefix}:limit:test/60000:a`)
    const verdicts = await Promise.all(Array.from({ length: 20 }, async () => counter.take(policy(5, 60_000), 'a')))
    assert.equal(verdicts.filter(({ allowed }) => allowed).length, 1)
    assert.equal(verdicts[0]?.remaining, 0)
  })

  test('where the memory has no place left, Redis decides', async () => {
    const prefix = freshPrefix({ after })
    const redis = await connectRedis(redisSettings(redisUrl, { prefix, maxClients: 8 }), { deadlineMs })
    after(() => redis.close())
    for (let client = 0; client < 8; client += 1)
      for (let count = 0; count < 3; count += 1) await redis.counter.take(policy(2, 60_000), `full ${client}`)
    for (let left = 1; left >= 0; left -= 1)
      assert.equal((await redis.counter.take(policy(2, 60_000), 'new')).remaining, left)
    assert.equal((await redis.counter.take(policy(2, 60_000), 'new')).allowed, false)
    assert.equal((await redis.counter.take(policy(2, 60_000), 'full 0')).allowed, false)
  })

  test('a value that somebody else wrote at a key limits nobody, and is replaced', async () => {
    const prefix = freshPrefix({ after })
    const { counter, gauges } = await opened({}, prefix)
    for (const [key, command] of [
      ['text', ['SET', 'nonsense']],
      ['list', ['RPUSH', '1', '2']],
      ['empty', ['SET', '']],
    ] as const) {
      await commandAt(redisUrl, command[0], `${prefix}:limit:test/60000:${key}`, ...command.slice(1))
      assert.equal((await counter.take(policy(2, 60_000), key)).remaining, 1, key)
      assert.equal((await counter.take(policy(2, 60_000), key)).remaining, 0, key)
      assert.equal((await counter.take(policy(2, 60_000), key)).allowed, false, key)
      assert.equal(await commandAt(redisUrl, 'TYPE', `${prefix}:limit:test/60000:${key}`), 'string')
    }
    assert.equal(gauges().find(({ name }) => name === 'portcullis_redis_failures_total')?.value, 0)
  })

  test('a script that Redis forgot is sent again', async () => {
    const { counter } = await opened()
    await counter.take(policy(5, 60_000), 'a')
    await commandAt(redisUrl, 'SCRIPT', 'FLUSH')
    const verdicts = await Promise.all(Array.from({ length: 20 }, async () => counter.take(policy(5, 60_000), 'a')))
    assert.equal(verdicts.filter(({ allowed }) => allowed).length, 4)
  })

  test('what cannot be counted is a mistake, said at once', async () => {
    const { counter } = await opened()
    await counter.take(policy(5, 60_000), 'a')
    assert.throws(() => counter.take(policy(6, 60_000), 'a'), /Two quotas go by the name test/)
    assert.throws(() => counter.take(policy(5, 1_000), 'a'), /Two quotas go by the name test/)
    assert.throws(() => counter.take(policy(0, 60_000, 'wrong'), 'a'), /from 1 to 65535/)
    assert.throws(() => counter.take(policy(5, 999, 'wrong'), 'a'), /from 1 second to 1 day/)
    for (let name = 1; name < 1_000; name += 1) void counter.take(policy(5, 60_000, `p${name}`), 'a')
    assert.throws(() => counter.take(policy(5, 60_000, 'one more'), 'a'), /more than 1000 policies/)
  })

  test('the largest quota is counted to its end', async () => {
    const prefix = freshPrefix({ after })
    const now = 1_000_000
    const { counter } = await opened({ clock: () => now }, prefix)
    const partMs = 7_200_000
    await commandAt(redisUrl, 'SET', `${prefix}:limit:test/86400000:a`, `${Math.floor(now / partMs)} 65533`)
    assert.equal((await counter.take(policy(65_535, 86_400_000), 'a')).remaining, 1)
    assert.equal((await counter.take(policy(65_535, 86_400_000), 'a')).remaining, 0)
    assert.equal((await counter.take(policy(65_535, 86_400_000), 'a')).allowed, false)
  })
}
