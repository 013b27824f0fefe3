import { isAscii } from 'node:buffer'
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
export const claimsReader = (parties: Parties): ((payload: Buffer, now: number) => ReadClaims) => {
  const readAny = anyOrder(parties)
  const readAsIssued = asIssued(parties)
  return (payload, now) => {
    const claims = readAsIssued(payload)
    const read: ReadClaims = claims === undefined ? readAny(payload) : { ok: true, claims }
    const reason = read.ok ? timesRefusal(read.claims, now) : undefined
    return reason === undefined ? read : refused(reason)
  }
}

/** The text that `accessTokens` signs, up to the names that the settings give. Every claim in it has the form that `anyOrder` demands. */
const ISSUED =
  /^\{"sub":"([\w-]{1,64})","sid":"([\w-]{1,64})","jti":"([\w-]{1,64})","iat":(0|[1-9]\d{0,14}),"exp":(0|[1-9]\d{0,14})/

/**
 * Reads what this program wrote by its text: it is what nearly every token holds, and to parse it costs more than its HMAC. Only where
 * all of it is ASCII: what lies beyond is read as UTF-8, by the reader of any order.
 */
const asIssued = (settings: Parties): ((payload: Buffer) => Claims | undefined) => {
  const parties = partiesOf(settings)
  // The members behind the first brace, and the last brace.
  const end = `${Object.keys(parties).length === 0 ? '' : ','}${JSON.stringify(parties).slice(1)}`
  if (!isAscii(Buffer.from(end))) return () => undefined
  return (payload) => {
    const text = payload.toString('latin1')
    const found = ISSUED.exec(text)
    if (found === null) return undefined
    const [start = '', sub = '', sid = '', jti = '', iat, exp] = found
    if (text.slice(start.length) !== end) return undefined
    const sidAt = SUB_AT + sub.length + BETWEEN
    const jtiAt = sidAt + sid.length + BETWEEN
    // From the bytes: V8 keeps the whole text in memory for a part of it, as long as somebody remembers an id.
    return Object.freeze({
      sub: payload.toString('latin1', SUB_AT, SUB_AT + sub.length),
      sid: payload.toString('latin1', sidAt, sidAt + sid.length),
      jti: payload.toString('latin1', jtiAt, jtiAt + jti.length),
      iat: Number(iat),
      exp: Number(exp),
      ...parties,
    })
  }
}

const SUB_AT = '{"sub":"'.length
const BETWEEN = '","sid":"'.length

/** The claims that the settings give. */
export const partiesOf = ({ issuer: iss, audience: aud }: Parties): Pick<Claims, 'iss' | 'aud'> => ({
  ...(iss === undefined ? {} : { iss }),
  ...(aud === undefined ? {} : { aud }),
})

const anyOrder = (settings: Parties): ((payload: Buffer) => ReadClaims) => {
  const { issuer, audience } = settings
  const parties = partiesOf(settings)
  const count = 5 + Object.keys(parties).length
  return (payload) => {
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
    return { ok: true, claims: Object.freeze({ sub, sid, jti, iat, exp, ...parties }) }
  }
}

const NAMES = ['sub', 'sid', 'jti', 'iat', 'exp', 'iss', 'aud'] as const

const isSeconds = (value: unknown): value is number => Number.isSafeInteger(value)

const refused = (reason: ClaimsRefusal): ReadClaims => ({ ok: false, reason })
