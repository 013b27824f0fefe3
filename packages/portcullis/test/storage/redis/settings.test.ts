import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { openRedis } from '../../../src/storage/index.ts'
import { redisAddress } from '../../../src/storage/redis/url.ts'

/** Closed again, if it was not refused after all. */
const opened = async (...given: Parameters<typeof openRedis>) => (await openRedis(...given)).close()

const WRITE = 'write redis://host:6379, or rediss://user:password@host:6379 with TLS and a user.'

test('a url says where Redis is and who asks there', () => {
  const plain = { host: 'localhost', port: 6379, tls: false, username: undefined, password: undefined, database: 0 }
  for (const [url, expected] of [
    ['redis://localhost', plain],
    ['redis://localhost:6379/0', plain],
    ['valkey://localhost/', plain],
    ['REDIS://localhost', plain],
    ['rediss://localhost', { ...plain, tls: true }],
    ['valkeys://localhost', { ...plain, tls: true }],
    ['redis://[::1]:7000', { ...plain, host: '::1', port: 7000 }],
    ['redis://10.0.0.1:7000/12', { ...plain, host: '10.0.0.1', port: 7000, database: 12 }],
    ['redis://:only@localhost', { ...plain, password: 'only' }],
    ['redis://app:p%40ss%2F%23@localhost', { ...plain, username: 'app', password: 'p@ss/#' }],
  ] as const)
    assert.deepEqual(redisAddress(url), expected, url)
})

test('a url that cannot be right is refused in one sentence that does not repeat it', async () => {
  for (const [url, fault] of [
    [undefined, 'is missing'],
    ['', 'is missing'],
    ['s3cret', 'names no Redis'],
    ['s3cret:6379', 'names no Redis'],
    ['http://user:s3cret@host', 'names no Redis'],
    ['postgres://user:s3cret@host', 'names no Redis'],
    ['redis://', 'has no host'],
    ['redis:s3cret', 'has no host'],
    ['redis:///0', 'has no host'],
    ['redis://user:s3cret@host:99999', 'is no url'],
    ['redis://user:s3/cret@host', 'is no url'],
    ['redis://user:s3cret@host:0', 'has port 0'],
    ['redis://user:s3@cret@host', 'has two @, so the password must be percent-encoded'],
    ['redis://user:1/s3cret@host', 'has more than the number of a database after the host'],
    ['redis://user:6#s3cret@host', 'has a ? or #, which must be percent-encoded in a password'],
    ['redis://user:6?s3cret@host', 'has a ? or #, which must be percent-encoded in a password'],
    ['redis://host?password=s3cret', 'has a ? or #, which must be percent-encoded in a password'],
    ['redis://host/s3cret', 'has more than the number of a database after the host'],
    ['redis://host/0/s3cret', 'has more than the number of a database after the host'],
    ['redis://s3cret@host', 'has a user without a password'],
    ['redis://user:s3cret%@host', 'has a % in user or password that begins no percent-encoding'],
  ] as const) {
    const expected = { name: 'TypeError', message: `REDIS_URL ${fault}: ${WRITE}` }
    assert.throws(() => redisAddress(url), expected, url)
    await assert.rejects(opened(url), expected, url)
  }
})

test('options that cannot be right are refused at once', async () => {
  const url = 'redis://127.0.0.1'
  const wrongs: readonly (readonly [object, RegExp])[] = [
    [{ prefx: 'a' }, /^prefx: the options are prefix, maxClients, tls, onState$/],
    [{ prefix: '' }, /^prefix takes 1 to 60 letters/],
    [{ prefix: 'a b' }, /^prefix takes 1 to 60 letters/],
    [{ prefix: 'a'.repeat(61) }, /^prefix takes 1 to 60 letters/],
    [{ prefix: 5 }, /^prefix takes 1 to 60 letters/],
    [{ onState: 'log' }, /^onState takes a function$/],
    [{ tls: {} }, /^tls is for a url that begins with rediss:/],
    [{ maxClients: 7 }, /^maxClients takes a whole number/],
  ]
  for (const [options, message] of wrongs)
    await assert.rejects(opened(url, options as never), { message }, JSON.stringify(options))
  const tls: readonly (readonly [object, RegExp | string])[] = [
    [{ rejectUnauthorized: false }, 'rejectUnauthorized: the tls options are ca, cert, key, servername'],
    [{ ca: '/etc/redis/ca.pem' }, 'tls.ca takes certificates as PEM, not the path of a file'],
    [{ ca: ['/etc/redis/ca.pem'] }, 'tls.ca takes certificates as PEM, not the path of a file'],
    [{ ca: 5 }, 'tls.ca takes certificates as PEM, not the path of a file'],
    [{ cert: 'cert.pem' }, 'tls.cert and tls.key go together'],
    [{ cert: 'cert.pem', key: 'key.pem' }, /^tls.cert and tls.key take a certificate and its key as PEM/],
    [{ servername: 5 }, 'tls.servername takes a name'],
  ]
  for (const [options, message] of tls)
    await assert.rejects(opened('rediss://127.0.0.1', { tls: options as never }), { message }, JSON.stringify(options))
})

test('without ioredis one sentence says what to install', () => {
  const hooks = `import { registerHooks } from 'node:module'
    registerHooks({ resolve: (name, context, next) => {
      if (name === 'ioredis') throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
      return next(name, context)
    } })`
  const door = new URL('../../../src/storage/index.ts', import.meta.url).href
  const script = `const { openRedis } = await import(${JSON.stringify(door)})
    await openRedis('redis://127.0.0.1').catch((error) => console.log(error.message))`
  const loader = `data:text/javascript,${encodeURIComponent(hooks)}`
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', loader, '--input-type=module', '-e', script])
  assert.equal(String(stderr), '')
  assert.equal(String(stdout), 'Redis needs the package ioredis, which is not installed: run npm install ioredis.\n')
})
