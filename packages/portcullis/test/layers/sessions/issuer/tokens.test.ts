import assert from 'node:assert/strict'
import { createHmac, createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import { MAX_TOKEN_BYTES } from '../../../../src/layers/sessions/jws.ts'
import type { TestKey } from './issuer.ts'
import {
  audience,
  ec,
  ed,
  header,
  keyOf,
  mint,
  now,
  otherRsa,
  payloadOf,
  pss,
  rsa,
  signature,
  testIssuer,
  verifierOf,
} from './issuer.ts'

for (const key of [rsa, pss, ec, ed])
  test(`a token of the issuer's by ${key.alg} says who it is, at once`, async (t) => {
    const issuer = await testIssuer(t, key.jwk)
    const tokens = await verifierOf(t, issuer)
    const token = mint(key, { ...header, alg: key.alg, kid: key.kid }, payloadOf(issuer.url))
    const first = tokens.verify(token)
    assert.deepEqual(first, { ok: true, claims: { sub: 'user-1', sid: '', roles: [] } })
    assert.deepEqual(tokens.verify(token), first, 'and so when it is remembered')
  })

/** What Keycloak 26 writes. */
const keycloak = (issuer: string) => ({
  exp: now + 240,
  iat: now - 60,
  auth_time: now - 61,
  jti: 'onrtac:6d3e6b5e-9d0f-4a5d-8b3d-3a5a7b0a4a55',
  iss: issuer,
  aud: [audience, 'account'],
  sub: '9e2c7a0c-0d6a-4d53-a8a2-0b4f3f3d7a11',
  typ: 'Bearer',
  azp: 'web',
  sid: 'b0f3a2f4-29ad-41a7-8f2c-e4b7a7a4f5f0',
  acr: '1',
  'allowed-origins': ['https://app.example.com'],
  realm_access: { roles: ['offline_access', 'admin'] },
  resource_access: { account: { roles: ['manage-account', 'view-profile'] } },
  scope: 'openid email profile',
  email_verified: true,
  preferred_username: 'ada',
})

/** What Auth0 writes for an API of one's own. */
const auth0 = (issuer: string) => ({
  'https://example.com/roles': ['admin', 'editor'],
  iss: issuer,
  sub: 'auth0|507f1f77bcf86cd799439020',
  aud: [audience, `${issuer}userinfo`],
  iat: now - 60,
  exp: now - 60 + 86_400,
  scope: 'openid profile read:orders',
  azp: 'my_client_id',
  permissions: ['read:orders'],
})

test("Keycloak's tokens: roles inside an object", async (t) => {
  const issuer = await testIssuer(t, { ...keyOf('RS256', 'enc').jwk, use: 'enc', alg: 'RSA-OAEP' }, rsa.jwk)
  const tokens = await verifierOf(t, issuer, { rolesClaim: 'realm_access.roles' })
  const verified = await tokens.verify(mint(rsa, { ...header, typ: 'JWT' }, keycloak(issuer.url)))
  assert.deepEqual(verified, {
    ok: true,
    claims: {
      sub: '9e2c7a0c-0d6a-4d53-a8a2-0b4f3f3d7a11',
      sid: 'b0f3a2f4-29ad-41a7-8f2c-e4b7a7a4f5f0',
      roles: ['offline_access', 'admin'],
    },
  })
  assert.equal(tokens.state().skipped.length, 1, 'the key for encryption is left out')
})

test("Auth0's tokens: an issuer with a slash, a claim that is an address, a day of life", async (t) => {
  const local = await testIssuer(t, rsa.jwk)
  const issuer = `${local.url}/`
  local.answers.set('/.well-known/openid-configuration', (_, response) =>
    response.end(JSON.stringify({ issuer, jwks_uri: `${local.url}/keys` })),
  )
  const tokens = await verifierOf(t, { url: issuer }, { rolesClaim: 'https://example.com/roles' })
  const token = mint(rsa, { ...header, typ: 'JWT' }, auth0(issuer))
  const verified = await tokens.verify(token)
  assert.deepEqual(verified.ok && verified.claims.roles, ['admin', 'editor'])
  const short = await verifierOf(t, { url: issuer }, { maxLifetimeMinutes: 60 })
  assert.deepEqual(await short.verify(token), { ok: false, reason: 'lifetime' })
})

const ROLES: readonly [string, unknown, readonly string[]][] = [
  ['a list of texts', ['admin', 'editor'], ['admin', 'editor']],
  ['a text with spaces', 'read:orders  admin', ['read:orders', 'admin']],
  ['an empty text', '', []],
  ['a number', 7, []],
  ['an object', { admin: true }, []],
  ['a list with a number in it', ['admin', 1], []],
  ['a list of lists', [['admin']], []],
  ['half a character', ['admin', '\ud800'], []],
  ['a text with half a character', 'admin \ud800', []],
  ['an empty role', ['admin', ''], []],
  ['nothing', undefined, []],
  ['null', null, []],
]
for (const [name, claim, roles] of ROLES)
  test(`roles: ${name} gives ${JSON.stringify(roles)}`, async (t) => {
    const issuer = await testIssuer(t, rsa.jwk)
    const tokens = await verifierOf(t, issuer, { rolesClaim: 'realm_access.roles' })
    const nested = mint(rsa, header, { ...payloadOf(issuer.url), realm_access: { roles: claim } })
    const verified = await tokens.verify(nested)
    assert.deepEqual(verified.ok && verified.claims.roles, roles)
  })

test('no way inwards leads past an object of its own: no prototype, no list, no text', async (t) => {
  const issuer = await testIssuer(t, rsa.jwk)
  for (const [rolesClaim, more] of [
    ['a.constructor.name', { a: {} }],
    ['__proto__.roles', { roles: ['admin'] }],
    ['a.0', { a: ['admin'] }],
    ['a.length', { a: 'admin' }],
    ['a.roles.', { a: { roles: ['admin'] } }],
  ] as const) {
    const tokens = await verifierOf(t, issuer, { rolesClaim })
    const verified = await tokens.verify(mint(rsa, header, { ...payloadOf(issuer.url), ...more }))
    assert.deepEqual(verified.ok && verified.claims.roles, [], rolesClaim)
  }
})

const claims = (other: Readonly<Record<string, unknown>>) => (issuer: string) =>
  mint(rsa, header, { ...payloadOf(issuer), ...other })
const plain =
  (other: Readonly<Record<string, unknown>>, ...without: readonly string[]) =>
  (issuer: string) => {
    const kept = Object.entries(payloadOf(issuer)).filter(([name]) => !without.includes(name))
    return mint(rsa, { ...header, typ: 'JWT' }, { ...Object.fromEntries(kept), ...other })
  }
const head =
  (other: Readonly<Record<string, unknown>>, key: TestKey = rsa) =>
  (issuer: string) =>
    mint(key, { ...header, ...other }, payloadOf(issuer))
const without = (name: string) => (issuer: string) => {
  const { [name]: _, ...rest } = payloadOf(issuer)
  return mint(rsa, header, rest)
}

/** RS256's public key, used as the secret of HS256. */
const confused = (secret: string | Buffer) => (issuer: string) => {
  const input = [{ alg: 'HS256', typ: 'at+jwt', kid: 'rsa-1' }, payloadOf(issuer)]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}
const publicKey = createPublicKey(rsa.privateKey)

const FORGED: readonly [string, string, (issuer: string) => string][] = [
  ['another key under the same kid', 'signature', (issuer) => mint(otherRsa, header, payloadOf(issuer))],
  ['HS256 with the public key as PEM', 'algorithm', confused(publicKey.export({ type: 'spki', format: 'pem' }))],
  ['HS256 with the public key as DER', 'algorithm', confused(publicKey.export({ type: 'spki', format: 'der' }))],
  ['HS256 with the modulus', 'algorithm', confused(String(rsa.jwk['n']))],
  ['alg none with a signature', 'algorithm', head({ alg: 'none' })],
  [
    'alg none without one',
    'malformed',
    (issuer) => `${head({ alg: 'none' })(issuer).split('.').slice(0, 2).join('.')}.`,
  ],
  ['PS256 under a key of RS256', 'algorithm', head({ alg: 'PS256' }, { ...rsa, alg: 'PS256' })],
  ['PSS under the name of RS256', 'signature', head({}, { ...rsa, alg: 'PS256' })],
  ['RS512', 'algorithm', head({ alg: 'RS512' })],
  ['rs256', 'algorithm', head({ alg: 'rs256' })],
  ['another issuer', 'issuer', claims({ iss: 'https://evil.example.com' })],
  ['the issuer with a slash', 'issuer', (issuer) => claims({ iss: `${issuer}/` })(issuer)],
  ['the issuer in capitals', 'issuer', (issuer) => claims({ iss: issuer.toUpperCase() })(issuer)],
  ['the issuer in a list', 'claims', (issuer) => claims({ iss: [issuer] })(issuer)],
  ['no issuer', 'claims', without('iss')],
  ['another audience', 'audience', claims({ aud: 'https://other.example.com' })],
  ['no audience', 'audience', without('aud')],
  ['an audience that begins like ours', 'audience', claims({ aud: `${audience}/evil` })],
  ['audiences without ours', 'audience', claims({ aud: ['account', 'https://other.example.com'] })],
  ['audiences with a number', 'audience', claims({ aud: [audience, 1] })],
  ['exp now', 'expired', claims({ exp: now })],
  ['exp a second ago', 'expired', claims({ exp: now - 1 })],
  ['exp as text', 'claims', claims({ exp: String(now + 60) })],
  ['exp with a fraction', 'claims', claims({ exp: now + 60.5 })],
  ['exp beyond whole numbers', 'claims', claims({ exp: 1e300 })],
  ['no exp', 'claims', without('exp')],
  ['a life of more than a day', 'lifetime', claims({ exp: now - 60 + 86_401 })],
  ['more than a day to go and no iat', 'lifetime', plain({ exp: now + 86_401 }, 'iat')],
  ['iat two minutes from now', 'not-yet-valid', claims({ iat: now + 120 })],
  ['iat as text', 'claims', claims({ iat: 'now' })],
  ['nbf in a second', 'not-yet-valid', claims({ nbf: now + 1 })],
  ['nbf as text', 'claims', claims({ nbf: '0' })],
  ['no sub', 'claims', without('sub')],
  ['an empty sub', 'claims', claims({ sub: '' })],
  ['a long sub', 'claims', claims({ sub: 'x'.repeat(256) })],
  ['a sub of two lines', 'claims', claims({ sub: 'ada\nadmin' })],
  ['a sub with NUL', 'claims', claims({ sub: 'ada\u0000' })],
  ['a sub with a line separator', 'claims', claims({ sub: 'ada\u2028' })],
  ['a sub with half a character', 'claims', claims({ sub: 'ada\ud800' })],
  ['a sub that is a number', 'claims', claims({ sub: 7 })],
  ['a sub that is a list', 'claims', claims({ sub: ['ada'] })],
  ['a sid of two lines', 'claims', claims({ sid: 'a\r\nb' })],
  ['an id_token by its nonce', 'not-an-access-token', plain({ nonce: 'n-0S6' })],
  ['an id_token by its at_hash', 'not-an-access-token', plain({ at_hash: 'MTIzNDU2Nzg5MDEyMzQ1Ng' })],
  ['an id_token by its c_hash', 'not-an-access-token', plain({ c_hash: 'LDktKdoQak3Pk0cnXxCltA' })],
  ['an id_token with neither', 'not-an-access-token', plain({ email: 'a@example.com' }, 'scope', 'client_id')],
  ["Keycloak's id_token", 'not-an-access-token', plain({ typ: 'ID' })],
  ["Keycloak's refresh token", 'not-an-access-token', plain({ typ: 'Refresh' })],
  ["Cognito's id_token", 'not-an-access-token', plain({ token_use: 'id' })],
  ['a logout token', 'not-an-access-token', plain({ events: {} })],
  ['a logout token by typ', 'not-an-access-token', head({ typ: 'logout+jwt' })],
  ['our own internal typ', 'not-an-access-token', head({ typ: 'portcullis-identity+jwt' })],
  ['typ in another spelling', 'not-an-access-token', head({ typ: 'AT+JWT' })],
  ['a token bound to a key (DPoP)', 'bound', claims({ cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } })],
  ['an unknown kid', 'unknown-key', head({ kid: 'rsa-9' })],
  ['a kid that is a path', 'unknown-key', head({ kid: '../../../dev/null' })],
  ['a kid of the prototype', 'unknown-key', head({ kid: '__proto__' })],
  ['no kid', 'header', head({ kid: undefined })],
  ['jku', 'header', (issuer) => head({ jku: `${issuer}/evil` })(issuer)],
  ['jwk', 'nested', head({ jwk: otherRsa.jwk }, otherRsa)],
  ['x5u', 'header', head({ x5u: 'https://evil.example.com/x' })],
  ['x5c', 'nested', head({ x5c: ['MIIB'] })],
  ['crit', 'nested', head({ crit: ['exp'] })],
  ['b64', 'header', head({ b64: false })],
  ['zip', 'header', head({ zip: 'DEF' })],
  ['cty', 'header', head({ cty: 'JWT' })],
  [
    'two sub',
    'duplicate-name',
    (issuer) => mint(rsa, header, JSON.stringify(payloadOf(issuer)).replace('{', '{"sub":"admin",')),
  ],
  [
    'two roles, deep inside',
    'duplicate-name',
    (issuer) =>
      mint(rsa, header, JSON.stringify(payloadOf(issuer)).replace('{', '{"a":{"roles":[],"roles":["admin"]},')),
  ],
  ['claims too deep', 'nested', claims({ a: JSON.parse(`${'['.repeat(9)}${']'.repeat(9)}`) })],
  ['a list as claims', 'json', () => mint(rsa, header, '[]')],
  ['a BOM', 'encoding', (issuer) => mint(rsa, header, `\u{FEFF}${JSON.stringify(payloadOf(issuer))}`)],
  ['a long token', 'too-large', claims({ pad: 'x'.repeat(MAX_TOKEN_BYTES) })],
  ['padding', 'encoding', (issuer) => `${head({})(issuer)}=`],
  ['a signature of a byte more', 'signature', (issuer) => cut(head({})(issuer), 1)],
  ['a signature of a byte less', 'signature', (issuer) => cut(head({})(issuer), -1)],
  ['no signature', 'malformed', (issuer) => head({})(issuer).replace(/[^.]+$/, '')],
]

