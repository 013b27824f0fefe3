import type { KeyObject } from 'node:crypto'
import { constants, createPublicKey, sign, timingSafeEqual, verify } from 'node:crypto'
import { hmacSha256 } from './hmac.ts'
import { lowS } from './low-s.ts'

/** The algorithms of RFC 7518 and RFC 8037 that keys of this program can have. */
export type Algorithm = 'HS256' | 'ES256' | 'EdDSA'

/** The algorithms that keys of somebody else's issuer can have: none where whoever verifies could sign. */
export type IssuerAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA'

/** A key that verifies, under the one algorithm that was pinned to it when it was loaded. */
export interface VerifyingKey<A extends string = Algorithm> {
  readonly kid: string
  readonly alg: A
  /** Never throws; a signature of the wrong length is a wrong signature. */
  verify(input: Buffer, signature: Buffer): boolean
}

/** A key that signs as well. */
export interface SigningKey extends VerifyingKey {
  sign(input: Buffer): Buffer
}

/** HMAC with SHA-256 (RFC 7518, section 3.2). */
export const hs256 = (kid: string, secret: Buffer): SigningKey => {
  const tag = hmacSha256(secret)
  return Object.freeze({
    kid,
    alg: 'HS256' as const,
    sign: (input: Buffer) => Buffer.from(tag(input)),
    // The length is public; timingSafeEqual throws where it differs.
    verify: (input: Buffer, signature: Buffer) => signature.length === 32 && timingSafeEqual(tag(input), signature),
  })
}

/** ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4): R and S side by side, 64 bytes, never DER. */
export const es256Verifier = (kid: string, key: KeyObject): VerifyingKey<'ES256'> =>
  Object.freeze({
    kid,
    alg: 'ES256' as const,
    verify: (input: Buffer, signature: Buffer) =>
      signature.length === 64 && verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature),
  })

/** As above, with the private key; of the two signatures that are valid it makes the one with the smaller S. */
export const es256 = (kid: string, key: KeyObject): SigningKey =>
  Object.freeze({
    ...es256Verifier(kid, createPublicKey(key)),
    sign: (input: Buffer) => lowS(sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' })),
  })

/** EdDSA on Ed25519 (RFC 8037, section 3.1): 64 bytes. */
export const edDsaVerifier = (kid: string, key: KeyObject): VerifyingKey<'EdDSA'> =>
  Object.freeze({
    kid,
    alg: 'EdDSA' as const,
    verify: (input: Buffer, signature: Buffer) => signature.length === 64 && verify(null, input, key, signature),
  })

/** As above, with the private key. */
export const edDsa = (kid: string, key: KeyObject): SigningKey =>
  Object.freeze({
    ...edDsaVerifier(kid, createPublicKey(key)),
    sign: (input: Buffer) => sign(null, input, key),
  })

/** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, section 3.3), for keys of somebody else: no key of this program is of this kind. */
export const rs256Verifier = (kid: string, key: KeyObject): VerifyingKey<'RS256'> =>
  rsaVerifier(kid, 'RS256', key, { padding: constants.RSA_PKCS1_PADDING })

/** RSASSA-PSS with SHA-256 and a salt as long as the hash (RFC 7518, section 3.5), likewise. */
export const ps256Verifier = (kid: string, key: KeyObject): VerifyingKey<'PS256'> =>
  rsaVerifier(kid, 'PS256', key, { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })

const rsaVerifier = <A extends string>(
  kid: string,
  alg: A,
  key: KeyObject,
  padding: { readonly padding: number; readonly saltLength?: number },
): VerifyingKey<A> => {
  // RFC 8017, section 8.1.2: a signature is as long as the modulus, in bytes.
  const length = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8)
  return Object.freeze({
    kid,
    alg,
    verify: (input: Buffer, signature: Buffer) =>
      signature.length === length && verify('sha256', input, { key, ...padding }, signature),
  })
}
