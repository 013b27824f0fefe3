import type { AccessTokens, AccessTokensOptions } from './access-tokens.ts'
import { accessTokens } from './access-tokens.ts'
import type { KeyRing } from './key-ring.ts'

/** Access tokens whose key ring can be replaced while the program runs. */
export interface RotatingAccessTokens extends AccessTokens {
  /** The ring in use. */
  ring(): KeyRing
  /** Takes another ring, between two requests: the next token is signed and verified with it alone. */
  rotate(ring: KeyRing): void
}

/**
 * Makes what issues and verifies access tokens, with a ring that can be replaced.
 *
 * @throws TypeError or RangeError when an option is out of its bounds
 */
export const rotatingAccessTokens = (options: AccessTokensOptions): RotatingAccessTokens => {
  let ring = options.ring
  // A whole new one for each ring, its memory included: what a retired key signed must not pass because it is remembered.
  let tokens = accessTokens(options)
  return Object.freeze({
    issue: (subject: string, sessionId: string) => tokens.issue(subject, sessionId),
    verify: (token: string) => tokens.verify(token),
    recall: (authorization: string) => tokens.recall(authorization),
    ring: () => ring,
    rotate: (next: KeyRing) => {
      tokens = accessTokens({ ...options, ring: next })
      ring = next
    },
  })
}
