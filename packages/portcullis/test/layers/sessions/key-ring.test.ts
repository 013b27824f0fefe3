import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import {
  accessTokens,
  generateSecret,
  importJwks,
  KeyRingError,
  keyRing,
  tokenVerifier,
} from '../../../src/layers/sessions/index.ts'
import { thumbprint } from '../../../src/layers/sessions/thumbprint.ts'

/** The faults that a list of secrets is refused with. */
const faultsOf = (secrets: readonly string[]): readonly string[] => {
  try {
    keyRing(secrets)
  } catch (error) {
    assert.ok(error instanceof KeyRingError)
    for (const fault of error.faults) assert.ok(error.message.includes(fault))
    return error.faults
  }
  return []
}
const hex = '9f2c4e81b7d03a5f6c18e2947db05a3fe1c96b728d4f05a1937be6c2d84f10a5'
const pkcs8 = (type: 'ed25519' | 'x25519'): string => {
  const { privateKey } = type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519')
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url')
}
const ec = (namedCurve: string): string =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url')

const RFC_8037 = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'

suite('secrets that are taken', () => {
  const good: readonly (readonly [string, string])[] = [
    ['64 hex digits', hex],
    ['64 hex digits in capitals', hex.toUpperCase()],
    ['43 characters of base64url', 'Zk3rT9vQ1xW7bN5mC8pL2sD6fG4hJ0yUaEoIiKtRwXs'],
    ['32 bytes in base64, padded', 'Zk3rT9vQ1xW7bN5mC8pL2sD6fG4hJ0yUaEoIiKtRwXs='],
    ['39 printable characters', 'q#7V!x@Zp2$Lm9^Tb4&Wk6*Rc8(Hd1)Nf3_Js5+'],
    ['what generateSecret makes', generateSecret()],
  ]
  for (const [name, secret] of good) test(name, () => assert.deepEqual(faultsOf([secret]), []))

  test('whatever random bytes are, in hex, base64 and base64url', () => {
    for (let round = 0; round < 2000; round += 1)
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        const secret = randomBytes(32).toString(encoding)
        assert.deepEqual(faultsOf([secret]), [], secret)
      }
  })
})

