/** What an argon2id hash was made with. */
export interface Argon2Parameters {
  /** KiB */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

/** A hash as it is stored. */
export interface StoredHash extends Argon2Parameters {
  /** Which pepper it was made with (the PHC format's `keyid`); null for none. */
  readonly pepperId: string | null
  readonly salt: Buffer
  readonly tag: Buffer
}

/** Today's parameters: OWASP's for argon2id, the ones of promises.md. */
export const TODAY: Argon2Parameters = Object.freeze({ memory: 19_456, passes: 2, parallelism: 1 })

/** What a stored string may ask for. Somebody who can write one row must not make a login take 4 GiB or a minute. */
const MOST: Argon2Parameters = Object.freeze({ memory: 262_144, passes: 10, parallelism: 4 })

// Fields in the format's own order and each once; digits without sign, exponent or leading zero.
const SHAPE =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,7})(?:,keyid=([A-Za-z0-9+/]{1,16}))?\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

/**
 * Reads a PHC string of argon2id, version 19 (the format of P-H-C/phc-string-format; RFC 9106 for the bounds).
 *
 * @returns null when it is of another kind, malformed, in a second spelling of base64, or asks for more than
 *   256 MiB, 10 passes or 4 lanes
 */
export const parsePhc = (text: string): StoredHash | null => {
  if (text.length > 320) return null
  const [, m, t, p, pepperId, saltText, tagText] = SHAPE.exec(text) ?? []
  const salt = readBase64(saltText)
  const tag = readBase64(tagText)
  if (salt === null || tag === null) return null
  const memory = Number(m)
  const passes = Number(t)
  const parallelism = Number(p)
  if (memory > MOST.memory || passes > MOST.passes || parallelism > MOST.parallelism) return null
  // RFC 9106 §3.1: at least 8 KiB a lane.
  if (memory < 8 * parallelism) return null
  return { memory, passes, parallelism, pepperId: pepperId ?? null, salt, tag }
}

/** Writes the PHC string: standard base64 without padding. */
export const formatPhc = (hash: StoredHash): string => {
  const pepper = hash.pepperId === null ? '' : `,keyid=${hash.pepperId}`
  const parameters = `m=${hash.memory},t=${hash.passes},p=${hash.parallelism}${pepper}`
  return `$argon2id$v=19$${parameters}$${writeBase64(hash.salt)}$${writeBase64(hash.tag)}`
}

const writeBase64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

/** Buffer.from forgives stray bits and characters, so only what is written back the same was one spelling of these bytes. */
const readBase64 = (text: string | undefined): Buffer | null => {
  if (text === undefined) return null
  const bytes = Buffer.from(text, 'base64')
  return writeBase64(bytes) === text ? bytes : null
}
