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
  return {
    get: (token) => {
      const found = tokens.get(token.slice(-END))
      return found !== undefined && found.token === token ? found.claims : undefined
    },
    add: (token, claims) => {
      if (capacity === 0) return
      if (tokens.size >= capacity) {
        const [oldest] = tokens.keys()
        if (oldest !== undefined) tokens.delete(oldest)
      }
      tokens.set(token.slice(-END), { token, claims })
    },
    forget: (token) => {
      if (tokens.get(token.slice(-END))?.token === token) tokens.delete(token.slice(-END))
    },
    get size() {
      return tokens.size
    },
  }
}
