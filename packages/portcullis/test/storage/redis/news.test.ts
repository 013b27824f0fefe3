import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandAt, freshPrefix, redisMissing, redisServerMissing, redisUrl, startRedis } from '../../services/redis.ts'
import { countTogether, watchedRedis } from '../../services/watched-redis.ts'

const eventually = async (what: string, holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 10_000; !holds(); await new Promise((resolve) => setTimeout(resolve, 5)))
    if (Date.now() > end) assert.fail(`${what} did not come about`)
}

test('news reaches every other process, and not the one that tells it', { skip: await redisMissing() }, async (t) => {
  const prefix = freshPrefix(t)
  const heard = [0, 0, 0]
  const all = await Promise.all(heard.map(() => watchedRedis(t, redisUrl, { prefix })))
  for (const [index, redis] of all.entries()) {
    redis.onAnnounced(() => {
      heard[index] = (heard[index] ?? 0) + 1
    })
  }
  await eventually('a subscription', () => all.every((redis) => redis.gauge('portcullis_redis_subscribed') === 1))
  all[0]?.announce()
  await eventually('news', () => heard[1] === 1 && heard[2] === 1)
  assert.deepEqual(heard, [0, 1, 1])
  const other = await watchedRedis(t, redisUrl, { prefix: freshPrefix(t) })
  other.announce()
  all[1]?.announce()
  await eventually('news', () => heard[0] === 1 && heard[2] === 2)
  assert.deepEqual(heard, [1, 1, 2])
})

test('a listener that throws does not keep news from the next one', { skip: await redisMissing() }, async (t) => {
  const prefix = freshPrefix(t)
  const [one, other] = [await watchedRedis(t, redisUrl, { prefix }), await watchedRedis(t, redisUrl, { prefix })]
  let heard = 0
  one.onAnnounced(() => {
    throw new Error('a fault of the listener')
  })
  one.onAnnounced(() => {
    heard += 1
  })
  await eventually('a subscription', () => one.gauge('portcullis_redis_subscribed') === 1)
  other.announce()
  await eventually('news', () => heard === 1)
})

test('a subscription comes back by itself, and says that something may have been missed', {
  skip: redisServerMissing(),
}, async (t) => {
  const server = await startRedis(t)
  const [one, other] = [await watchedRedis(t, server.url), await watchedRedis(t, server.url)]
  let heard = 0
  one.onAnnounced(() => {
    heard += 1
  })
  await eventually('a subscription', () => one.gauge('portcullis_redis_subscribed') === 1)
  assert.equal(heard, 0)
  await server.kill()
  await eventually('a loss', () => one.gauge('portcullis_redis_subscribed') === 0)
  other.announce()
  await server.start()
  await eventually('a new subscription', () => one.gauge('portcullis_redis_subscribed') === 1)
  await eventually('the call for what was missed', () => heard === 1)
  await other.until('recovered')
  other.announce()
  await eventually('news', () => heard === 2)
  // The connection alone is cut: the same.
  await commandAt(server.url, 'CLIENT', 'KILL', 'TYPE', 'pubsub')
  await eventually('the call for what was missed', () => heard === 3)
})

test('whoever only counts has no second connection, and closing ends both', {
  skip: redisServerMissing(),
}, async (t) => {
  const server = await startRedis(t)
  const connected = async () =>
    String(await server.command('CLIENT', 'LIST'))
      .trim()
      .split('\n').length - 1
  const redis = await watchedRedis(t, server.url)
  assert.equal(await connected(), 1)
  redis.onAnnounced(() => {})
  await eventually('a subscription', () => redis.gauge('portcullis_redis_subscribed') === 1)
  assert.equal(await connected(), 2)
  await redis.close()
  for (const end = Date.now() + 10_000; (await connected()) > 0; ) assert.ok(Date.now() < end, 'connections stay')
  const policy = { name: 'a', quota: { limit: 1, windowMs: 60_000 } }
  assert.deepEqual(
    [await redis.counter.take(policy, 'a'), await redis.counter.take(policy, 'a')].map(({ allowed }) => allowed),
    [true, false],
  )
  redis.announce()
  await redis.close()
})

test('a server that speaks RESP 2 only is as good', { skip: redisServerMissing() }, async (t) => {
  const server = await startRedis(t, ['--rename-command', 'HELLO', ''])
  const [one, other] = [await watchedRedis(t, server.url), await watchedRedis(t, server.url)]
  let heard = 0
  one.onAnnounced(() => {
    heard += 1
  })
  await eventually('a subscription', () => one.gauge('portcullis_redis_subscribed') === 1)
  await countTogether(one, other)
  other.announce()
  await eventually('news', () => heard === 1)
})
