import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateSecret, keyRing, rotatingAccessTokens, secretsIn } from '../../../src/layers/sessions/index.ts'
import { now, otherSecret, secret } from './mint.ts'

const clock = (): number => now * 1000
const kidOf = (token: string): string => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
const kid = (one: string): string => keyRing([one]).signing.kid

test('the ring that is in use signs and verifies, and what a retired key signed is refused though it was remembered', () => {
  const tokens = rotatingAccessTokens({ ring: keyRing([secret]), clock })
  const { token: old } = tokens.issue('ada', 's')
  for (let reads = 0; reads < 3; reads += 1) assert.equal(tokens.verify(old).ok, true)

  tokens.rotate(keyRing([secret, otherSecret]))
  assert.equal(kidOf(tokens.issue('ada', 's').token), kid(secret), 'the new key signed before it was put first')
  tokens.rotate(keyRing([otherSecret, secret]))
  const { token: young } = tokens.issue('ada', 's')
  assert.equal(kidOf(young), kid(otherSecret))
  for (const token of [old, young, old, young]) assert.equal(tokens.verify(token).ok, true)

  const retired = keyRing([otherSecret])
  tokens.rotate(retired)
  assert.deepEqual(tokens.verify(old), { ok: false, reason: 'unknown-key' })
  assert.equal(tokens.verify(young).ok, true)
  assert.equal(tokens.ring(), retired)
})

test('a key that comes back is believed again, and options hold across rotations', () => {
  const tokens = rotatingAccessTokens({ ring: keyRing([secret]), clock, issuer: 'us', lifetimeSeconds: 60 })
  const { token } = tokens.issue('ada', 's')
  tokens.rotate(keyRing([otherSecret]))
  assert.equal(tokens.verify(token).ok, false)
  tokens.rotate(keyRing([otherSecret, secret]))
  assert.equal(tokens.verify(token).ok, true)
  const issued = tokens.issue('ada', 's')
  const verified = tokens.verify(issued.token)
  assert.ok(verified.ok)
  assert.deepEqual([verified.claims.iss, issued.expiresIn], ['us', 60])
})

test('a ring names its keys in its order, and tells nothing else of them', () => {
  const secrets = [generateSecret(), generateSecret('EdDSA'), generateSecret('ES256')]
  const { names } = keyRing(secrets)
  assert.deepEqual(
    names,
    secrets.map((one, index) => ({ kid: kid(one), alg: ['HS256', 'EdDSA', 'ES256'][index] })),
  )
  assert.ok(Object.isFrozen(names) && names.every((name) => Object.isFrozen(name)))
})

test('keys are read from text with commas and line ends of every kind, notes aside', () => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    ['a,b', ['a', 'b']],
    ['a\nb\n', ['a', 'b']],
    ['a\r\nb\r\n', ['a', 'b']],
    [' a , ,b,\n\n', ['a', 'b']],
    ['\uFEFFa', ['a']],
    ['# a note, with a comma\na\n  # another\n#\nb', ['a', 'b']],
    ['#a\nb', ['#a', 'b']],
    ['a # b', ['a # b']],
    ['', []],
    ['\n# nothing\n', []],
  ]
  for (const [text, expected] of table) assert.deepEqual(secretsIn(text), expected, JSON.stringify(text))
})
