import type { KeyObject } from 'node:crypto'
import { createHash, createPublicKey } from 'node:crypto'

/** A public key as RFC 7517 writes it. Our own words: the type's name in node:crypto changes with @types/node. */
export interface Jwk {
  kty?: string
  crv?: string
  x?: string
  y?: string
  kid?: string
  alg?: string
  use?: string
  [member: string]: unknown
}

/** The public half of a key as a JWK: the members that are the key itself, in the order of RFC 7638, section 3.2. */
export const publicMembers = (key: KeyObject): Jwk => {
  const { crv, kty, x, y } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  return { ...(crv && { crv }), ...(kty && { kty }), ...(x && { x }), ...(y && { y }) }
}

/** The SHA-256 thumbprint of a public key (RFC 7638), base64url: 43 characters. */
export const thumbprint = (key: KeyObject): string =>
  createHash('sha256')
    .update(JSON.stringify(publicMembers(key)))
    .digest('base64url')
