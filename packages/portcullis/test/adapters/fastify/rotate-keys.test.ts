import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateSecret, keyRing } from '../../../src/layers/sessions/index.ts'
import { SettingsError } from '../../../src/settings/index.ts'
import { bearer, guarded, secret } from './app.ts'

const application = async (options: Parameters<typeof guarded>[0] = {}) => {
  const app = await guarded(options)
  let ran = 0
  app.get('/mine', async () => {
    ran += 1
    return {}
  })
  await app.ready()
  const read = async (headers: { authorization: string }) => (await app.inject({ url: '/mine', headers })).statusCode
  return { app, read, ran: () => ran }
}

test('a key that is taken out is refused on the next request, and the handler does not run', async () => {
  const { app, read, ran } = await application()
  const old = await bearer(app, 'ada')
  assert.equal(await read(old), 200)
  const next = generateSecret()
  app.portcullis.rotateKeys([next, secret])
  const young = await bearer(app, 'ada')
  assert.deepEqual([await read(old), await read(young)], [200, 200])
  app.portcullis.rotateKeys(next)
  assert.deepEqual([await read(old), await read(young)], [401, 200])
  assert.equal(ran(), 4)
  assert.deepEqual(app.portcullis.keys(), keyRing([next]).names)
})

test('keys that are no ring change nothing, and each fault is told without the key', async () => {
  const { app, read } = await application()
  const old = await bearer(app, 'ada')
  const bad = [generateSecret(), 'short-and-secret', 'your-256-bit-secret-your-256-bit-secret-xyz']
  for (const [secrets, faults] of [
    [bad, 2],
    [bad.join('\n'), 2],
    ['', 1],
    [[], 1],
    [undefined, 1],
    [[secret, secret], 1],
  ] as const) {
    assert.throws(
      () => app.portcullis.rotateKeys(secrets as readonly string[]),
      (error: Error) => {
        assert.ok(error instanceof SettingsError)
        assert.equal(error.faults.length, faults, error.message)
        for (const one of bad) assert.ok(!error.message.includes(one))
        return true
      },
    )
    assert.deepEqual(app.portcullis.keys(), keyRing([secret]).names)
    assert.equal(await read(old), 200)
  }
})

test('a rotation ends no session: refresh tokens go on, and a retry gets the same successor', async () => {
  const { app, read } = await application({ sessions: { secret, retryWindowSeconds: 30 } })
  const context = { client: '127.0.0.1', label: 'test' }
  const { refreshToken } = await app.portcullis.sessions.open('ada', context)
  const before = await app.portcullis.sessions.refresh(refreshToken, context)
  app.portcullis.rotateKeys(generateSecret())
  const after = await app.portcullis.sessions.refresh(refreshToken, context)
  assert.ok(before.ok && after.ok)
  assert.equal(after.tokens.refreshToken, before.tokens.refreshToken)
  assert.equal(await read({ authorization: `Bearer ${before.tokens.accessToken}` }), 401)
  assert.equal(await read({ authorization: `Bearer ${after.tokens.accessToken}` }), 200)
  assert.ok((await app.portcullis.sessions.refresh(after.tokens.refreshToken, context)).ok)
})

test('the public keys are those of the ring in use', async () => {
  const { app } = await application()
  assert.deepEqual(app.portcullis.jwks().keys, [])
  const pair = generateSecret('EdDSA')
  app.portcullis.rotateKeys([secret, pair])
  assert.deepEqual(
    app.portcullis.jwks().keys.map(({ kid }) => kid),
    [keyRing([pair]).signing.kid],
  )
  app.portcullis.rotateKeys(secret)
  assert.deepEqual(app.portcullis.jwks().keys, [])
})