const cut = (token: string, by: number): string => {
  const input = token.slice(0, token.lastIndexOf('.'))
  const right = signature(rsa, input)
  const other = by > 0 ? Buffer.concat([right, Buffer.alloc(by)]) : right.subarray(0, by)
  return `${input}.${other.toString('base64url')}`
}

test('the tables of refusals begin from tokens that pass', async (t) => {
  const issuer = await testIssuer(t, rsa.jwk)
  const tokens = await verifierOf(t, issuer)
  for (const make of [claims({}), plain({}), plain({ typ: 'Bearer' }, 'scope', 'client_id'), head({})])
    assert.equal((await tokens.verify(make(issuer.url))).ok, true)
  for (const make of [claims({ exp: now - 60 + 86_400 }), claims({ nbf: now }), claims({ iat: now + 60 })])
    assert.equal((await tokens.verify(make(issuer.url))).ok, true)
  assert.equal((await tokens.verify(head({ typ: undefined })(issuer.url))).ok, true, 'no typ counts as JWT')
  assert.equal((await tokens.verify(head({ typ: 'application/at+jwt' })(issuer.url))).ok, true)
})

for (const [name, reason, make] of FORGED)
  test(`refused: ${name}`, async (t) => {
    const issuer = await testIssuer(t, rsa.jwk)
    const tokens = await verifierOf(t, issuer)
    assert.deepEqual(await tokens.verify(make(issuer.url)), { ok: false, reason })
  })

