import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { parse } from 'yaml'
import { freePort, skip } from '../../portcullis/test/services/machine.ts'
import { redisServerMissing, startRedis } from '../../portcullis/test/services/redis.ts'
import { call, folder, production, type RunningBackend, startBackend } from './backend.ts'
import { msUntil } from './cluster.ts'

const root = join(import.meta.dirname, '../../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const nginxMissing = (): string | false =>
  skip(
    spawnSync('nginx', ['-v']).status === 0
      ? undefined
      : 'There is no nginx to put in front: install it (apt-get install nginx-light).',
  )

/** A bad login by way of the proxy, from an address of this machine, with a forwarded header of the client's own. */
const login = (port: number, localAddress: string, forwarded: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({ email: 'nobody@example.com', password: 'wrong horse battery' })
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        localAddress,
        path: '/auth/login',
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-forwarded-for': forwarded,
        },
      },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })

/** The nginx of deploy/ before two backends; its port. */
const startNginx = async (t: TestContext, path: string, [one, other]: readonly RunningBackend[]): Promise<number> => {
  const port = await freePort()
  const config = read('deploy/nginx.conf')
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replace('backend-1:3000', new URL(one?.address ?? '').host)
    .replace('backend-2:3000', new URL(other?.address ?? '').host)
  assert.doesNotMatch(config, /backend-\d|listen 80/)
  writeFileSync(join(path, 'nginx.conf'), config)
  const nginx = spawn('nginx', [
    '-p',
    path,
    '-c',
    join(path, 'nginx.conf'),
    '-e',
    join(path, 'error.log'),
    '-g',
    `daemon off; pid ${join(path, 'pid')};`,
  ])
  t.after(() => nginx.kill('SIGTERM'))
  const proxied = `http://127.0.0.1:${port}`
  await msUntil(() =>
    call(proxied, 'GET', '/health').then(
      ({ status }) => status === 200,
      () => false,
    ),
  )
  return port
}

test('behind the nginx of deploy/, two backends count each client once, whatever it says of itself', {
  skip: nginxMissing() || redisServerMissing(),
  timeout: 60_000,
}, async (t) => {
  const redis = await startRedis(t)
  const path = folder(t)
  const env = { TRUSTED_PROXIES: '127.0.0.1', REDIS_URL: redis.url, LIMIT_ACCOUNT: '65535/second' }
  const backends = await Promise.all([1, 2].map(() => startBackend(production(path, env))))
  for (const one of backends) t.after(() => one.stop('SIGKILL'))
  const port = await startNginx(t, path, backends)
  const proxied = `http://127.0.0.1:${port}`

  const statuses: number[] = []
  for (let turn = 0; turn < 14; turn += 1) statuses.push(await login(port, '127.0.0.2', `203.0.113.${turn}, 10.0.0.1`))
  assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 401), 429, 429, 429, 429])
  assert.equal(await login(port, '127.0.0.3', '127.0.0.2'), 401, 'another client has a quota of its own')
  const large = await call(proxied, 'POST', '/auth/login', { body: { email: 'x'.repeat(70_000), password: 'y' } })
  assert.equal(large.status, 413)
})

test('behind the nginx of deploy/, one backend after the other is started anew or killed, and every read is answered', {
  skip: nginxMissing(),
  timeout: 60_000,
}, async (t) => {
  const path = folder(t)
  const env = production(path, { LIMIT_CLIENT: '65535/second' })
  const backends = await Promise.all([1, 2].map(() => startBackend(env)))
  const [first, second] = backends as [RunningBackend, RunningBackend]
  for (const one of backends) t.after(() => one.stop('SIGKILL'))
  const port = await startNginx(t, path, backends)
  const answered: number[] = []
  let over = false
  const reading = Array.from({ length: 4 }, async () => {
    while (!over) {
      answered.push((await call(`http://127.0.0.1:${port}`, 'GET', '/health')).status)
      await delay(10)
    }
  })
  await first.stop('SIGKILL')
  await delay(200)
  const again = await startBackend({ ...env, PORT: new URL(first.address).port })
  t.after(() => again.stop('SIGKILL'))
  // nginx counts whole seconds.
  await delay(2_200)
  await second.stop('SIGKILL')
  await delay(500)
  over = true
  await Promise.all(reading)
  assert.deepEqual([...new Set(answered)], [200])
})

/** What the compose file says, as far as it is looked at. */
interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly environment?: Readonly<Record<string, string>>
        readonly networks?: { default: { ipv4_address: string } }
      }
    >
  >
  readonly networks: { default: { ipam: { config: readonly { subnet: string }[] } } }
}

test('the compose file starts nothing without its secrets, holds none, and trusts its proxy alone', () => {
  const text = read('compose.yaml')
  const { services, networks } = parse(text, { merge: true }) as Compose
  assert.deepEqual(Object.keys(services).sort(), ['backend-1', 'backend-2', 'postgres', 'proxy', 'valkey'])
  const environment = services['backend-1']?.environment ?? {}
  assert.equal(environment['TRUSTED_PROXIES'], services['proxy']?.networks?.default.ipv4_address)
  assert.ok(networks.default.ipam.config[0]?.subnet.startsWith('172.30.0.'))
  // Every variable is in the example, and each that is a secret is demanded.
  const named = new Set([...text.matchAll(/\$\{(\w+)/g)].map((match) => match[1]))
  const example = new Set(
    [...read('deploy/env.example').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) =>
      value === '' ? name : undefined,
    ),
  )
  assert.deepEqual([...named].sort(), [...example].sort())
  for (const name of ['JWT_SECRET', 'POSTGRES_PASSWORD', 'REDIS_PASSWORD'])
    assert.match(text, new RegExp(`\\$\\{${name}:\\?`))
  // What it sets are settings of the backend.
  const settings = read('docs/settings.md')
  for (const name of Object.keys(environment)) assert.ok(settings.includes(`\`${name}\``), name)
})

test('the image starts the backend from what it builds', () => {
  const text = read('deploy/Dockerfile')
  const built = [...text.matchAll(/-w (\S+)/g)].map((match) => match[1])
  assert.deepEqual(built, ['portcullis', 'portcullis-check', 'portcullis-backend'])
  const copied = [...text.matchAll(/^COPY --from=built \/app\/(packages\/\w+\/\w+) \1$/gm)].map(
    (match) => match[1] ?? '',
  )
  assert.deepEqual(copied, [
    'packages/portcullis/dist',
    'packages/backend/dist',
    'packages/check/dist',
    'packages/portcullis/bin',
  ])
  // What operations.md tells to type in it.
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  for (const script of ['users', 'keys']) {
    const program = /^node (\S+)\.js /.exec(scripts[script] ?? '')?.[1] ?? ''
    assert.ok(
      copied.some((path) => program.startsWith(`${path}/`)),
      `npm run ${script} starts ${program}, which is not in the image`,
    )
  }
  assert.match(read('docs/operations.md'), /^docker compose exec backend-1 npm run --silent users -- grant /m)
  assert.match(text, /^USER node$/m)
  assert.match(text, /"packages\/backend\/dist\/main.js"\]$/m)
  assert.match(read('.dockerignore'), /^\.env$/m)
})
