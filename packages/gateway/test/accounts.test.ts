import assert from 'node:assert/strict'
import { generateKeyPairSync, randomInt, sign } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateSecret } from 'portcullis/sessions'
import { freshDatabase, postgresMissing } from '../../portcullis/test/services/postgres.ts'
import { redisMissing, redisUrl } from '../../portcullis/test/services/redis.ts'
import { call, documentOf, operation, session, startGateway, startUpstream } from './rig.ts'

const document = documentOf({
  '/mine': { get: operation() },
  '/admin': { get: operation() },
  '/login': { post: operation() },
})
const settings = {
  access: { 'GET /admin': 'role admin', 'POST /login': 'public' },
  limits: { 'POST /login': 'credentials', 'GET /mine': '3/minute' },
}

test('accounts of its own: registered, logged in, logged out at once, each role asked anew', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const { token } = await session(address)
  assert.equal((await call(address, 'GET', '/mine', { token })).status, 200)
  const forbidden = await call(address, 'GET', '/admin', { token })
  assert.equal(forbidden.status, 403)
  assert.equal(forbidden.body.type, 'urn:portcullis:problem:forbidden')
  assert.equal((await call(address, 'GET', '/auth/users/me', { token })).status, 200)
  assert.equal((await call(address, 'POST', '/auth/logout', { token })).status, 204)
  assert.equal((await call(address, 'GET', '/mine', { token })).status, 401)
  assert.equal(upstream.reached.length, 1)
})

const missing = (await postgresMissing()) || (await redisMissing())

test('two gateways on one PostgreSQL and Redis are one: who logs out of one is out of both', {
  skip: missing,
}, async (t) => {
  const upstream = await startUpstream(t)
  const env = { DATABASE_URL: await freshDatabase(t), REDIS_URL: redisUrl, JWT_SECRET: generateSecret() }
  const options = { upstream: upstream.address, document, settings, env }
  const [one, other] = [await startGateway(t, options), await startGateway(t, options)]
  const { token } = await session(one.address)
  assert.equal((await call(other.address, 'GET', '/auth/users/me', { token })).status, 200)
  assert.equal((await call(one.address, 'POST', '/auth/logout', { token })).status, 204)
  const until = performance.now() + 1_000
  let status = 200
  while (status === 200 && performance.now() < until) {
    await sleep(20)
    status = (await call(other.address, 'GET', '/auth/users/me', { token })).status
  }
  assert.equal(status, 401)
  // Three a minute for a client: of both gateways together. Redis remembers the clients of a run before.
  const headers = { 'x-forwarded-for': `10.${[1, 2, 3].map(() => randomInt(256)).join('.')}` }
  const { token: next } = await session(other.address)
  const statuses = []
  for (let n = 0; n < 4; n += 1)
    statuses.push((await call([one, other][n % 2]?.address ?? '', 'GET', '/mine', { token: next, headers })).status)
  assert.deepEqual(statuses, [200, 200, 200, 429])
})

test('the limits of the settings hold before the upstream is asked', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, {
    upstream: upstream.address,
    document,
    settings,
    env: { LIMIT_CREDENTIALS: '2/minute', TRUSTED_PROXIES: '127.0.0.1' },
  })
  const from = (address_: string) => ({ headers: { 'x-forwarded-for': address_ } })
  const statuses = []
  for (let n = 0; n < 4; n += 1) statuses.push((await call(address, 'POST', '/login', from('203.0.113.1'))).status)
  assert.deepEqual(statuses, [200, 200, 429, 429])
  assert.equal((await call(address, 'POST', '/login', from('203.0.113.2'))).status, 200)
  assert.equal(upstream.reached.length, 3)
})

test("another issuer's tokens: taken by its keys, with the roles of the claim that is named; none of its own", async (t) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }
  const issuer = await startUpstream(t, (request, response) => {
    const at = `http://${request.headers.host}`
    const known: Record<string, object> = {
      '/.well-known/openid-configuration': { issuer: at, jwks_uri: `${at}/keys` },
      '/keys': { keys: [jwk] },
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(known[request.url ?? ''] ?? {}))
  })
  const token = (claims: object): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const now = Math.floor(Date.now() / 1000)
    const all = { iss: issuer.address, aud: 'api', sub: 'ada', iat: now, exp: now + 300, ...claims }
    const input = `${part({ alg: 'ES256', kid: 'one', typ: 'at+jwt' })}.${part(all)}`
    return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, {
    upstream: upstream.address,
    document,
    settings,
    env: { ISSUER: issuer.address, AUDIENCE: 'api', ROLES_CLAIM: 'realm_access.roles', JWT_SECRET: '' },
  })
  assert.equal((await call(address, 'GET', '/mine', { token: token({}) })).status, 200)
  assert.equal(upstream.reached[0]?.headers['portcullis-subject'], 'ada')
  assert.equal((await call(address, 'GET', '/admin', { token: token({}) })).status, 403)
  const admin = token({ realm_access: { roles: ['admin'] } })
  assert.equal((await call(address, 'GET', '/admin', { token: admin })).status, 200)
  for (const wrong of [{ aud: 'other' }, { iss: 'https://evil.example' }, { exp: 1 }])
    assert.equal((await call(address, 'GET', '/mine', { token: token(wrong) })).status, 401)
  assert.equal(upstream.reached.length, 2)
  // There is nothing to log in to here.
  assert.equal((await call(address, 'POST', '/auth/login', { json: {}, token: admin })).status, 404)
})

test('its own health answers without a session, whatever the document has', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document })
  assert.deepEqual((await call(address, 'GET', '/-/health')).body, { status: 'ok' })
  assert.deepEqual((await call(address, 'GET', '/-/ready')).body, { status: 'ready' })
  assert.equal(upstream.reached.length, 0)
})

test('docs: the document is shown in development, when it is asked for', async (t) => {
  const upstream = await startUpstream(t)
  const shown = await startGateway(t, {
    upstream: upstream.address,
    document,
    settings: { docs: true },
    development: true,
  })
  assert.equal((await call(shown.address, 'GET', '/openapi.json')).body.openapi, '3.1.0')
  const hidden = await startGateway(t, { upstream: upstream.address, document, development: true })
  assert.equal((await call(hidden.address, 'GET', '/openapi.json')).status, 401)
})
