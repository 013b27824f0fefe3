import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, test } from 'node:test'
import { accessTokens, generateSecret, keyRing } from 'portcullis/sessions'
import { upstreamIdentity } from '../../../src/identity.ts'
import { noPython, startArticle } from './start.ts'

const skip = noPython()
const secret = generateSecret()
const audience = 'http://shop.internal:8000'
const ada = { id: 'auth0|ada lovelace', roles: ['admin', 'zoë'], sessionId: 's1' }
const origin =
  skip === false ? await startArticle({ after }, { IDENTITY_SECRET: secret, IDENTITY_AUDIENCE: audience }) : ''

const me = async (fields: [string, string][]) => {
  const answer = await fetch(`${origin}/me`, { headers: fields })
  return { status: answer.status, body: (await answer.json()) as unknown }
}

const written = (identity = upstreamIdentity({ secret, audience }), caller = ada): string =>
  identity.fields(caller)['portcullis-token'] ?? ''

test('a FastAPI application learns from the token who is calling', { skip }, async () => {
  const fields = Object.entries(upstreamIdentity({ secret, audience }).fields(ada))
  assert.deepEqual(await me(fields), { status: 200, body: { id: ada.id, roles: ada.roles, session: 's1' } })
  const without = await me([['portcullis-token', written(undefined, { ...ada, sessionId: '' })]])
  assert.deepEqual(without, { status: 200, body: { id: ada.id, roles: ada.roles, session: null } })
})

const signed = (header: object, claims: object): string => {
  const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}
const now = Math.floor(Date.now() / 1000)
const header = { alg: 'HS256', typ: 'portcullis-identity+jwt' }
const claims = { iss: 'portcullis-gateway', aud: audience, sub: 'ada', roles: ['admin'], iat: now, exp: now + 60 }
const { exp: _, ...endless } = claims

test('the table of refusals begins from a token that passes', { skip }, async () => {
  assert.equal((await me([['portcullis-token', signed(header, claims)]])).status, 200)
})

const REFUSED: readonly [string, [string, string][]][] = [
  [
    'no token, whatever the other fields say',
    [
      ['portcullis-subject', 'ada'],
      ['portcullis-roles', 'admin'],
    ],
  ],
  [
    'two tokens',
    [
      ['portcullis-token', written()],
      ['portcullis-token', written()],
    ],
  ],
  [
    'the token of another upstream',
    [['portcullis-token', written(upstreamIdentity({ secret, audience: 'http://other:8000' }))]],
  ],
  ['another secret', [['portcullis-token', written(upstreamIdentity({ secret: generateSecret(), audience }))]]],
  [
    'an old one',
    [['portcullis-token', written(upstreamIdentity({ secret, audience, clock: () => Date.now() - 61_000 }))]],
  ],
  [
    'an access token that the same secret signed',
    [['portcullis-token', accessTokens({ ring: keyRing([secret]), audience }).issue('ada', 's1').token]],
  ],
  ['the typ of an access token', [['portcullis-token', signed({ ...header, typ: 'at+jwt' }, claims)]]],
  ['no exp', [['portcullis-token', signed(header, endless)]]],
  ['another issuer', [['portcullis-token', signed(header, { ...claims, iss: 'somebody' })]]],
  ['no roles', [['portcullis-token', signed(header, { ...claims, roles: undefined })]]],
  [
    'alg none',
    [
      [
        'portcullis-token',
        `${signed({ ...header, alg: 'none' }, claims)
          .split('.')
          .slice(0, 2)
          .join('.')}.`,
      ],
    ],
  ],
  ['what is no token', [['portcullis-token', 'ada']]],
]
for (const [name, fields] of REFUSED)
  test(`refused by the FastAPI application: ${name}`, { skip }, async () => {
    assert.deepEqual(await me(fields), { status: 401, body: { detail: 'Call through the gateway.' } })
  })
