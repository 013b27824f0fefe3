import type { JsonWebKey, KeyObject } from 'node:crypto'
import { createHash, createPublicKey } from 'node:crypto'
import type { IssuerAlgorithm, VerifyingKey } from '../algorithms.ts'
import { edDsaVerifier, es256Verifier, ps256Verifier, rs256Verifier } from '../algorithms.ts'
import { IssuerError } from './issuer-error.ts'

/** A key of somebody else's issuer, by the one algorithm that was pinned to it when it was loaded. */
export type IssuerKey = VerifyingKey<IssuerAlgorithm>

/** The usable keys of a set. */
export interface IssuerKeys {
  readonly names: readonly { readonly kid: string; readonly alg: IssuerAlgorithm }[]
  /** Which keys were left out, by position, and why: a set holds keys for other things too. */
  readonly skipped: readonly string[]
  /** Changes with any usable key. */
  readonly digest: string
  find(kid: string): IssuerKey | undefined
}

interface Shape {
  readonly kty: string
  readonly crv?: string
  /** The members that are the key itself. */
  readonly members: readonly ('n' | 'e' | 'x' | 'y')[]
  readonly verifier: (kid: string, key: KeyObject) => IssuerKey
}

/** What each algorithm's public keys look like (RFC 7518, section 6; RFC 8037, section 2). */
const SHAPES: Readonly<Record<IssuerAlgorithm, Shape>> = {
  RS256: { kty: 'RSA', members: ['n', 'e'], verifier: rs256Verifier },
  PS256: { kty: 'RSA', members: ['n', 'e'], verifier: ps256Verifier },
  ES256: { kty: 'EC', crv: 'P-256', members: ['x', 'y'], verifier: es256Verifier },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', members: ['x'], verifier: edDsaVerifier },
}

/** Every algorithm that an issuer's tokens can be verified by. */
export const ISSUER_ALGORITHMS = Object.keys(SHAPES) as readonly IssuerAlgorithm[]

const MAX_KEYS = 100

/** RFC 7518, section 6.3.2 and 6.4.1: with one of these it is no public key. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/**
 * Loads an issuer's JWK Set (RFC 7517) for verifying alone. A key that can't be used is left out (section 5): secret or private, for
 * another use, of another algorithm than those of `algs`, RSA below 2048 bits, without a kid, or with a kid that another has too.
 *
 * @throws IssuerError when this is no key set, or one of more than 100 keys
 */
export const issuerKeys = (jwks: unknown, algs: readonly IssuerAlgorithm[]): IssuerKeys => {
  const keys: unknown = typeof jwks === 'object' && jwks !== null ? (jwks as { keys?: unknown }).keys : undefined
  if (!Array.isArray(keys)) throw new IssuerError('format', ['the key set is no JWK Set'])
  if (keys.length > MAX_KEYS) throw new IssuerError('keys', [`the key set has more than ${MAX_KEYS} keys`])
  const found = new Map<string, { readonly key: IssuerKey; readonly text: string }>()
  const twice = new Set<string>()
  const skipped: string[] = []
  for (const [at, jwk] of (keys as readonly unknown[]).entries()) {
    const read = readKey(jwk, algs)
    if (typeof read === 'string') skipped.push(`key ${at + 1} of ${keys.length} ${read}`)
    else if (found.has(read.key.kid)) twice.add(read.key.kid)
    else found.set(read.key.kid, read)
  }
  // Which of the two was meant, nobody can say.
  for (const kid of twice) {
    found.delete(kid)
    skipped.push('several keys have the same kid')
  }
  const usable = [...found.values()]
  return Object.freeze({
    names: Object.freeze(usable.map(({ key: { kid, alg } }) => Object.freeze({ kid, alg }))),
    skipped: Object.freeze(skipped),
    digest: createHash('sha256')
      .update(JSON.stringify(usable.map(({ text }) => text).sort()))
      .digest('hex'),
    find: (kid: string) => found.get(kid)?.key,
  })
}

const readKey = (
  jwk: unknown,
  algs: readonly IssuerAlgorithm[],
): { readonly key: IssuerKey; readonly text: string } | string => {
  if (typeof jwk !== 'object' || jwk === null) return 'is not an object'
  const given = jwk as Readonly<Record<string, unknown>>
  const { kid, alg, use, kty, crv, key_ops: operations } = given
  if (kty === 'oct') return 'is a secret: whoever verifies with it can sign with it'
  if (SECRET_MEMBERS.some((name) => name in given)) return 'is a private key, and everybody can read it'
  if (typeof kid !== 'string' || kid === '' || kid.length > 256) return 'has no kid of 1 to 256 characters'
  if (use !== undefined && use !== 'sig') return 'is not for signatures (use)'
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify')))
    return 'is not for verifying signatures (key_ops)'
  const fits = (one: IssuerAlgorithm): boolean => SHAPES[one].kty === kty && SHAPES[one].crv === crv
  // A key that names none gets the first of ours that it can be used with. None is taken from a token.
  const pinned = algs.find((one) => fits(one) && (alg === undefined || alg === one))
  if (pinned === undefined) return `is of no algorithm that is asked for (${algs.join(', ')})`
  const key = publicKey(given, pinned)
  if (typeof key === 'string') return key
  const text = JSON.stringify([kid, pinned, ...SHAPES[pinned].members.map((name) => given[name])])
  return { key: SHAPES[pinned].verifier(kid, key), text }
}

const publicKey = (jwk: Readonly<Record<string, unknown>>, alg: IssuerAlgorithm): KeyObject | string => {
  let key: KeyObject
  try {
    key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
    const written = key.export({ format: 'jwk' })
    if (SHAPES[alg].members.some((name) => written[name] !== jwk[name])) return 'is not in canonical base64url'
  } catch {
    return 'can not be read'
  }
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {}
  if (SHAPES[alg].kty !== 'RSA') return key
  // NIST SP 800-131A: 2048 at the least. Above 8192 a signature costs more than a request may.
  if (modulusLength === undefined || modulusLength < 2048 || modulusLength > 8192)
    return 'is of RSA with fewer than 2048 or more than 8192 bits'
  // FIPS 186-5, section A.1.1: with an exponent of 1 anybody could sign.
  if (publicExponent === undefined || publicExponent < 65_537n || publicExponent % 2n === 0n)
    return 'is of RSA with an exponent below 65537'
  return key
}
