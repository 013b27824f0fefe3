/** The tokens whose signature was found right, so that it is not computed for every request. */
export interface RememberedTokens<Claims> {
  get(token: string): Claims | undefined
  add(token: string, claims: Claims): void
  forget(token: string): void
  readonly size: number
}

/** Characters of a token's end that it is looked up by: half of a signature. To hash all of it would cost more than to compare it. */
const END = 22

/**
 * A memory of at most `capacity` tokens; the oldest makes room. What is found is compared as a whole: a shortened or hashed token
 * can be the key of somebody else's (CVE-2026-35039). Of two with one end, the later is remembered.
 */
export const rememberedTokens = <Claims>(capacity: number): RememberedTokens<Claims> => {
  const tokens = new Map<string, { readonly token: string; readonly claims: Claims }>()
  /** Their ends in the order they came, as a ring: to ask a Map for its oldest entry is to walk over all that were deleted before it. */
  const ends: string[] = []
  let oldest = 0

  const makeRoom = (end: string): void => {
    if (ends.length < capacity) {
      ends.push(end)
      return
    }
    tokens.delete(ends[oldest] as string)
    ends[oldest] = end
    oldest = (oldest + 1) % capacity
  }

  return {
    get: (token) => {
      const found = tokens.get(token.slice(-END))
      return found !== undefined && found.token === token ? found.claims : undefined
    },
    add: (token, claims) => {
      if (capacity === 0) return
      const end = token.slice(-END)
      const before = tokens.size
      tokens.set(end, { token, claims })
      if (tokens.size > before) makeRoom(end)
    },
    forget: (token) => {
      if (tokens.get(token.slice(-END))?.token === token) tokens.delete(token.slice(-END))
    },
    get size() {
      return tokens.size
    },
  }
}
