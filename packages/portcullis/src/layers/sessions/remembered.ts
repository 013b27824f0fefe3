/** The tokens whose signature was found right, so that it is not computed for every request. */
export interface RememberedTokens<Claims> {
  get(token: string): Claims | undefined
  /** The same by a whole Authorization field, `Bearer <token>`: to cut the token out of it first would make the two slow to compare. */
  ofField(field: string): Claims | undefined
  add(token: string, claims: Claims): void
  forget(token: string): void
  readonly size: number
}

/** Characters of a token's end that it is looked up by: 48 bits of a signature. To hash all of it would cost more than to compare it. */
const END = 8

/** A number for the end of a token, or of a field that ends with it (FNV-1a). The last character is left out: it has bits to spare. */
const keyOf = (text: string): number => {
  let key = 0x811c9dc5
  for (let index = text.length - 1 - END; index < text.length - 1; index += 1)
    key = Math.imul(key ^ text.charCodeAt(index), 0x01000193)
  return key
}

const SCHEME = 'Bearer '

/** Copied: a part of another text keeps that in memory, and V8 compares it in a slower way. */
const fieldOf = (token: string): string => Buffer.from(SCHEME + token, 'latin1').toString('latin1')

const isOf = (field: string, token: string): boolean => field.slice(SCHEME.length) === token

/**
 * A memory of at most `capacity` tokens; the oldest makes room. What is found is compared as a whole: a shortened or hashed token
 * can be the key of somebody else's (CVE-2026-35039). Of two with one key, the later is remembered.
 */
export const rememberedTokens = <Claims>(capacity: number): RememberedTokens<Claims> => {
  const tokens = new Map<number, { readonly field: string; readonly claims: Claims }>()
  /** Their keys in the order they came, as a ring: to ask a Map for its oldest entry is to walk over all that were deleted before it. */
  const keys: number[] = []
  let oldest = 0

  const makeRoom = (key: number): void => {
    if (keys.length < capacity) {
      keys.push(key)
      return
    }
    tokens.delete(keys[oldest] as number)
    keys[oldest] = key
    oldest = (oldest + 1) % capacity
  }

  return {
    get: (token) => {
      const found = tokens.get(keyOf(token))
      return found !== undefined && isOf(found.field, token) ? found.claims : undefined
    },
    ofField: (field) => {
      const found = tokens.get(keyOf(field))
      return found !== undefined && found.field === field ? found.claims : undefined
    },
    add: (token, claims) => {
      if (capacity === 0) return
      const key = keyOf(token)
      const before = tokens.size
      tokens.set(key, { field: fieldOf(token), claims })
      if (tokens.size > before) makeRoom(key)
    },
    forget: (token) => {
      const key = keyOf(token)
      const found = tokens.get(key)
      if (found !== undefined && isOf(found.field, token)) tokens.delete(key)
    },
    get size() {
      return tokens.size
    },
  }
}
