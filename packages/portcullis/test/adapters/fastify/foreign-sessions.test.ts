import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import type { PortcullisOptions } from '../../../src/adapters/fastify/index.ts'
import { portcullis, role } from '../../../src/adapters/fastify/index.ts'
import type { IssuerTokens, IssuerVerified } from '../../../src/layers/sessions/index.ts'
import { SettingsError } from '../../../src/settings/index.ts'
import { secret } from './app.ts'

const claims = (sub: string, roles: readonly string[]): IssuerVerified => ({
  ok: true,
  claims: { sub, sid: 'theirs', roles },
})

/** An issuer of four tokens: one is known at once, one later, and about one it can't say anything. */
const foreign: Pick<IssuerTokens, 'verify'> = {
  verify: (token) => {
    if (token === 'down') throw new Error('the issuer does not answer')
    if (token === 'late') return Promise.resolve(claims('auth0|late', ['admin']))
    if (token === 'late-and-wrong') return Promise.resolve({ ok: false, reason: 'unknown-key' })
    if (token === 'plain') return claims('ada', [])
    return token === 'admin' ? claims('ada', ['admin']) : { ok: false, reason: 'signature' }
  },
}

const app = async (options: Partial<PortcullisOptions> = {}) => {
  const reached: string[] = []
  const open = Fastify()
  await open.register(portcullis, { sessions: { foreign }, ...options } as PortcullisOptions)
  open.get('/me', async ({ principal }) => {
    reached.push('/me')
    return principal
  })
  open.delete('/orders', { config: { access: role('admin') } }, async ({ principal }) => {
    reached.push('/orders')
    return principal
  })
  return { open, reached }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

test("somebody else's token says who is calling and in which roles", async () => {
  const { open } = await app()
  const me = await open.inject({ url: '/me', headers: bearer('plain') })
  assert.deepEqual(me.json(), { id: 'ada', roles: [], sessionId: 'theirs' })
  const late = await open.inject({ method: 'DELETE', url: '/orders', headers: bearer('late') })
  assert.deepEqual(late.json(), { id: 'auth0|late', roles: ['admin'], sessionId: 'theirs' })
})

const REFUSED = [
  ['no token', {}, 'GET', '/me', 401],
  ['a token that is not theirs', bearer('forged'), 'GET', '/me', 401],
  ['one that is found out later', bearer('late-and-wrong'), 'GET', '/me', 401],
  ['one without the role', bearer('plain'), 'DELETE', '/orders', 403],
  ['one that nobody can judge now', bearer('down'), 'GET', '/me', 503],
] as const

for (const [name, headers, method, url, status] of REFUSED)
  test(`${name} gets ${status}, and reaches nothing`, async () => {
    const { open, reached } = await app()
    const answer = await open.inject({ method, url, headers })
    assert.equal(answer.statusCode, status)
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    assert.equal(answer.json().status, status)
    assert.deepEqual(reached, [])
  })

test('identify, where it is given, decides the roles, and who there is', async () => {
  const { open, reached } = await app({ identify: (id) => (id === 'ada' ? { id, roles: ['reader'] } : null) })
  const refused = await open.inject({ method: 'DELETE', url: '/orders', headers: bearer('admin') })
  assert.equal(refused.statusCode, 403)
  const unknown = await open.inject({ url: '/me', headers: bearer('late') })
  assert.equal(unknown.statusCode, 401)
  assert.deepEqual(reached, [])
  const me = await open.inject({ url: '/me', headers: bearer('admin') })
  assert.deepEqual(me.json().roles, ['reader'])
})

test('no session of our own is opened beside a foreign issuer, and no key of ours signs', async () => {
  const { open } = await app()
  await open.ready()
  await assert.rejects(open.portcullis.sessions.open('ada', { client: '', label: '' }), /belong to the issuer/)
  assert.deepEqual(open.portcullis.jwks(), { keys: [] })
  assert.deepEqual(open.portcullis.keys(), [])
  assert.throws(() => open.portcullis.rotateKeys(secret), SettingsError)
})

const FAULTS: readonly [string, Record<string, unknown>, RegExp][] = [
  ['a secret of ours beside it', { sessions: { foreign, secret } }, /sessions\.secret has no meaning beside/],
  ['what verifies nothing', { sessions: { foreign: {} } }, /sessions\.foreign takes what/],
  ['nothing', { sessions: { foreign: null } }, /sessions\.foreign takes what/],
  ['an identify that is no function', { sessions: { foreign }, identify: 'no' }, /identify is missing/],
  ['own sessions without identify', { sessions: { secret } }, /identify is missing/],
  ['no sessions at all', { sessions: null }, /sessions must be an object/],
]
for (const [name, options, fault] of FAULTS)
  test(`the start is refused with ${name}`, async () => {
    await assert.rejects(
      async () => Fastify().register(portcullis, options as unknown as PortcullisOptions),
      (error) => error instanceof SettingsError && fault.test(error.message),
    )
  })
