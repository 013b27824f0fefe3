import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { type RedisServer, redisServerMissing, startRedis } from '../services/redis.ts'
import { startProxy } from '../services/slow-proxy.ts'
import { HEALED_MS, takeMany, type WatchedRedis, watchedRedis } from '../services/watched-redis.ts'

const skip = redisServerMissing()

/** One event, and 10 for a client, of which `used` were used before. */
const holds = async (redis: WatchedRedis, used: number, event: string): Promise<void> => {
  const { admitted } = await takeMany(redis, 'known', 50)
  assert.equal(admitted, 10 - used)
  assert.equal((await takeMany(redis, 'unknown', 50)).admitted, 10)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  assert.deepEqual(redis.events, [event])
}

const heals = async (redis: WatchedRedis, reason: string): Promise<void> => {
  const healedMs = await redis.until('recovered')
  assert.ok(healedMs < HEALED_MS, `${healedMs} ms`)
  assert.deepEqual(redis.events, [`degraded ${reason}`, `recovered ${reason}`])
  assert.equal((await takeMany(redis, 'known', 20)).admitted, 0)
}

test('a failover: the primary becomes a replica, another takes its place', { skip }, async (t) => {
  const [first, second] = [await startRedis(t, ['--repl-diskless-sync-delay', '0']), await startRedis(t)]
  await second.command('REPLICAOF', '127.0.0.1', `${first.port}`)
  const proxy = await startProxy(t, first.port)
  const redis = await watchedRedis(t, proxy.url)
  assert.equal((await takeMany(redis, 'known', 4)).admitted, 4)
  await redis.quiet()
  const countOf = (server: RedisServer) => server.command('GET', 'portcullis:limit:credentials/60000:known')
  const count = await countOf(first)
  for (const end = Date.now() + 20_000; (await countOf(second)) !== count; )
    assert.ok(Date.now() < end, 'it does not replicate')

  await second.command('REPLICAOF', 'NO', 'ONE')
  await first.command('REPLICAOF', '127.0.0.1', `${second.port}`)
  await holds(redis, 4, 'degraded readonly')
  proxy.target = second.port
  await heals(redis, 'readonly')
  // The new primary kept what was replicated, and what is refused here did not cost any of it.
  assert.equal(await countOf(second), count)
})

test('Redis reads its data', { skip }, async (t) => {
  const slowly = [
    '--key-load-delay',
    '1000',
    '--loading-process-events-interval-bytes',
    '1024',
    '--rdbcompression',
    'no',
  ]
  const server = await startRedis(t, slowly)
  const redis = await watchedRedis(t, server.url)
  assert.equal((await takeMany(redis, 'known', 4)).admitted, 4)
  await redis.quiet()
  await server.command('DEBUG', 'POPULATE', '4000', 'fill', '500').catch(() => undefined)
  for (let part = 0; Number(await server.command('DBSIZE')) < 4_000; part += 1)
    await server.command(
      'MSET',
      ...Array.from({ length: 1_000 }, (_, key) => [`${part}/${key}`, 'x'.repeat(500)]).flat(),
    )
  await server.command('SAVE')
  await server.kill()
  const loading = server.start()
  const late = await watchedRedis(t, server.url)
  assert.deepEqual(late.events, ['degraded loading'])
  assert.equal((await takeMany(late, 'a', 20)).admitted, 10)
  assert.equal((await takeMany(redis, 'known', 20)).admitted, 6)
  await loading
  for (const end = Date.now() + 60_000; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
    if ((await server.command('EXISTS', 'a').catch(() => undefined)) !== undefined) break
    assert.ok(Date.now() < end, 'it reads for ever')
  }
  const healedMs = Math.max(await late.until('recovered'), await redis.until('recovered'))
  assert.ok(healedMs < HEALED_MS, `${healedMs} ms`)
  assert.deepEqual(late.events, ['degraded loading', 'recovered loading'])
  assert.equal(redis.events.length, 2)
  assert.equal((await takeMany(redis, 'known', 20)).admitted, 0)
})

