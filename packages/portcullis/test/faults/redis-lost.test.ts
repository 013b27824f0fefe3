import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePort } from '../services/machine.ts'
import { redisServerMissing, startRedis } from '../services/redis.ts'
import { countTogether, HEALED_MS, takeMany, ten, type WatchedRedis, watchedRedis } from '../services/watched-redis.ts'

const skip = redisServerMissing()

/** While it is lost: 10 for a client and process, of which those count that Redis admitted before. Says what was measured. */
const holdsAlone = async (redis: WatchedRedis, used: number): Promise<number> => {
  const known = await takeMany(redis, 'known', 50)
  const unknown = await takeMany(redis, 'unknown', 50)
  assert.deepEqual([known.admitted, unknown.admitted], [10 - used, 10])
  const slowestMs = Math.max(known.slowestMs, unknown.slowestMs)
  assert.equal(redis.gauge('portcullis_limits_degraded'), 1)
  // By now the breaker is open: nobody waits.
  assert.ok(!(redis.counter.take(ten, 'at once') instanceof Promise))
  return slowestMs
}

test('Redis is killed, and comes back empty', { skip }, async (t) => {
  const server = await startRedis(t)
  const [redis, other] = [await watchedRedis(t, server.url), await watchedRedis(t, server.url)]
  assert.equal((await takeMany(redis, 'known', 4)).admitted, 4)
  await redis.quiet()
  await other.quiet()
  await server.kill()
  const slowestMs = await holdsAlone(redis, 4)
  await redis.until('degraded')
  await other.until('degraded')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  assert.deepEqual(redis.events, ['degraded unreachable'])

  await server.start()
  const healedMs = Math.max(await redis.until('recovered'), await other.until('recovered'))
  assert.ok(healedMs < HEALED_MS, `${healedMs} ms`)
  assert.deepEqual(redis.events, ['degraded unreachable', 'recovered unreachable'])
  assert.deepEqual(other.events, ['degraded unreachable', 'recovered unreachable'])
  assert.equal(redis.gauge('portcullis_limits_degraded'), 0)
  assert.ok((redis.gauge('portcullis_redis_failures_total') ?? 0) > 0)

  // Redis knows nothing any more; this process still does, so the loss gave nobody a second quota here.
  assert.equal((await takeMany(redis, 'known', 20)).admitted, 0)
  assert.equal((await takeMany(redis, 'unknown', 20)).admitted, 0)
  // And Redis counts for all again.
  await countTogether(redis, other)
  t.diagnostic(`slowest answer ${slowestMs.toFixed(1)} ms, healed ${healedMs.toFixed(0)} ms after it was back`)
})

test('Redis is killed under load: every take is answered, none admits too many', { skip }, async (t) => {
  const server = await startRedis(t)
  const redis = await watchedRedis(t, server.url)
  const before = Array.from({ length: 50 }, (_, client) => takeMany(redis, `c${client}`, 20))
  await server.kill()
  const during = Array.from({ length: 50 }, (_, client) => takeMany(redis, `c${client + 25}`, 20))
  const admitted = new Map<string, number>()
  for (const [index, taken] of (await Promise.all([...before, ...during])).entries()) {
    const key = `c${index < 50 ? index : index - 25}`
    admitted.set(key, (admitted.get(key) ?? 0) + taken.admitted)
  }
  assert.deepEqual([...admitted.values()], Array(75).fill(10))
  await redis.until('degraded')
})

test('Redis is stopped, and goes on', { skip }, async (t) => {
  const server = await startRedis(t)
  const redis = await watchedRedis(t, server.url)
  assert.equal((await takeMany(redis, 'known', 4)).admitted, 4)
  await redis.quiet()
  server.freeze()
  const slowestMs = await holdsAlone(redis, 4)
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  assert.deepEqual(redis.events, ['degraded late'])
  assert.ok((redis.gauge('portcullis_redis_late_total') ?? 0) > 0)

  server.thaw()
  const healedMs = await redis.until('recovered')
  assert.ok(healedMs < HEALED_MS, `${healedMs} ms`)
  assert.deepEqual(redis.events, ['degraded late', 'recovered late'])
  assert.equal((await takeMany(redis, 'known', 20)).admitted, 0)
  t.diagnostic(`slowest answer ${slowestMs.toFixed(1)} ms, healed ${healedMs.toFixed(0)} ms after it went on`)
})

test('an idle process learns of a Redis that is stopped', { skip }, async (t) => {
  const server = await startRedis(t)
  const redis = await watchedRedis(t, server.url)
  // Past the tries of the start: from here on only the pulse asks.
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  server.freeze()
  await redis.until('degraded', 15_000)
  assert.deepEqual(redis.events, ['degraded late'])
  server.thaw()
  await redis.until('recovered')
})

test('Redis is not there at the start: the process starts, says so once, and Redis may come', { skip }, async (t) => {
  const server = await startRedis(t)
  await server.kill()
  const begun = performance.now()
  const redis = await watchedRedis(t, server.url)
  const startedMs = performance.now() - begun
  assert.ok(startedMs < 3_000, `${startedMs} ms`)
  assert.deepEqual(redis.events, ['degraded unreachable'])
  await holdsAlone(redis, 0)
  await server.start()
  const healedMs = await redis.until('recovered')
  assert.ok(healedMs < HEALED_MS, `${healedMs} ms`)
  assert.deepEqual(redis.events, ['degraded unreachable', 'recovered unreachable'])
})

test('a name that leads nowhere is a loss, not an error', { skip }, async (t) => {
  const redis = await watchedRedis(t, 'redis://redis.invalid:6379')
  assert.deepEqual(redis.events, ['degraded unreachable'])
  await holdsAlone(redis, 0)
  const nobody = await watchedRedis(t, `redis://127.0.0.1:${await freePort()}`)
  assert.deepEqual(nobody.events, ['degraded unreachable'])
})

test('it is lost and back again and again: each fall and each recovery is one event', { skip }, async (t) => {
  const server = await startRedis(t)
  const redis = await watchedRedis(t, server.url)
  for (let round = 1; round <= 5; round += 1) {
    await server.kill()
    await redis.until('degraded')
    assert.equal((await takeMany(redis, 'a', 20)).admitted, round === 1 ? 10 : 0)
    await server.start()
    await redis.until('recovered')
    assert.equal((await takeMany(redis, 'a', 20)).admitted, 0)
    assert.equal(redis.events.length, 2 * round)
  }
})

const full = (): never => {
  throw new Error('a log that is full')
}

for (const [how, listener] of [
  ['throws', full],
  ['rejects', async () => full()],
] as const)
  test(`a listener that ${how} harms no request`, { skip }, async (t) => {
    const { openRedis } = await import('../../src/storage/index.ts')
    const server = await startRedis(t)
    let told = 0
    const redis = await openRedis(server.url, {
      onState: () => {
        told += 1
        return listener()
      },
    })
    t.after(() => redis.close())
    await server.kill()
    assert.equal((await takeMany(redis, 'a', 20)).admitted, 10)
    assert.equal(told, 1)
  })
