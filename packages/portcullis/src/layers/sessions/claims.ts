import { isId } from './ids.ts'
import type { MembersRefused } from './json-members.ts'
import { readMembers } from './json-members.ts'

/** Seconds an access token may live at the most, whoever set what. */
export const MAX_LIFETIME_SECONDS = 3600

/** What an access token says: whose it is, of which session, and its times (s since the epoch). Nothing else. */
export interface Claims {
  readonly sub: string
  readonly sid: string
  readonly jti: string
  readonly iat: number
  readonly exp: number
  readonly iss?: string
  readonly aud?: string
}

/** Who issues the tokens and for whom: in every token when configured, in none when not. */
export interface Parties {
  readonly issuer?: string
  readonly audience?: string
}

/** Why claims were refused. */
export type ClaimsRefusal =
  | MembersRefused['reason']
  | 'spelling'
  | 'claims'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not-yet-issued'
  | 'lifetime'

/** The refusal that the times of a token deserve at `now` (ms), or undefined. Leeway 0; `exp` equal to now is expired. */
export const timesRefusal = ({ iat, exp }: Claims, now: number): ClaimsRefusal | undefined => {
  // Written so that a clock that answers NaN refuses.
  if (!(now < exp * 1000)) return 'expired'
  if (!(iat * 1000 <= now)) return 'not-yet-issued'
  if (!(exp - iat <= MAX_LIFETIME_SECONDS)) return 'lifetime'
  return undefined
}

type ReadClaims =
  | { readonly ok: true; readonly claims: Claims }
  | { readonly ok: false; readonly reason: ClaimsRefusal }

/**
 * Answers a function that reads a payload whose signature was verified: exactly the claims there have to be, each of its form,
 * in the one spelling that JSON.stringify has for them.
 */
export const claimsReader = ({ issuer, audience }: Parties): ((payload: Buffer, now: number) => ReadClaims) => {
  const count = 5 + (issuer === undefined ? 0 : 1) + (audience === undefined ? 0 : 1)
  return (payload, now) => {
    const read = readMembers(payload)
    if (!read.ok) return read
    const [sub, sid, jti, iat, exp, iss, aud] = NAMES.map((name) => read.members.get(name))
    // The names are counted: with all of these there, one more is one that nobody asked for.
    if (read.members.size !== count || !isId(sub) || !isId(sid) || !isId(jti)) return refused('claims')
    if (!isSeconds(iat) || !isSeconds(exp)) return refused('claims')
    if (typeof iss !== typeof issuer || typeof aud !== typeof audience) return refused('claims')
    if (!read.canonical) return refused('spelling')
    if (iss !== issuer) return refused('issuer')
    if (aud !== audience) return refused('audience')
    const claims: Claims = Object.freeze({
      sub,
      sid,
      jti,
      iat,
      exp,
      ...(issuer === undefined ? {} : { iss: issuer }),
      ...(audience === undefined ? {} : { aud: audience }),
    })
    const reason = timesRefusal(claims, now)
    return reason === undefined ? { ok: true, claims } : refused(reason)
  }
}

const NAMES = ['sub', 'sid', 'jti', 'iat', 'exp', 'iss', 'aud'] as const

const isSeconds = (value: unknown): value is number => Number.isSafeInteger(value)

const refused = (reason: ClaimsRefusal): ReadClaims => ({ ok: false, reason })
