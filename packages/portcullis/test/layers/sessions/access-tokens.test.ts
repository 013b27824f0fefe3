import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { VerifyingKey } from '../../../src/layers/sessions/index.ts'
import { accessTokens, generateSecret, keyRing, tokenVerifier } from '../../../src/layers/sessions/index.ts'
import { rememberedTokens } from '../../../src/layers/sessions/remembered.ts'
import { mintClaims, now, ring, valid } from './mint.ts'

/** The ring, with a count of the signatures that were computed. */
const counted = () => {
  const state = { verified: 0 }
  const find = (kid: string): VerifyingKey | undefined => {
    const key = ring.find(kid)
    return (
      key && {
        ...key,
        verify: (input, signature) => {
          state.verified += 1
          return key.verify(input, signature)
        },
      }
    )
  }
  return { state, keys: { find } }
}

suite('issuing', () => {
  for (const alg of ['HS256', 'EdDSA', 'ES256'] as const)
    test(`${alg}: exactly the header and the claims that are promised`, () => {
      const tokens = accessTokens({ ring: keyRing([generateSecret(alg)]), clock: () => now * 1000 + 999 })
      const { token, expiresIn } = tokens.issue('ada', 'session-1')
      const [head, body] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString())
      const header = JSON.parse(head ?? '')
      const claims = JSON.parse(body ?? '')
      assert.deepEqual(Object.keys(header).sort(), ['alg', 'kid', 'typ'])
      assert.deepEqual([header.alg, header.typ], [alg, 'at+jwt'])
      assert.deepEqual(Object.keys(claims), ['sub', 'sid', 'jti', 'iat', 'exp'])
      assert.deepEqual([claims.sub, claims.sid, claims.iat, claims.exp], ['ada', 'session-1', now, now + 900])
      assert.equal(expiresIn, 900)
      assert.deepEqual(tokens.verify(token), { ok: true, claims })
      assert.notEqual(tokens.issue('ada', 'session-1').token, token)
    })

  test('ids of another form are refused', () => {
    const { issue } = accessTokens({ ring })
    for (const id of ['', 'a b', 'a'.repeat(65), undefined as unknown as string]) {
      assert.throws(() => issue(id, 's'), { name: 'TypeError', message: /^A user id must be/ })
      assert.throws(() => issue('ada', id), { name: 'TypeError', message: /^A session id must be/ })
    }
  })

  test('options out of their bounds are refused at the start', () => {
    for (const lifetimeSeconds of [59, 3601, 0, -1, 900.5, Number.NaN, '900' as unknown as number])
      assert.throws(() => accessTokens({ ring, lifetimeSeconds }), {
        name: 'RangeError',
        message: /^lifetimeSeconds must be a whole number from 60 to 3600/,
      })
    for (const remember of [-1, 1_000_001, 0.5])
      assert.throws(() => accessTokens({ ring, remember }), { name: 'RangeError', message: /^remember must be/ })
    for (const party of ['', 'x'.repeat(501), 5 as unknown as string, '\ud800']) {
      assert.throws(() => accessTokens({ ring, issuer: party }), { name: 'TypeError', message: /^issuer must be/ })
      assert.throws(() => accessTokens({ ring, audience: party }), { name: 'TypeError', message: /^audience must be/ })
    }
    for (const lifetimeSeconds of [60, 3600])
      assert.equal(accessTokens({ ring, lifetimeSeconds }).issue('a', 's').expiresIn, lifetimeSeconds)
  })
})