suite('secrets that are refused', () => {
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['empty', '', /is missing or empty/],
    ['short', 'aB3dE6gH9jK2mN5pQ8sT', /holds 120 random bits at the very best, and 256 are needed/],
    ['63 hex digits', hex.slice(1), /holds 252 random bits/],
    ['32 hex digits', hex.slice(32), /holds 128 random bits/],
    ['42 characters of base64url', 'Zk3rT9vQ1xW7bN5mC8pL2sD6fG4hJ0yUaEoIiKtRwX', /holds 252 random bits/],
    ['64 decimal digits', '8205719364825017394628150739462817350926481735092648173509264817', /holds 212 random bits/],
    ['43 small letters and digits', 'q7w3e9r1t5y8u2i6o4p0a7s3d9f1g5h8j2k6l4z0x7c', /holds 222 random bits/],
    ["jwt.io's", 'your-256-bit-secret', /well known or a placeholder/],
    ["jwt.io's, long", 'a-string-secret-at-least-256-bits-long', /well known or a placeholder/],
    ['twice jwt.io', 'your-256-bit-secret-your-256-bit-secret-xyz', /well known or a placeholder/],
    ['secret', 'secret', /well known or a placeholder/],
    ['changeme', `ChangeMe_${hex}`, /well known or a placeholder/],
    ['change-me', `change-me-${hex}`, /well known or a placeholder/],
    ['supersecret', `supersecret${hex}`, /well known or a placeholder/],
    ['example', `example${hex}`, /well known or a placeholder/],
    ['default', `DEFAULT${hex}`, /well known or a placeholder/],
    ['placeholder', `<placeholder>${hex}`, /well known or a placeholder/],
    ["FastAPI's", ['09d25e094faa6ca2556c818166b7a956', '3b93f7099f6f0f4caa6cf63b88e8d3e7'].join(''), /well known/],
    [
      "RFC 7515's",
      ['AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_', 'T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow'].join(''),
      /well known/,
    ],
    ['a word in base64', Buffer.from('this is my super-secret-key for the app!!').toString('base64'), /well known/],
    ['text in hex', Buffer.from('q7V!x@Zp2$Lm9^Tb4&Wk6*Rc8(Hd1)Nf').toString('hex'), /holds 210 random bits/],
    ['one letter', 'a'.repeat(64), /repeats itself, counts up, or has few different characters/],
    ['two letters', 'ab'.repeat(40), /repeats itself/],
    ['hex digits in order, again and again', '0123456789abcdef'.repeat(4), /repeats itself/],
    ['twice the same half', 'Zk3rT9vQ1xW7bN5mC8pL2sD6'.repeat(2), /repeats itself/],
    ['in order', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', /repeats itself, counts up/],
    ['words', 'correct-horse-battery-staple-walks-over-the-old-Bridge-1984', /is made of words/],
    ['words in capitals', 'CorrectHorseBatteryStapleWalksOverTheOldBridge', /is made of words/],
    ['words in capitals but the first', 'correctHorseBatteryStapleOfTheOldBridge1984!!', /is made of words/],
    ['such words in base64', Buffer.from('CorrectHorseBatteryStapleWalksToMe').toString('base64'), /is made of words/],
    ['a space', `${hex} ${hex}`, /white space/],
    ['a line break at the end', `${hex}\n`, /white space/],
    ['a control character', `${hex}\u0007`, /control character/],
    ['a zero-width space', `${hex}\u200b`, /control character/],
    [
      'a PEM file',
      '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----',
      /form that is not read here/,
    ],
    ['capitals before a private key', `ED25519:${pkcs8('ed25519')}`, /is not an Ed25519|form that is not read here/],
    ['another name before a private key', `rs256:${pkcs8('ed25519')}`, /form that is not read here/],
    ['a private key of X25519', `ed25519:${pkcs8('x25519')}`, /is not an Ed25519 private key/],
    ['a private key of another algorithm', `ed25519:${ec('P-256')}`, /is not an Ed25519 private key/],
    ['a private key of another curve', `es256:${ec('P-384')}`, /is not a P-256 private key/],
    ['secp256k1', `es256:${ec('secp256k1')}`, /is not a P-256 private key/],
    ['a private key padded', `ed25519:${pkcs8('ed25519')}==`, /is not an Ed25519 private key/],
    ['a private key cut off', `ed25519:${pkcs8('ed25519').slice(0, -4)}`, /is not an Ed25519 private key/],
    ['white space before a private key', ` ed25519:${pkcs8('ed25519')}`, /white space/],
    ['an empty private key', 'es256:', /is not a P-256 private key/],
  ]
  for (const [name, secret, fault] of refused)
    test(name, () => {
      const faults = faultsOf([secret])
      assert.match(faults.join('\n'), fault)
      assert.match(faults.join('\n'), /^secret 1 of 1 /)
      assert.match(faults.join('\n'), /npx portcullis keys/)
      const stripped = secret.trim()
      if (stripped.length > 12)
        assert.ok(!faults.join('\n').includes(stripped.slice(0, 12)), 'the message holds the secret')
    })

  test('the well-known private keys of the standards', () => {
    const known = 'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v_VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g'
    assert.match(faultsOf([`ed25519:${known}`]).join('\n'), /well-known private key/)
  })

  test('none at all', () => {
    for (const none of [[], undefined, null, '', 'Zk3rT9vQ1xW7bN5mC8pL2sD6fG4hJ0yUaEoIiKtRwXs'])
      assert.match(
        faultsOf(none as unknown as string[]).join('\n'),
        /a secret is missing. Make one with `npx portcullis keys`/,
      )
    assert.match(
      faultsOf([undefined, 5] as unknown as string[]).join('\n'),
      /secret 1 of 2 is missing[\s\S]*secret 2 of 2 is missing/,
    )
  })

  test('all faults of all entries at once, each by its position', () => {
    const [good, same] = [generateSecret(), generateSecret()]
    const faults = faultsOf([good, 'short', same, 'a'.repeat(64), same, 'short', good])
    assert.equal(faults.length, 6)
    assert.match(faults[0] ?? '', /^secret 2 of 7 holds/)
    assert.match(faults[1] ?? '', /^secret 4 of 7 repeats/)
    assert.match(faults[2] ?? '', /^secret 5 is the same as secret 3/)
    assert.match(faults[3] ?? '', /^secret 6 of 7 holds/)
    assert.match(faults[4] ?? '', /^secret 6 is the same as secret 2/)
    assert.match(faults[5] ?? '', /^secret 7 is the same as secret 1/)
    assert.ok(faults.every((fault) => !fault.includes(good) && !fault.includes(same)))
  })

  test('one private key twice', () => {
    const key = generateSecret('ES256')
    assert.deepEqual(faultsOf([key, key]), ['secret 2 is the same as secret 1: take one of them out'])
  })

  test('no text makes it throw anything but a KeyRingError, and no message holds the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 20, maxLength: 80 }), (text) => {
        for (const fault of faultsOf([text])) assert.ok(!fault.includes(text))
      }),
      { numRuns: 500 },
    )
  })
})