test('its memory is full, and it evicts nothing', { skip }, async (t) => {
  const server = await startRedis(t, ['--maxmemory-policy', 'noeviction'])
  const redis = await watchedRedis(t, server.url)
  assert.equal((await takeMany(redis, 'known', 4)).admitted, 4)
  await redis.quiet()
  await server.command('CONFIG', 'SET', 'maxmemory', '1')
  await holds(redis, 4, 'degraded memory')
  await server.command('CONFIG', 'SET', 'maxmemory', '0')
  await heals(redis, 'memory')
})

test('its memory is full, and it evicts what it likes: one process admits no more than before', { skip }, async (t) => {
  const server = await startRedis(t, ['--maxmemory-policy', 'allkeys-random'])
  const redis = await watchedRedis(t, server.url)
  let admitted = 0
  for (let round = 0; round < 20; round += 1) {
    admitted += (await takeMany(redis, 'known', 3)).admitted
    await server.command('FLUSHALL')
  }
  assert.equal(admitted, 10)
})

test('the password is wrong, at the start and later', { skip }, async (t) => {
  const server = await startRedis(t)
  await server.command('ACL', 'SETUSER', 'app', 'on', '>right', '~*', '&*', '+@all')
  const wrong = await watchedRedis(t, `redis://app:wrong@127.0.0.1:${server.port}`)
  assert.deepEqual(wrong.events, ['degraded denied'])
  assert.equal((await takeMany(wrong, 'a', 20)).admitted, 10)

  const redis = await watchedRedis(t, `redis://app:right@127.0.0.1:${server.port}`)
  assert.equal((await takeMany(redis, 'known', 4)).admitted, 4)
  await redis.quiet()
  await server.command('ACL', 'SETUSER', 'app', '-@all')
  await holds(redis, 4, 'degraded denied')
  await server.command('ACL', 'SETUSER', 'app', '+@all')
  await heals(redis, 'denied')
  await server.command('ACL', 'SETUSER', 'app', '>wrong')
  await wrong.until('recovered')
  assert.deepEqual(wrong.events, ['degraded denied', 'recovered denied'])
})

test('nothing that is said of a wrong password holds it', { skip }, async (t) => {
  const withPassword = (port: number) => `redis://:s3cret-right@127.0.0.1:${port}`
  const server = await startRedis(t, ['--requirepass', 's3cret-right'], withPassword)
  const lines: string[] = []
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream)
    t.mock.method(stream, 'write', (chunk: string | Uint8Array) => {
      lines.push(String(chunk))
      return write(chunk)
    })
  }
  const redis = await watchedRedis(t, `redis://:s3cret-wrong@127.0.0.1:${server.port}`)
  await takeMany(redis, 'a', 20)
  assert.doesNotMatch(JSON.stringify([redis.events, redis.gauges(), lines]), /s3cret/)
})

test('what answers is no Redis, or lies', { skip }, async (t) => {
  for (const answer of [
    '+OK\r\n',
    '*3\r\n:1\r\n:0\r\n:-5\r\n',
    '*3\r\n:0\r\n:99\r\n:99999999999\r\n',
    'HTTP/1.1 400\r\n\r\n',
  ]) {
    const liar = createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (data) => {
        const text = String(data)
        if (/hello/i.test(text)) socket.write('%1\r\n+proto\r\n:3\r\n')
        else socket.write(answer)
      })
    }).listen(0, '127.0.0.1')
    await once(liar, 'listening')
    t.after(() => liar.close())
    const { port } = liar.address() as { port: number }
    const redis = await watchedRedis(t, `redis://127.0.0.1:${port}`)
    assert.equal(redis.events.length, 1, JSON.stringify(answer))
    assert.equal((await takeMany(redis, 'a', 20)).admitted, 10)
    assert.equal((await takeMany(redis, 'b', 20)).admitted, 10)
    await redis.close()
  }
})
