import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { decodeBase64url } from './base64url.ts'

const TOKEN_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Makes a refresh token: 256 random bits, base64url, 43 characters. */
export const newRefreshToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url')

/** Is this of the form of a refresh token, in its one spelling? Asked before anything is hashed. */
export const isRefreshToken = (value: unknown): value is string =>
  typeof value === 'string' && value.length === 43 && decodeBase64url(value)?.length === TOKEN_BYTES

/** What is stored of a refresh token: SHA-256, hex. 256 random bits need no salt and no slow hash. */
export const hashRefreshToken = (token: string): string => createHash('sha256').update(token, 'ascii').digest('hex')

/**
 * Encrypts the successor of a token with AES-256-GCM under a key that only the token yields (HKDF, RFC 5869), so that who
 * repeats a refresh within the retry window gets the same one, and who reads the store gets none.
 */
export const sealSuccessor = (token: string, successor: string): string => {
  // Fresh for each: of two refreshes in parallel each seals a successor of its own under the one key.
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', sealKey(token), nonce)
  const sealed = Buffer.concat([cipher.update(Buffer.from(successor, 'base64url')), cipher.final()])
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url')
}

/** Decrypts what `sealSuccessor` made of the same token; undefined when it is anything else. */
export const openSuccessor = (token: string, sealed: string): string | undefined => {
  const bytes = decodeBase64url(sealed)
  if (bytes?.length !== NONCE_BYTES + TOKEN_BYTES + TAG_BYTES) return undefined
  const decipher = createDecipheriv('aes-256-gcm', sealKey(token), bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    const successor = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
    return successor.toString('base64url')
  } catch {
    return undefined
  }
}

const sealKey = (token: string): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(token, 'base64url'), '', 'portcullis refresh successor', 32))
