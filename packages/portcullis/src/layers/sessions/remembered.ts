/** The tokens whose signature was found right, so that it is not computed for every request. */
export interface RememberedTokens<Claims> {
  get(token: string): Claims | undefined
  add(token: string, claims: Claims): void
  forget(token: string): void
  readonly size: number
}

/** Characters of a token's end that it is looked up by: 48 bits of a signature. To hash all of it would cost more than to compare it. */
const END = 8

/** A number for a token's end (FNV-1a). The last character is left out: it has bits to spare. */
const keyOf = (token: string): number => {
  let key = 0x811c9dc5
  for (let index = token.length - 1 - END; index < token.length - 1; index += 1)
    key = Math.imul(key ^ token.charCodeAt(index), 0x01000193)
  return key
}

/**
 * A memory of at most `capacity` tokens; the oldest makes room. What is found is compared as a whole: a shortened or hashed token
 * can be the key of somebody else's (CVE-2026-35039). Of two with one key, the later is remembered.
 */
export const rememberedTokens = <Claims>(capacity: number): RememberedTokens<Claims> => {
  const tokens = new Map<number, { readonly token: string; readonly claims: Claims }>()
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
      return found !== undefined && found.token === token ? found.claims : undefined
    },
    add: (token, claims) => {
      if (capacity === 0) return
      const key = keyOf(token)
      const before = tokens.size
      tokens.set(key, { token, claims })
      if (tokens.size > before) makeRoom(key)
    },
    forget: (token) => {
      const key = keyOf(token)
      if (tokens.get(key)?.token === token) tokens.delete(key)
    },
    get size() {
      return tokens.size
    },
  }
}
