import type { Claims } from './claims.ts'

/** The tokens whose signature was found right, so that it is not computed for every request. */
export interface RememberedTokens {
  get(token: string): Claims | undefined
  add(token: string, claims: Claims): void
  forget(token: string): void
  readonly size: number
}

/**
 * A memory of at most `capacity` tokens; the oldest makes room. The key is the whole token: a shortened or hashed one can be
 * the key of somebody else's token (CVE-2026-35039).
 */
export const rememberedTokens = (capacity: number): RememberedTokens => {
  const tokens = new Map<string, Claims>()
  return {
    get: (token) => tokens.get(token),
    add: (token, claims) => {
      if (capacity === 0) return
      if (tokens.size >= capacity) {
        const [oldest] = tokens.keys()
        if (oldest !== undefined) tokens.delete(oldest)
      }
      tokens.set(token, claims)
    },
    forget: (token) => void tokens.delete(token),
    get size() {
      return tokens.size
    },
  }
}
