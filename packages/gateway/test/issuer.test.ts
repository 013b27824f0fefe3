import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { SettingsError } from 'portcullis'
import { generateSecret } from 'portcullis/sessions'
import { audience, ec, mint, rsa, testIssuer } from '../../portcullis/test/layers/sessions/issuer/issuer.ts'
import { readSettings } from '../src/settings.ts'
import { call, documentOf, operation, startGateway } from './rig.ts'
import { recordingUpstream, valuesOf } from './upstreams/recording.ts'

const document = documentOf({
  '/items': { get: operation(), delete: operation() },
  '/public': { get: operation() },
  // The accounts are the issuer's: what the upstream has under /auth is an operation like any other.
  '/auth/profile': { get: operation() },
})
const settings = { access: { 'DELETE /items': 'role admin', 'GET /public': 'public' } }

const publicAlone = documentOf({ '/public': { get: operation() } })
const opened = { access: { 'GET /public': 'public' } }

const open = async (t: TestContext, env: Readonly<Record<string, string>> = {}) => {
  const upstream = await recordingUpstream(t)
  const issuer = await testIssuer(t, rsa.jwk)
  const { address } = await startGateway(t, {
    upstream: upstream.origin,
    document,
    settings,
    env: { ISSUER: issuer.url, AUDIENCE: audience, ROLES_CLAIM: 'realm_access.roles', JWT_SECRET: '', ...env },
  })
  const now = Math.floor(Date.now() / 1000)
  const token = (roles: readonly string[], more: object = {}, key = rsa): string =>
    mint(
      key,
      { alg: key.alg, typ: 'JWT', kid: 'rsa-1' },
      {
        iss: issuer.url,
        aud: audience,
        sub: 'auth0|ada',
        scope: 'x',
        realm_access: { roles },
        iat: now,
        exp: now + 60,
        ...more,
      },
    )
  return { upstream, issuer, address, token }
}

test("an issuer's token opens what its roles open, and the upstream is told of it", async (t) => {
  const { upstream, address, token } = await open(t)
  assert.equal((await call(address, 'DELETE', '/items', { token: token([]) })).status, 403)
  assert.deepEqual(upstream.requests, [])
  assert.equal((await call(address, 'DELETE', '/items', { token: token(['admin']) })).status, 200)
  assert.equal((await call(address, 'GET', '/auth/profile', { token: token([]) })).status, 200)
  const [request] = upstream.requests
  assert.ok(request)
  assert.deepEqual(valuesOf(request, 'portcullis-subject'), ['auth0|ada'])
  assert.deepEqual(valuesOf(request, 'portcullis-roles'), ['admin'])
  assert.deepEqual(valuesOf(request, 'authorization'), [])
})

test('no other token opens anything, and nobody logs in here', async (t) => {
  const { upstream, address, token } = await open(t)
  const wrong = [
    token(['admin'], { aud: 'another' }),
    token(['admin'], { nonce: 'n' }),
    token(['admin'], {}, ec),
    'x.y.z',
  ]
  for (const one of wrong) {
    const answer = await call(address, 'GET', '/items', { token: one })
    assert.equal(answer.status, 401)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json')
  }
  for (const path of ['/auth/login', '/auth/register', '/auth/refresh'])
    assert.equal((await call(address, 'POST', path, { json: {} })).status, 401)
  assert.deepEqual(upstream.requests, [])
})

test('a token is passed on only when that was asked for, and only where it was verified', async (t) => {
  const { upstream, address, token } = await open(t, { PASS_AUTHORIZATION: 'yes' })
  const held = token([])
  await call(address, 'GET', '/items', { token: held })
  await call(address, 'GET', '/public', { token: 'somebody-elses' })
  assert.deepEqual(
    upstream.requests.map((request) => valuesOf(request, 'authorization')),
    [[`Bearer ${held}`], []],
  )
})

test("a refresh cookie is the gateway's where the accounts are, and passes where they are not", async (t) => {
  const cookie = '__Secure-refresh_token=theirs; Path=/auth'
  const upstream = await recordingUpstream(t, (_, response) =>
    response.writeHead(200, { 'set-cookie': cookie }).end('{}'),
  )
  const issuer = await testIssuer(t, rsa.jwk)
  const foreign = { ISSUER: issuer.url, AUDIENCE: audience, JWT_SECRET: '' }
  for (const [env, passes] of [
    [foreign, true],
    [{}, false],
  ] as const) {
    upstream.clear()
    const { address } = await startGateway(t, {
      upstream: upstream.origin,
      document: publicAlone,
      settings: opened,
      env,
    })
    const headers = { cookie: '__Secure-refresh_token=mine; a=b' }
    const answer = await call(address, 'GET', '/public', { headers })
    assert.deepEqual(answer.headers.getSetCookie(), passes ? [cookie] : [])
    const [request] = upstream.requests
    assert.ok(request)
    assert.equal(valuesOf(request, 'cookie').join(), passes ? headers.cookie : 'a=b')
  }
})

test('the keys of an issuer without a document are where JWKS_URL says', async (t) => {
  const keys = await testIssuer(t, rsa.jwk)
  keys.answers.delete('/.well-known/openid-configuration')
  const { address, token } = await open(t, { ISSUER: 'https://id.example.com', JWKS_URL: `${keys.url}/keys` })
  assert.equal(
    (await call(address, 'GET', '/items', { token: token([], { iss: 'https://id.example.com' }) })).status,
    200,
  )
  assert.equal((await call(address, 'GET', '/items', { token: token([]) })).status, 401)
})

test('the keys of an issuer that does not answer stop the start', async (t) => {
  const { upstream } = await open(t)
  const env = { ISSUER: 'http://127.0.0.1:9', AUDIENCE: audience, JWT_SECRET: '' }
  await assert.rejects(startGateway(t, { upstream: upstream.origin, document, env }), /can not be reached/)
})

test('what is said of an issuer without one is a fault', () => {
  const env = { UPSTREAM: 'http://127.0.0.1:1', JWT_SECRET: generateSecret(), IDENTITY_SECRET: generateSecret() }
  for (const [name, value] of [
    ['PASS_AUTHORIZATION', 'yes'],
    ['JWKS_URL', 'https://a.example'],
    ['AUDIENCE', 'a'],
  ] as const)
    assert.throws(
      () => readSettings({ ...env, [name]: value }, false),
      (error) => error instanceof SettingsError && error.message.includes(`${name} `),
    )
})
