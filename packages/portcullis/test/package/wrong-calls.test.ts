import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountRoutes } from '../../src/accounts/index.ts'
import { metrics, serviceKey } from '../../src/adapters/fastify/index.ts'
import { clientReader } from '../../src/client/index.ts'
import { role } from '../../src/layers/access/index.ts'
import {
  accessTokens,
  keyRing,
  rotatingAccessTokens,
  secretsIn,
  tokenVerifier,
} from '../../src/layers/sessions/index.ts'
import { cors } from '../../src/response/index.ts'
import { guarded } from '../adapters/fastify/app.ts'

const digest = Buffer.alloc(32)

/** Calls as somebody makes them who has not read the types, and what each is told. */
const calls: readonly (readonly [
  call: string,
  make: (...args: never[]) => unknown,
  args: readonly unknown[],
  said: RegExp,
])[] = [
  [
    'a bearer and not its digest',
    serviceKey,
    ['scraper', 'x'.repeat(32), role('admin')],
    /SHA-256 of the bearer, 32 b/,
  ],
  ['no digest', serviceKey, ['scraper'], /SHA-256 of the bearer, 32 bytes: createHash/],
  ['nobody else', serviceKey, ['scraper', digest], /third argument the rule of everybody else/],
  ['a word that is no rule', serviceKey, ['scraper', digest, 'admin'], /access takes 'public', 'authenticated', role/],
  ['tokens of nothing', accessTokens, [], /accessTokens takes a ring: \{ ring: keyRing/],
  ['tokens of a secret', accessTokens, [{ ring: 'x'.repeat(43) }], /accessTokens takes a ring/],
  ['rotating tokens of nothing', rotatingAccessTokens, [{}], /accessTokens takes a ring/],
  ['a verifier of nothing', tokenVerifier, [], /tokenVerifier takes keys: what keyRing/],
  ['routes of nothing', accountRoutes, [], /accountRoutes takes what accounts\(\) answers/],
  ['a variable that is not set', () => keyRing(secretsIn(undefined)), [], /a secret is missing/],
]

for (const [call, make, args, said] of calls)
  test(`a call that can not be right says what was wrong: ${call}`, () => {
    assert.throws(
      () => (make as (...all: unknown[]) => unknown)(...args),
      (error: Error) => {
        assert.match(error.message, said)
        return true
      },
    )
  })

test('so does one of the plugin: figures that are not there, and a label that is no text', async (t) => {
  const app = await guarded()
  t.after(() => app.close())
  for (const options of [undefined, {}, { path: '/metrics' }, { figures: () => [] }])
    assert.throws(() => metrics(app, options as never), /^TypeError: metrics takes a path and figures: metrics\(app, /)
  for (const label of [5, ['curl'], {}])
    await assert.rejects(
      app.portcullis.sessions.open('ada', { client: '127.0.0.1', label: label as never }),
      /^TypeError: sessions.open takes a text as its label/,
    )
})

test('what has a safe default for everything may be made of nothing', () => {
  assert.deepEqual(clientReader()('192.0.2.1', '6.6.6.6').key, '192.0.2.1')
  assert.equal(cors().knows('https://app.example.com'), false)
})

test('the rule of everybody else may be a word, as anywhere', () => {
  assert.equal(serviceKey('scraper', digest, 'authenticated' as never).label, 'scraper or authenticated')
})
