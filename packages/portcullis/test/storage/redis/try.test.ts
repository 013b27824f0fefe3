import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectRedis } from '../../../src/storage/redis/open.ts'
import { redisSettings } from '../../../src/storage/redis/settings.ts'
import { freePort } from '../../services/machine.ts'
import { freshPrefix, redisMissing, redisServerMissing, redisUrl, startRedis } from '../../services/redis.ts'
import { takeMany, ten, watchedRedis } from '../../services/watched-redis.ts'

test('a Redis that keeps keys in several places is lost from the start, and said once', {
  skip: redisServerMissing(),
}, async (t) => {
  // Its own choice for the nodes' talk is 10,000 above its port, which may be none.
  const server = await startRedis(t, ['--cluster-enabled', 'yes', '--cluster-port', `${await freePort()}`])
  await server.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  for (const end = Date.now() + 10_000; !String(await server.command('CLUSTER', 'INFO')).includes('cluster_state:ok'); )
    assert.ok(Date.now() < end, 'the cluster does not come up')
  const redis = await watchedRedis(t, server.url)
  for (let turn = 0; turn < 5; turn += 1) {
    await Promise.all([1, 2, 3, 4, 5].map(async (client) => redis.counter.take(ten, `client ${client}`)))
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  assert.deepEqual(redis.events, ['degraded failed'])
  assert.equal((await takeMany(redis, 'one', 20)).admitted, 10)
})

test('a try and a request of one command agree on whose clock it is', { skip: await redisMissing() }, async (t) => {
  const events: string[] = []
  const settings = redisSettings(redisUrl, {
    prefix: freshPrefix(t),
    onState: (...event) => events.push(event.join(' ')),
  })
  const redis = await connectRedis(settings, { deadlineMs: 5_000, clock: () => 1_700_000_000_000 })
  t.after(() => redis.close())
  // A pulse comes after 5 s, in one turn with a request sooner or later.
  for (const end = Date.now() + 6_000; Date.now() < end; )
    await Promise.all([1, 2, 3].map(async (client) => redis.counter.take(ten, `${client} ${Date.now()}`)))
  assert.deepEqual(events, [])
})
