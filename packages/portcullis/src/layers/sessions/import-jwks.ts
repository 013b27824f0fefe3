import type { JsonWebKey, KeyObject } from 'node:crypto'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { Algorithm, VerifyingKey } from './algorithms.ts'
import { edDsaVerifier, es256Verifier, hs256 } from './algorithms.ts'
import { decodeBase64url } from './base64url.ts'
import { KeyRingError } from './key-ring-error.ts'

/** What each algorithm's keys look like in a JWK (RFC 7518, section 6; RFC 8037, section 2). */
const SHAPES: Readonly<Record<Algorithm, { readonly kty: string; readonly crv?: string }>> = {
  HS256: { kty: 'oct' },
  ES256: { kty: 'EC', crv: 'P-256' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
}

const MAX_KEYS = 100

/**
 * Loads keys for verifying only, from a JWK or a JWK Set (RFC 7517): HS256, ES256 (P-256) and EdDSA (Ed25519). Each key names its
 * `alg`, which stays pinned to it, and a `kid` of its own. All of a set are of one kind: secret, private or public.
 *
 * @throws KeyRingError with every fault of every key, by its position
 */
export const importJwks = (jwks: unknown): { find(kid: string): VerifyingKey | undefined } => {
  const keys = isObject(jwks) && Array.isArray(jwks['keys']) ? (jwks['keys'] as readonly unknown[]) : [jwks]
  if (keys.length === 0 || keys.length > MAX_KEYS) throw new KeyRingError([`a key set holds 1 to ${MAX_KEYS} keys`])
  const faults: string[] = []
  const kinds = new Set<string>()
  const ring = new Map<string, VerifyingKey>()
  for (const [at, jwk] of keys.entries()) {
    const where = `key ${at + 1} of ${keys.length}`
    if (!isObject(jwk)) {
      faults.push(`${where} is not an object`)
      continue
    }
    kinds.add(jwk['kty'] === 'oct' ? 'secret' : jwk['d'] === undefined ? 'public' : 'private')
    const key = importJwk(jwk)
    if (typeof key === 'string') {
      faults.push(`${where} ${key}`)
      continue
    }
    if (ring.has(key.kid)) faults.push(`${where} has a kid that another key has too`)
    ring.set(key.kid, key)
  }
  // Whoever verifies with a secret can sign with it, and a private key among public ones is one that got out.
  if (kinds.size > 1) faults.push(`the set mixes ${[...kinds].join(' and ')} keys: keep one kind in a set`)
  if (faults.length > 0) throw new KeyRingError(faults)
  return Object.freeze({ find: (kid: string) => ring.get(kid) })
}

const importJwk = (jwk: Readonly<Record<string, unknown>>): VerifyingKey | string => {
  const { kid, alg, use, kty, crv, key_ops: operations, k } = jwk
  if (typeof kid !== 'string' || kid === '' || kid.length > 256) return 'needs a kid of 1 to 256 characters'
  if (alg !== 'HS256' && alg !== 'ES256' && alg !== 'EdDSA') return 'needs the alg HS256, ES256 or EdDSA'
  if (use !== undefined && use !== 'sig') return 'is not for signatures (use)'
  if (operations !== undefined && !(Array.isArray(operations) && isForSignatures(operations)))
    return 'is not for verifying signatures (key_ops)'
  if (kty !== SHAPES[alg].kty || crv !== SHAPES[alg].crv) return `is not of the type that ${alg} takes (kty, crv)`
  if (alg === 'HS256') {
    const secret = typeof k === 'string' ? decodeBase64url(k) : undefined
    if (secret === undefined || secret.length < 32) return 'needs at least 32 bytes in canonical base64url (k)'
    return hs256(kid, secret)
  }
  const key = publicKey(jwk)
  if (key === undefined) return 'is not a point of its curve, or not in canonical base64url'
  return alg === 'ES256' ? es256Verifier(kid, key) : edDsaVerifier(kid, key)
}

const isForSignatures = (operations: readonly unknown[]): boolean =>
  operations.length > 0 && operations.every((operation) => operation === 'sign' || operation === 'verify')

const publicKey = (jwk: Readonly<Record<string, unknown>>): KeyObject | undefined => {
  try {
    const given = jwk as JsonWebKey
    const key = createPublicKey(
      given.d === undefined ? { key: given, format: 'jwk' } : createPrivateKey({ key: given, format: 'jwk' }),
    )
    const { x, y } = key.export({ format: 'jwk' })
    return x === given.x && y === given.y ? key : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