suite('the ring', () => {
  const secrets = [generateSecret('EdDSA'), generateSecret('ES256'), generateSecret()]
  const ring = keyRing(secrets)

  test('the first signs, all verify', () => {
    assert.equal(ring.signing.alg, 'EdDSA')
    for (const secret of secrets) {
      const { token } = accessTokens({ ring: keyRing([secret]) }).issue('ada', 's')
      assert.equal(accessTokens({ ring }).verify(token).ok, true)
    }
  })

  test('a kid is derived from the key: the same in every process, another for every key', () => {
    const again = keyRing([...secrets].reverse())
    const kids = secrets.map((secret) => keyRing([secret]).signing.kid)
    assert.equal(new Set(kids).size, 3)
    for (const [at, kid] of kids.entries()) {
      assert.equal(again.find(kid)?.kid, kid)
      assert.ok(!secrets[at]?.includes(kid))
    }
  })

  test('an unknown kid finds nothing, names of prototypes included', () => {
    for (const kid of ['', 'x', '__proto__', 'constructor', 'toString', '0'])
      assert.equal(ring.find(kid), undefined, kid)
  })

  test('the JWK Set holds public keys only, and verifies what the ring signs', () => {
    assert.equal(ring.hasPublicKeys, true)
    const jwks = ring.jwks()
    assert.deepEqual(
      jwks.keys.map((jwk) => Object.keys(jwk).sort()),
      [
        ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
        ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
      ],
    )
    const verify = tokenVerifier({ keys: importJwks(JSON.parse(JSON.stringify(jwks))) })
    assert.equal(verify(accessTokens({ ring }).issue('ada', 's').token).ok, true)
    assert.deepEqual(keyRing([generateSecret()]).jwks(), { keys: [] })
    assert.equal(keyRing([generateSecret()]).hasPublicKeys, false)
  })

  test('who changes what jwks() answered changes nothing', () => {
    const [first] = ring.jwks().keys
    if (first) first['kid'] = 'x'
    assert.equal(ring.jwks().keys[0]?.['kid'], ring.signing.kid)
  })

  test('the kid of a public key is its thumbprint: RFC 8037, appendix A.3', () => {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: RFC_8037 }, format: 'jwk' })
    assert.equal(thumbprint(key), 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: RFC_8037, alg: 'EdDSA', kid: 'a' }
    assert.equal(importJwks(jwk).find('a')?.alg, 'EdDSA')
  })
})

