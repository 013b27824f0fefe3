import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { accessTokens, generateSecret, KeyRingError, keyRing } from 'portcullis/sessions'
import { upstreamIdentity } from '../src/identity.ts'

const secret = generateSecret()
const audience = 'http://127.0.0.1:8000'
const ada = { id: 'ada', roles: ['admin', 'editor'], sessionId: 's1' }

const at = (seconds: number) => upstreamIdentity({ secret, audience, clock: () => seconds * 1000 + 500 })

const parts = (token: string) =>
  token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>)

test('the upstream is told who is calling, in a token of its own kind', () => {
  const fields = at(1000).fields(ada)
  assert.equal(fields['portcullis-subject'], 'ada')
  assert.equal(fields['portcullis-roles'], 'admin,editor')
  const token = fields['portcullis-token'] ?? ''
  const [header, payload] = parts(token)
  assert.deepEqual(header, { alg: 'HS256', typ: 'portcullis-identity+jwt', kid: keyRing([secret]).signing.kid })
  assert.deepEqual(payload, {
    iss: 'portcullis-gateway',
    aud: audience,
    sub: 'ada',
    sid: 's1',
    roles: ['admin', 'editor'],
    iat: 1000,
    exp: 1060,
  })
  const [head, body, signature] = token.split('.')
  assert.equal(createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url'), signature)
})

test('each field has a name that is stripped from what a caller sends', () => {
  const identity = at(1000)
  assert.deepEqual(Object.keys(identity.fields(ada)).sort(), [...identity.names].sort())
})

test('nobody is told of on a public route', () => {
  assert.deepEqual(at(1000).fields(undefined), {})
})

test('a token without a session says nothing of one', () => {
  const [, payload] = parts(at(1000).fields({ ...ada, sessionId: '' })['portcullis-token'] ?? '')
  assert.equal('sid' in (payload ?? {}), false)
})

const WRITTEN: readonly [string, string][] = [
  ['auth0|507f1f77', 'auth0|507f1f77'],
  ['ada lovelace', 'ada%20lovelace'],
  ['a,b', 'a%2Cb'],
  ['100%', '100%25'],
  ['%61da', '%2561da'],
  ['zoë', 'zo%C3%AB'],
  ['ada\r\nportcullis-roles: admin', 'ada%0D%0Aportcullis-roles:%20admin'],
  ['\u0000', '%00'],
  ['🏰', '%F0%9F%8F%B0'],
  ['\u007f', '%7F'],
]
for (const [text, written] of WRITTEN)
  test(`${JSON.stringify(text)} is written ${written}, and can be read again`, () => {
    const fields = at(1000).fields({ id: text, roles: [text, 'x'], sessionId: '' })
    assert.equal(fields['portcullis-subject'], written)
    assert.equal(fields['portcullis-roles'], `${written},x`)
    assert.equal(decodeURIComponent(written), text)
    for (const value of Object.values(fields)) assert.match(value, /^[\x21-\x7e]*$/)
  })

test('two callers never share their fields, however their ids and roles are cut', () => {
  const identity = at(1000)
  const callers = [
    ada,
    { ...ada, id: 'ad' },
    { ...ada, sessionId: 's2' },
    { ...ada, roles: ['admin,editor'] },
    { ...ada, roles: ['admin'] },
    { ...ada, roles: ['editor', 'admin'] },
    { ...ada, roles: [] },
    { id: 'ada","s1', roles: [], sessionId: '' },
    { id: 'ada', roles: [], sessionId: 's1","x' },
  ]
  const tokens = callers.map((caller) => identity.fields(caller)['portcullis-token'])
  assert.equal(new Set(tokens).size, callers.length)
  for (const [index, caller] of callers.entries())
    assert.equal(identity.fields(caller)['portcullis-token'], tokens[index])
})

test('a token is written anew before half of its life is over, and when the clock is set back', () => {
  let now = 1000
  const identity = upstreamIdentity({ secret, audience, clock: () => now * 1000 })
  const iat = (): unknown => parts(identity.fields({ ...ada })['portcullis-token'] ?? '')[1]?.['iat']
  assert.equal(iat(), 1000)
  now = 1029
  assert.equal(iat(), 1000)
  now = 1030
  assert.equal(iat(), 1030)
  now = 1010
  assert.equal(iat(), 1010)
})

test('changed roles are told of on the very next request', () => {
  const identity = at(1000)
  assert.equal(identity.fields(ada)['portcullis-roles'], 'admin,editor')
  assert.equal(identity.fields({ ...ada, roles: [] })['portcullis-roles'], '')
})

test('of many callers each gets its own, and the memory stays bounded', () => {
  const identity = at(1000)
  const tokenOf = (number: number) => identity.fields({ ...ada, id: `u${number}` })['portcullis-token'] ?? ''
  for (let number = 0; number < 12_000; number += 1) tokenOf(number)
  for (const number of [0, 4_999, 5_000, 9_999, 11_999]) assert.equal(parts(tokenOf(number))[1]?.['sub'], `u${number}`)
})

for (const [name, principal] of [
  ['an empty role', { ...ada, roles: [''] }],
  ['half a character', { ...ada, roles: ['\ud800'] }],
  ['a role that is no text', { ...ada, roles: [7 as unknown as string] }],
  ['an empty id', { ...ada, id: '' }],
] as const)
  test(`${name} is told to nobody`, () => {
    assert.throws(() => at(1000).fields(principal), TypeError)
  })

test('more roles than a header holds are told to nobody', () => {
  const roles = Array.from({ length: 1000 }, (_, index) => `role-${index}`)
  assert.throws(() => at(1000).fields({ ...ada, roles }), RangeError)
})

test('what signs for the upstream is no access token, even where somebody took one key for both', () => {
  const tokens = accessTokens({ ring: keyRing([secret]), audience, issuer: 'portcullis-gateway' })
  const token = upstreamIdentity({ secret, audience }).fields({ ...ada, roles: [] })['portcullis-token'] ?? ''
  assert.deepEqual(tokens.verify(token), { ok: false, reason: 'type' })
})

test('a secret that is none is refused at the start', () => {
  for (const weak of ['', 'secret', 'a'.repeat(64)])
    assert.throws(() => upstreamIdentity({ secret: weak, audience }), KeyRingError)
})
