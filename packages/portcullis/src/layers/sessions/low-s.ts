/** The order of P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const HALF = ORDER / 2n

const sOf = (signature: Buffer): bigint => BigInt(`0x${signature.toString('hex', 32)}`)

/**
 * Is S in the lower half? Whoever holds an ECDSA signature (R, S) can write (R, order - S) without the key, and it is valid
 * too: a second spelling of the same token.
 */
export const isLowS = (signature: Buffer): boolean => sOf(signature) <= HALF

/** The twin of a P-256 signature (64 bytes) that has the smaller S. */
export const lowS = (signature: Buffer): Buffer => {
  const s = sOf(signature)
  if (s <= HALF) return signature
  const smaller = (ORDER - s).toString(16).padStart(64, '0')
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(smaller, 'hex')])
}
