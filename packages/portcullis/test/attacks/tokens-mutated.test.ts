import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { accessTokens, generateSecret, keyRing } from '../../src/layers/sessions/index.ts'
import { now, valid, verifier } from '../layers/sessions/mint.ts'

const clock = (): number => now * 1000
const issued = (['HS256', 'ES256', 'EdDSA'] as const).map((alg) => {
  const tokens = accessTokens({ ring: keyRing([generateSecret(alg)]), clock })
  return { alg, token: tokens.issue('ada', 'session-1').token, tokens }
})
const characters = fc.oneof(
  fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \0\n'),
  fc.string({ minLength: 1, maxLength: 2, unit: 'binary' }),
)

for (const { alg, token, tokens } of issued) {
  test(`${alg}: a token with any one character replaced is refused`, () => {
    fc.assert(
      fc.property(fc.nat(token.length - 1), characters, (at, character) => {
        fc.pre(token.charAt(at) !== character)
        assert.equal(tokens.verify(token.slice(0, at) + character + token.slice(at + 1)).ok, false)
      }),
      { numRuns: 1000 },
    )
    assert.equal(tokens.verify(token).ok, true)
  })

  test(`${alg}: a token with a character more, a piece less or two pieces exchanged is refused`, () => {
    fc.assert(
      fc.property(fc.nat(token.length), fc.nat(token.length), characters, (one, two, character) => {
        const [from, to] = [Math.min(one, two), Math.max(one, two)]
        const inserted = token.slice(0, from) + character + token.slice(from)
        const cut = token.slice(0, from) + token.slice(to)
        const exchanged = token.slice(from, to) + token.slice(0, from) + token.slice(to)
        for (const other of [inserted, cut, exchanged])
          if (other !== token) assert.equal(tokens.verify(other).ok, false)
      }),
      { numRuns: 500 },
    )
    assert.equal(tokens.verify(token).ok, true)
  })

  test(`${alg}: a token with any one bit of a decoded part turned is refused`, () => {
    const parts = token.split('.')
    for (const [index, part] of parts.entries()) {
      const bytes = Buffer.from(part, 'base64url')
      for (let bit = 0; bit < bytes.length * 8; bit += 5) {
        const turned = Buffer.from(bytes)
        turned.writeUInt8(turned.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        const forged = parts.with(index, turned.toString('base64url')).join('.')
        assert.equal(tokens.verify(forged).ok, false, `part ${index}, bit ${bit}`)
      }
    }
    assert.equal(tokens.verify(token).ok, true)
  })
}

test('whatever text comes, it is refused and nothing is thrown', () => {
  const { verify } = verifier()
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.base64String(), { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.')),
    fc
      .array(fc.json(), { minLength: 3, maxLength: 3 })
      .map((parts) => parts.map((p) => Buffer.from(p).toString('base64url')).join('.')),
    fc.json().map((json) => [Buffer.from(json).toString('base64url'), ...valid.split('.').slice(1)].join('.')),
  )
  fc.assert(
    fc.property(anything, (text) => {
      assert.equal(verify(text).ok, false)
    }),
    { numRuns: 2000 },
  )
})