suite('JWKs for verifying', () => {
  const [ed] = keyRing([generateSecret('EdDSA')]).jwks().keys
  const [es] = keyRing([generateSecret('ES256')]).jwks().keys
  const oct = { kty: 'oct', alg: 'HS256', kid: 'o', k: randomBytes(32).toString('base64url') }
  const rows: readonly (readonly [string, unknown, RegExp])[] = [
    ['nothing', undefined, /key 1 of 1 is not an object/],
    ['a text', 'x', /not an object/],
    ['an empty set', { keys: [] }, /holds 1 to 100 keys/],
    ['101 keys', { keys: Array.from({ length: 101 }, () => oct) }, /holds 1 to 100 keys/],
    ['null in a set', { keys: [null] }, /not an object/],
    ['no kid', { ...oct, kid: undefined }, /needs a kid/],
    ['an empty kid', { ...oct, kid: '' }, /needs a kid/],
    ['no alg', { ...oct, alg: undefined }, /needs the alg/],
    ['alg none', { ...oct, alg: 'none' }, /needs the alg/],
    ['alg HS512', { ...oct, alg: 'HS512' }, /needs the alg/],
    ['an alg named as a member of an object', { ...oct, alg: 'toString' }, /needs the alg/],
    ['31 bytes', { ...oct, k: randomBytes(31).toString('base64url') }, /at least 32 bytes/],
    ['padded', { ...oct, k: `${oct.k}=` }, /canonical base64url/],
    ['k a number', { ...oct, k: 5 }, /at least 32 bytes/],
    ['use enc', { ...oct, use: 'enc' }, /not for signatures/],
    ['key_ops encrypt', { ...oct, key_ops: ['encrypt'] }, /not for verifying/],
    ['key_ops verify and encrypt', { ...oct, key_ops: ['verify', 'encrypt'] }, /not for verifying/],
    ['key_ops empty', { ...oct, key_ops: [] }, /not for verifying/],
    ['a public key as a secret', { ...es, alg: 'HS256' }, /type that HS256 takes/],
    ['a secret as a public key', { ...oct, alg: 'ES256' }, /type that ES256 takes/],
    ['another curve', { ...es, crv: 'P-384' }, /type that ES256 takes/],
    ['x of another key', { ...es, x: ed?.x }, /not a point of its curve/],
    ['x padded', { ...ed, x: `${ed?.x}=` }, /not a point of its curve|canonical/],
    [
      'the same kid twice',
      { keys: [oct, { ...oct, k: randomBytes(32).toString('base64url') }] },
      /kid that another key has/,
    ],
    ['secret and public keys', { keys: [oct, es] }, /mixes secret and public keys/],
  ]
  for (const [name, jwks, message] of rows)
    test(`refused: ${name}`, () => {
      assert.throws(
        () => importJwks(jwks),
        (error) => {
          assert.ok(error instanceof KeyRingError)
          assert.match(error.message, message)
          assert.ok(!error.message.includes(oct.k))
          return true
        },
      )
    })
  test('refused: private and public keys', () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const jwk = { ...privateKey.export({ format: 'jwk' }), alg: 'EdDSA', kid: 'p' }
    assert.equal(importJwks(jwk).find('p')?.alg, 'EdDSA')
    assert.throws(() => importJwks({ keys: [jwk, ed] }), /mixes private and public keys/)
    assert.throws(() => importJwks({ ...jwk, x: ed?.x }), /not a point of its curve/)
  })
  test('taken: sets of one kind', () => {
    const taken = importJwks({ keys: [ed, es] })
    assert.equal(taken.find(String(ed?.['kid']))?.alg, 'EdDSA')
    assert.equal(taken.find(String(es?.['kid']))?.alg, 'ES256')
    assert.equal(taken.find('o'), undefined)
  })
})
