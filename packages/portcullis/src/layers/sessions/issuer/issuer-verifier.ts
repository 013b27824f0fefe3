import { jwsVerifier } from '../jws.ts'
import { rememberedTokens } from '../remembered.ts'
import type { IssuerClaims, IssuerExpectations, IssuerTimes } from './issuer-claims.ts'
import { issuerClaimsReader, issuerTimesRefusal } from './issuer-claims.ts'
import type { IssuerKeys } from './issuer-keys.ts'

/** The claims of somebody else's token that may be believed, or the reason why not: for the log only. */
export type IssuerVerified =
  | { readonly ok: true; readonly claims: IssuerClaims }
  | { readonly ok: false; readonly reason: string }

/** Verified tokens that are remembered. A token has 8 KiB at the most; those of the large issuers one to two. */
const REMEMBERED = 10_000

/** A verifier of an issuer's tokens, with one set of keys. */
export interface IssuerVerifier {
  verify(token: string): IssuerVerified
  /** What `verify` would answer to the token of an Authorization field, `Bearer <token>`, where it is remembered and still good; undefined for every other. */
  recall(authorization: string): IssuerVerified | undefined
}

/**
 * Makes a verifier of an issuer's tokens with one set of keys. Another set takes another verifier, its memory included: what a key
 * signed that is gone must not pass because it is remembered.
 */
export const issuerVerifier = (keys: IssuerKeys, expected: IssuerExpectations, clock: () => number): IssuerVerifier => {
  const remembered = rememberedTokens<{ readonly verified: IssuerVerified; readonly times: IssuerTimes }>(REMEMBERED)
  const verifyJws = jwsVerifier(keys.find)
  const readClaims = issuerClaimsReader(expected)

  const verifyAnew = (token: string): IssuerVerified => {
    const jws = verifyJws(token)
    if (!jws.ok) return jws
    const read = readClaims(jws.payload, jws.header.members.get('typ') as string | undefined, clock())
    if (!read.ok) return read
    const verified: IssuerVerified = Object.freeze({ ok: true, claims: read.claims })
    remembered.add(token, { verified, times: read.times })
    return verified
  }

  return {
    verify: (token) => {
      const known = typeof token === 'string' ? remembered.get(token) : undefined
      if (known === undefined) return verifyAnew(token)
      const reason = issuerTimesRefusal(known.times, clock())
      if (reason === undefined) return known.verified
      remembered.forget(token)
      return { ok: false, reason }
    },
    recall: (authorization) => {
      const known = remembered.ofField(authorization)
      return known !== undefined && issuerTimesRefusal(known.times, clock()) === undefined ? known.verified : undefined
    },
  }
}