for (const key of [rsa, pss, ec, ed])
  test(`a signature that is no number of ${key.alg}'s is a wrong one, and throws nothing`, async (t) => {
    const issuer = await testIssuer(t, key.jwk)
    const tokens = await verifierOf(t, issuer)
    const token = mint(key, { ...header, alg: key.alg, kid: key.kid }, payloadOf(issuer.url))
    assert.equal((await tokens.verify(token)).ok, true)
    const input = token.slice(0, token.lastIndexOf('.'))
    const { length } = signature(key, input)
    for (const size of [length, length - 1, length + 1, 1])
      for (const byte of [0, 1, 0xff]) {
        const forged = `${input}.${Buffer.alloc(size, byte).toString('base64url')}`
        assert.deepEqual(await tokens.verify(forged), { ok: false, reason: 'signature' }, `${size} times ${byte}`)
      }
  })

test('a token that is remembered ends at its exp', async (t) => {
  const issuer = await testIssuer(t, rsa.jwk)
  let seconds = now
  const tokens = await verifierOf(t, issuer, { clock: () => seconds * 1000 })
  const token = mint(rsa, header, payloadOf(issuer.url))
  assert.equal((await tokens.verify(token)).ok, true)
  seconds = now + 239
  assert.equal((await tokens.verify(token)).ok, true)
  assert.equal(tokens.recall(`Bearer ${token}`)?.ok, true)
  seconds = now + 240
  assert.equal(tokens.recall(`Bearer ${token}`), undefined)
  assert.deepEqual(await tokens.verify(token), { ok: false, reason: 'expired' })
})
