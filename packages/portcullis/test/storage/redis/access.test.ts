import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../../services/machine.ts'
import { redisServerMissing, startRedis } from '../../services/redis.ts'
import { countTogether, takeMany, watchedRedis } from '../../services/watched-redis.ts'
import { temporaryFolder } from '../temporary.ts'

const skip = redisServerMissing()
const page = readFileSync(join(import.meta.dirname, '../../../../../docs/redis.md'), 'utf8')

/** The line that docs/redis.md tells an operator to write. */
const aclLine = /^user portcullis .*$/m.exec(page)?.[0] ?? ''

test('a user with the rights of docs/redis.md, and no others, is enough', { skip }, async (t) => {
  assert.match(aclLine, /^user portcullis on >\S+ /)
  const password = / >(\S+) /.exec(aclLine)?.[1] ?? ''
  const file = join(temporaryFolder(t), 'users.acl')
  writeFileSync(file, `user default on nopass ~* &* +@all\n${aclLine}\n`)
  const server = await startRedis(t, ['--aclfile', file])
  const url = `redis://portcullis:${encodeURIComponent(password)}@127.0.0.1:${server.port}`
  const [one, other] = [await watchedRedis(t, url), await watchedRedis(t, url)]
  let heard = 0
  one.onAnnounced(() => {
    heard += 1
  })
  for (const end = Date.now() + 10_000; one.gauge('portcullis_redis_subscribed') !== 1; ) {
    assert.ok(Date.now() < end, 'it does not subscribe')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await countTogether(one, other)
  other.announce()
  for (const end = Date.now() + 10_000; heard === 0; await new Promise((resolve) => setTimeout(resolve, 5)))
    assert.ok(Date.now() < end, 'nothing was heard')
  assert.deepEqual(await server.command('ACL', 'LOG'), [], 'something was tried without the right to')
})

test('each right of the line is needed', { skip }, async (t) => {
  const rights = [...aclLine.matchAll(/ (\+\S+)/g)].map((match) => match[1] ?? '')
  assert.ok(rights.length >= 5)
  const server = await startRedis(t)
  for (const right of rights) {
    await server.command('ACL', 'DELUSER', 'portcullis')
    const rules = aclLine.split(' ').filter((rule) => rule !== right)
    await server.command('ACL', 'SETUSER', 'portcullis', ...rules.slice(2))
    await server.command('ACL', 'LOG', 'RESET')
    const password = / >(\S+) /.exec(aclLine)?.[1] ?? ''
    const redis = await watchedRedis(t, `redis://portcullis:${encodeURIComponent(password)}@127.0.0.1:${server.port}`)
    redis.onAnnounced(() => {})
    redis.announce()
    await server.command('SCRIPT', 'FLUSH')
    await takeMany(redis, 'a', 1)
    for (const end = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
      const log = (await server.command('ACL', 'LOG')) as unknown[]
      if (log.length > 0) break
      assert.ok(Date.now() < end, `nothing missed ${right}`)
    }
    await redis.close()
  }
})

test('over TLS, with a certificate that is trusted', { skip }, async (t) => {
  const folder = temporaryFolder(t)
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...[
      '-keyout',
      key,
      '-out',
      cert,
      '-subj',
      '/CN=redis.test',
      '-addext',
      'subjectAltName=DNS:redis.test,IP:127.0.0.1',
    ],
  ])
  if (made.status !== 0)
    return t.skip('There is no openssl to make a certificate: install it (apt-get install openssl).')
  const ca = readFileSync(cert, 'utf8')
  // Beside a plain port, over which the test gives its commands.
  const server = await startRedis(t)
  const built = (await server.command('CONFIG', 'GET', 'tls-port')) as readonly string[]
  if (built.length === 0) return t.skip('This redis-server was built without TLS: install one with it.')
  const files = { 'tls-cert-file': cert, 'tls-key-file': key, 'tls-ca-cert-file': cert, 'tls-auth-clients': 'no' }
  for (const [name, value] of Object.entries(files)) await server.command('CONFIG', 'SET', name, value)
  const tlsPort = await freePort()
  await server.command('CONFIG', 'SET', 'tls-port', `${tlsPort}`)
  const url = `rediss://127.0.0.1:${tlsPort}`

  const [one, other] = [await watchedRedis(t, url, { tls: { ca } }), await watchedRedis(t, url, { tls: { ca: [ca] } })]
  await countTogether(one, other)
  assert.doesNotMatch([...one.events, ...other.events].join(), /untrusted/)

  const suspicious = await watchedRedis(t, url)
  assert.deepEqual(suspicious.events, ['degraded untrusted'])
  const elsewhere = await watchedRedis(t, url, { tls: { ca, servername: 'other.test' } })
  assert.deepEqual(elsewhere.events, ['degraded untrusted'])
  const plain = await watchedRedis(t, url.replace('rediss:', 'redis:'))
  assert.equal(plain.events.length, 1)
  for (const redis of [suspicious, elsewhere, plain]) assert.equal((await takeMany(redis, 'b', 20)).admitted, 10)

  // What people set to be done with it must not take the check away.
  const door = new URL('../../../src/storage/index.ts', import.meta.url).href
  const script = `const { openRedis } = await import(${JSON.stringify(door)})
    const redis = await openRedis(${JSON.stringify(url)}, { onState: (...event) => console.log(event.join(' ')) })
    await redis.close()`
  const said = execFileSync(process.execPath, ['--conditions=source', '--input-type=module', '--eval', script], {
    env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' },
    encoding: 'utf8',
  })
  assert.equal(said, 'degraded untrusted\n')
})
