import type { JsonWebKey, KeyObject } from 'node:crypto'
import { createHash, createPublicKey } from 'node:crypto'

/** The public half of a key as a JWK: the members that are the key itself, in the order of RFC 7638, section 3.2. */
export const publicMembers = (key: KeyObject): JsonWebKey => {
  const { crv, kty, x, y } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  return { ...(crv && { crv }), ...(kty && { kty }), ...(x && { x }), ...(y && { y }) }
}

/** The SHA-256 thumbprint of a public key (RFC 7638), base64url: 43 characters. */
export const thumbprint = (key: KeyObject): string =>
  createHash('sha256')
    .update(JSON.stringify(publicMembers(key)))
    .digest('base64url')
