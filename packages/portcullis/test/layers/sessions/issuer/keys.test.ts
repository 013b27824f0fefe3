import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IssuerAlgorithm } from '../../../../src/layers/sessions/index.ts'
import { importJwks, KeyRingError, keyRing } from '../../../../src/layers/sessions/index.ts'
import { IssuerError } from '../../../../src/layers/sessions/issuer/issuer-error.ts'
import { ISSUER_ALGORITHMS, issuerKeys } from '../../../../src/layers/sessions/issuer/issuer-keys.ts'
import { ec, ed, keyOf, otherRsa, pss, rsa } from './issuer.ts'

const load = (keys: readonly unknown[], algs: readonly IssuerAlgorithm[] = ISSUER_ALGORITHMS) =>
  issuerKeys({ keys }, algs)

const { alg: _, ...bare } = rsa.jwk
const { alg: __, ...bareEc } = ec.jwk

test('each key gets one algorithm when it is loaded: its own, or the first of the settings that fits it', () => {
  const pinned = (keys: readonly unknown[], algs?: readonly IssuerAlgorithm[]) =>
    load(keys, algs).names.map(({ kid, alg }) => `${kid} ${alg}`)
  assert.deepEqual(pinned([rsa.jwk, pss.jwk, ec.jwk, ed.jwk]), [
    'rsa-1 RS256',
    'pss-1 PS256',
    'ec-1 ES256',
    'ed-1 EdDSA',
  ])
  assert.deepEqual(pinned([bare, bareEc]), ['rsa-1 RS256', 'ec-1 ES256'])
  assert.deepEqual(pinned([bare], ['PS256', 'RS256']), ['rsa-1 PS256'])
  assert.deepEqual(pinned([bare, bareEc], ['ES256']), ['ec-1 ES256'], 'an RSA key gets no alg that is not listed')
  assert.deepEqual(pinned([rsa.jwk, pss.jwk], ['PS256']), ['pss-1 PS256'])
})

const exponent = (e: number): Record<string, unknown> => ({
  ...rsa.jwk,
  e: Buffer.from([e]).toString('base64url'),
})

const LEFT_OUT: readonly [string, unknown, RegExp][] = [
  ['a secret', { kty: 'oct', kid: 'a', alg: 'HS256', k: Buffer.alloc(32, 7).toString('base64url') }, /is a secret/],
  ['a secret that says RS256', { kty: 'oct', kid: 'a', alg: 'RS256', k: 'AAAA' }, /is a secret/],
  ['an RSA key that says HS256', { ...rsa.jwk, alg: 'HS256' }, /of no algorithm/],
  ['an RSA key that says ES256', { ...rsa.jwk, alg: 'ES256' }, /of no algorithm/],
  ['an RSA key that says none', { ...rsa.jwk, alg: 'none' }, /of no algorithm/],
  ['an RSA key whose alg is a list', { ...rsa.jwk, alg: ['RS256'] }, /of no algorithm/],
  ['a private key', { ...rsa.privateKey.export({ format: 'jwk' }), kid: 'a', alg: 'RS256' }, /is a private key/],
  ['RSA of 1024 bits', keyOf('RS256', 'small', 1024).jwk, /fewer than 2048/],
  ['RSA with the exponent 1', exponent(1), /exponent/],
  ['RSA with the exponent 3', exponent(3), /exponent/],
  ['a key for encryption', { ...rsa.jwk, use: 'enc' }, /not for signatures/],
  ['a key for signing only', { ...rsa.jwk, key_ops: ['sign'] }, /key_ops/],
  ['a key without a kid', { ...rsa.jwk, kid: undefined }, /no kid/],
  ['an empty kid', { ...rsa.jwk, kid: '' }, /no kid/],
  ['a kid that is a number', { ...rsa.jwk, kid: 7 }, /no kid/],
  ['a modulus with a padding', { ...rsa.jwk, n: `${rsa.jwk['n']}=` }, /canonical|be read/],
  ['no modulus', { ...rsa.jwk, n: undefined }, /be read/],
  ['P-384', { kty: 'EC', crv: 'P-384', kid: 'a', x: 'AA', y: 'AA' }, /of no algorithm/],
  ['a point off its curve', { ...ec.jwk, x: ec.jwk['y'] }, /be read/],
  ['null', null, /not an object/],
  ['a text', 'key', /not an object/],
]
for (const [name, jwk, why] of LEFT_OUT)
  test(`left out of the set, and the others stay: ${name}`, () => {
    const keys = load([jwk, ec.jwk])
    assert.deepEqual(
      keys.names.map(({ kid }) => kid),
      ['ec-1'],
    )
    assert.equal(keys.skipped.length, 1)
    assert.match(keys.skipped[0] ?? '', /^key 1 of 2 /)
    assert.match(keys.skipped[0] ?? '', why)
  })

test('of two keys with one kid neither counts', () => {
  const keys = load([rsa.jwk, { ...otherRsa.jwk, kid: 'rsa-1' }, ec.jwk])
  assert.equal(keys.find('rsa-1'), undefined)
  assert.ok(keys.find('ec-1'))
})

for (const [name, set] of [
  ['nothing', undefined],
  ['a key instead of a set', rsa.jwk],
  ['keys that are no list', { keys: {} }],
  ['101 keys', { keys: Array.from({ length: 101 }, (_, at) => ({ ...rsa.jwk, kid: `k${at}` })) }],
] as const)
  test(`no key set: ${name}`, () => {
    assert.throws(() => issuerKeys(set, ISSUER_ALGORITHMS), IssuerError)
  })

test('keys for RS256 and PS256 are for issuers alone: no ring and no import of our own takes them', () => {
  for (const { jwk } of [rsa, pss]) assert.throws(() => importJwks({ keys: [jwk] }), KeyRingError)
  const der = rsa.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url')
  for (const entry of [`rs256:${der}`, `ps256:${der}`, `es256:${der}`, `ed25519:${der}`])
    assert.throws(() => keyRing([entry]), KeyRingError)
})

test('the digest changes with any usable key, and with nothing else', () => {
  const { digest } = load([rsa.jwk, ec.jwk])
  assert.equal(load([ec.jwk, { ...rsa.jwk, x5c: ['MIIB'] }]).digest, digest)
  assert.notEqual(load([rsa.jwk]).digest, digest)
  assert.notEqual(load([{ ...otherRsa.jwk, kid: 'rsa-1' }, ec.jwk]).digest, digest)
  assert.notEqual(load([{ ...rsa.jwk, alg: 'PS256' }, ec.jwk]).digest, digest)
})
