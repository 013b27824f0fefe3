import { readNestedMembers } from '../json-members.ts'
import { rolesReader } from './roles.ts'

/** What is believed of somebody else's token. */
export interface IssuerClaims {
  readonly sub: string
  /** The issuer's `sid`; '' when the token has none. */
  readonly sid: string
  /** What the claim of roles holds; empty without one. */
  readonly roles: readonly string[]
}

/** The times of a token, in s since the epoch. */
export interface IssuerTimes {
  readonly exp: number
  readonly nbf: number
}

/** What the claims of an issuer have to be. */
export interface IssuerExpectations {
  readonly issuer: string
  readonly audience: string
  readonly rolesClaim: string | undefined
  readonly maxLifetimeSeconds: number
}

/** Why somebody else's claims were refused. */
export type IssuerClaimsRefusal =
  | 'encoding'
  | 'json'
  | 'nested'
  | 'duplicate-name'
  | 'claims'
  | 'issuer'
  | 'audience'
  | 'not-an-access-token'
  | 'bound'
  | 'expired'
  | 'not-yet-valid'
  | 'lifetime'

type Read =
  | { readonly ok: true; readonly claims: IssuerClaims; readonly times: IssuerTimes }
  | { readonly ok: false; readonly reason: IssuerClaimsRefusal }

/** Seconds that the issuer's clock may be ahead of ours when it writes `iat`, which is no time from which a token counts. */
const CLOCK_SKEW_SECONDS = 60

/** OpenID Connect Core, sections 2 and 3.3.2.11, Back-Channel Logout, section 2.4: what stands in tokens of other kinds. */
const OF_OTHER_KINDS = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events']

/** What stands in an access token and in no id_token (RFC 9068, section 2.2; `scp` is Okta's and Entra's scope). */
const OF_ACCESS_TOKENS = ['scope', 'scp', 'client_id']

/**
 * Answers a function that reads the payload of an issuer's token whose signature was right: `iss` exactly, `aud` with ours in it, `sub`,
 * whole numbers as times, and not the token of another kind. What else it says is not looked at.
 */
export const issuerClaimsReader = (
  expected: IssuerExpectations,
): ((payload: Buffer, typ: string | undefined, now: number) => Read) => {
  const rolesOf = rolesReader(expected.rolesClaim)
  return (payload, typ, now) => {
    const read = readNestedMembers(payload)
    if (!read.ok) return read
    const { members } = read
    const { iss, aud, sub, sid = '', exp, nbf = 0, iat } = pick(members)
    if (typeof iss !== 'string' || !isName(sub) || (sid !== '' && !isName(sid))) return refused('claims')
    if (!isSeconds(exp) || !isSeconds(nbf) || !(iat === undefined || isSeconds(iat))) return refused('claims')
    if (iss !== expected.issuer) return refused('issuer')
    if (!isFor(aud, expected.audience)) return refused('audience')
    if (!isAccessToken(members, typ)) return refused('not-an-access-token')
    // RFC 7800: it counts only together with the proof of a key, which a Bearer field has no place for.
    if (members.has('cnf')) return refused('bound')
    const times = { exp, nbf }
    const late = issuerTimesRefusal(times, now)
    if (late !== undefined) return refused(late)
    if (iat !== undefined && !(iat * 1000 <= now + CLOCK_SKEW_SECONDS * 1000)) return refused('not-yet-valid')
    if (!(exp - (iat ?? now / 1000) <= expected.maxLifetimeSeconds)) return refused('lifetime')
    return { ok: true, claims: Object.freeze({ sub, sid, roles: rolesOf(members) }), times }
  }
}

/** The refusal that the times of a token deserve at `now` (ms), or undefined. Leeway 0; `exp` equal to now is expired. */
export const issuerTimesRefusal = ({ exp, nbf }: IssuerTimes, now: number): 'expired' | 'not-yet-valid' | undefined => {
  // Written so that a clock that answers NaN refuses.
  if (!(now < exp * 1000)) return 'expired'
  return nbf * 1000 <= now ? undefined : 'not-yet-valid'
}

const pick = (members: ReadonlyMap<string, unknown>) => ({
  iss: members.get('iss'),
  aud: members.get('aud'),
  sub: members.get('sub'),
  sid: members.get('sid'),
  exp: members.get('exp'),
  nbf: members.get('nbf'),
  iat: members.get('iat'),
})

/** RFC 7519, section 4.1.3: a text, or a list of texts. */
const isFor = (aud: unknown, audience: string): boolean =>
  aud === audience || (Array.isArray(aud) && aud.every((one) => typeof one === 'string') && aud.includes(audience))

/**
 * An id_token is signed by the same key and is meant for the client, which may hand it to anybody (RFC 9068, section 5). `at+jwt` tells
 * them apart; where an issuer writes `JWT` or nothing, it has to look like one and not like the other.
 */
const isAccessToken = (members: ReadonlyMap<string, unknown>, typ: string | undefined): boolean => {
  if (typ === 'at+jwt' || typ === 'application/at+jwt') return true
  if (typ !== undefined && typ !== 'JWT') return false
  if (OF_OTHER_KINDS.some((name) => members.has(name))) return false
  // Keycloak writes `typ` Bearer, ID, Refresh, Logout into the payload, Cognito `token_use` access or id.
  if (members.has('typ') && members.get('typ') !== 'Bearer') return false
  if (members.has('token_use') && members.get('token_use') !== 'access') return false
  return members.get('typ') === 'Bearer' || OF_ACCESS_TOKENS.some((name) => members.has(name))
}

/** One line of text: it goes into logs, keys and headers. */
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 255 && value.isWellFormed() && /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u.test(value)

const isSeconds = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const refused = (reason: IssuerClaimsRefusal): Read => ({ ok: false, reason })