suite('the memory of verified tokens', () => {
  test('a signature is computed once, and its token ends at exp all the same', () => {
    const { state, keys } = counted()
    const time = { now: now * 1000 }
    const verify = tokenVerifier({ keys, clock: () => time.now })
    for (let turn = 0; turn < 5; turn += 1) assert.equal(verify(valid).ok, true)
    assert.equal(state.verified, 1)
    time.now = (now + 60) * 1000 - 1
    assert.equal(verify(valid).ok, true)
    time.now += 1
    for (let turn = 0; turn < 2; turn += 1) assert.deepEqual(verify(valid), { ok: false, reason: 'expired' })
  })

  test('a clock that was set back, or tells nothing, refuses a remembered token', () => {
    const time = { now: now * 1000 }
    const verify = tokenVerifier({ keys: ring, clock: () => time.now })
    assert.equal(verify(valid).ok, true)
    time.now = (now - 61) * 1000
    assert.deepEqual(verify(valid), { ok: false, reason: 'not-yet-issued' })
    time.now = Number.NaN
    assert.deepEqual(verify(valid), { ok: false, reason: 'expired' })
    time.now = now * 1000
    assert.equal(verify(valid).ok, true)
  })

  test('a refused token is never remembered', () => {
    const { state, keys } = counted()
    const time = { now: (now - 61) * 1000 }
    const verify = tokenVerifier({ keys, clock: () => time.now })
    assert.deepEqual(verify(valid), { ok: false, reason: 'not-yet-issued' })
    time.now = now * 1000
    assert.equal(verify(valid).ok, true)
    assert.equal(state.verified, 2)
  })

  test('it is bounded: the oldest makes room', () => {
    const { state, keys } = counted()
    const verify = tokenVerifier({ keys, clock: () => now * 1000, remember: 3 })
    const tokens = ['a', 'b', 'c', 'd'].map((sub) => mintClaims({ sub }))
    for (const token of tokens) verify(token)
    assert.equal(state.verified, 4)
    for (const token of tokens.slice(1)) verify(token)
    assert.equal(state.verified, 4)
    verify(tokens[0] ?? '')
    assert.equal(state.verified, 5)
    const remembered = rememberedTokens(3)
    for (let n = 0; n < 100; n += 1) remembered.add(`t${n}`, { sub: '', sid: '', jti: '', iat: 0, exp: 0 })
    assert.equal(remembered.size, 3)
  })

  test('a flood of refused tokens pushes nobody out of it', () => {
    const { state, keys } = counted()
    const verify = tokenVerifier({ keys, clock: () => now * 1000, remember: 1 })
    assert.equal(verify(valid).ok, true)
    for (let n = 0; n < 20; n += 1) assert.equal(verify(mintClaims({ sub: `s${n}`, exp: now })).ok, false)
    assert.equal(state.verified, 21)
    assert.equal(verify(valid).ok, true)
    assert.equal(state.verified, 21)
  })

  test('by its field a token is found where it was verified, as it was sent, and as long as it is good', () => {
    const time = { now: now * 1000 }
    const tokens = accessTokens({ ring, clock: () => time.now })
    const { token } = tokens.issue('ada', 'session-1')
    const field = `Bearer ${token}`
    assert.equal(tokens.recall(field), undefined)
    const verified = tokens.verify(token)
    assert.equal(verified.ok, true)
    assert.deepEqual(tokens.recall(field), verified)
    const changed = `${field.slice(0, 20)}${field[20] === 'A' ? 'B' : 'A'}${field.slice(21)}`
    for (const other of [
      token,
      `bearer ${token}`,
      ` ${field}`,
      `${field} `,
      field.slice(1),
      changed,
      field.slice(-9),
      '',
    ])
      assert.equal(tokens.recall(other), undefined, other)
    assert.deepEqual(tokens.recall(field), verified)
    time.now = (now + 900) * 1000
    assert.equal(tokens.recall(field), undefined)
  })

  test('it can be turned off', () => {
    const { state, keys } = counted()
    const verify = tokenVerifier({ keys, clock: () => now * 1000, remember: 0 })
    verify(valid)
    verify(valid)
    assert.equal(state.verified, 2)
  })

  test('it belongs to one ring: another verifier knows nothing of it', () => {
    const clock = (): number => now * 1000
    assert.equal(accessTokens({ ring, clock }).verify(valid).ok, true)
    assert.equal(accessTokens({ ring: keyRing([generateSecret()]), clock }).verify(valid).ok, false)
  })
})
