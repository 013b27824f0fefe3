import { createHmac, hash } from 'node:crypto'

const BLOCK_BYTES = 64
const HASH_BYTES = 32

/** Bytes of a text that are hashed where the last one's were; longer ones get memory of their own. As many as a token may have. */
const USUAL_BYTES = 8_192

/** A text whose tag is compared before anything is signed. */
const KNOWN = Buffer.from('portcullis')

/**
 * Makes HMAC with SHA-256 under one key (RFC 2104, section 2; FIPS 198-1). Out of two hashes in one call each: Node's `createHmac` makes
 * objects outside of JavaScript's memory for every tag, and to make and collect those costs several times what is computed.
 *
 * @returns a function that answers the tag of a text in 32 bytes of its own, which the next call writes over
 * @throws Error when its first tag is not the one that `createHmac` makes
 */
export const hmacSha256 = (secret: Buffer): ((text: Buffer) => Buffer) => {
  const key = Buffer.alloc(BLOCK_BYTES)
  // RFC 2104, section 2: a key that is longer than a block is hashed first.
  key.set(secret.length > BLOCK_BYTES ? hash('sha256', secret, 'buffer') : secret)
  const inner = Buffer.alloc(BLOCK_BYTES + USUAL_BYTES)
  const outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES)
  const tag = Buffer.alloc(HASH_BYTES)
  inner.set(key.map((byte) => byte ^ 0x36))
  outer.set(key.map((byte) => byte ^ 0x5c))

  const innerHash = (text: Buffer): string => {
    if (text.length > USUAL_BYTES)
      return hash('sha256', Buffer.concat([inner.subarray(0, BLOCK_BYTES), text]), 'binary')
    inner.set(text, BLOCK_BYTES)
    return hash('sha256', inner.subarray(0, BLOCK_BYTES + text.length), 'binary')
  }

  const tagOf = (text: Buffer): Buffer => {
    outer.write(innerHash(text), BLOCK_BYTES, 'latin1')
    tag.write(hash('sha256', outer, 'binary'), 'latin1')
    return tag
  }

  // Another Node, another OpenSSL: here nothing may be believed that was true once.
  if (!tagOf(KNOWN).equals(createHmac('sha256', secret).update(KNOWN).digest()))
    throw new Error('HMAC with SHA-256 does not answer what node:crypto does: nothing can be signed here.')
  return tagOf
}
