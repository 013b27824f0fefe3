import type { VerifyingKey } from './algorithms.ts'
import { whole } from './bounds.ts'
import type { Claims, ClaimsRefusal, Parties } from './claims.ts'
import { claimsReader, MAX_LIFETIME_SECONDS, partiesOf, timesRefusal } from './claims.ts'
import { demandId, newId } from './ids.ts'
import type { JwsRefusal } from './jws.ts'
import { jwsSigner, jwsVerifier } from './jws.ts'
import type { KeyRing } from './key-ring.ts'
import { isLowS } from './low-s.ts'
import { rememberedTokens } from './remembered.ts'

/** RFC 9068, section 2.1: what says that a token is an access token and nothing else (RFC 8725, section 3.11). */
const TYP = 'at+jwt'

/** Why a token was refused. For the log only: the caller learns that it was refused. */
export type RefusalReason = JwsRefusal | ClaimsRefusal | 'type'

/** The claims of a token that may be believed, or the reason why not. */
export type Verified =
  | { readonly ok: true; readonly claims: Claims }
  | { readonly ok: false; readonly reason: RefusalReason }

/** What a verifier of access tokens goes by. */
export interface TokenVerifierOptions extends Parties {
  /** Where keys are found by their kid: a key ring, or what `importJwks` answers. A new ring needs a new verifier (`rotatingAccessTokens`). */
  readonly keys: { find(kid: string): VerifyingKey | undefined }
  /** ms since the epoch; Date.now by default. */
  readonly clock?: () => number
  /** Verified tokens that are remembered, 0 to 1,000,000; 10,000 by default. A refused one never is. */
  readonly remember?: number
}

/** What issues and verifies access tokens. */
export interface AccessTokens {
  /**
   * Signs a token for a session.
   *
   * @returns the token, and the seconds it lives
   * @throws TypeError when an id is not of the form that `isId` knows
   */
  issue(subject: string, sessionId: string): { readonly token: string; readonly expiresIn: number }
  /** Answers the claims of a token or a refusal; never throws. Whether the session is still active is another question. */
  verify(token: string): Verified
  /** What `verify` would answer to the token of an Authorization field, `Bearer <token>`, where it is remembered and still good; undefined for every other. */
  recall(authorization: string): Verified | undefined
}

/** How access tokens are issued and verified. */
export interface AccessTokensOptions extends Omit<TokenVerifierOptions, 'keys'> {
  readonly ring: KeyRing
  /** Seconds a token lives: 60 to 3600, 900 by default. */
  readonly lifetimeSeconds?: number
}

/**
 * Makes a verifier of access tokens that stands on its own: header exactly `alg`, `typ: at+jwt`, `kid`; payload exactly
 * `sub`, `sid`, `jti`, `iat`, `exp`, and `iss` and `aud` when configured; each in one spelling, the signature's too.
 *
 * @throws TypeError or RangeError when an option is out of its bounds
 */
export const tokenVerifier = (options: TokenVerifierOptions): ((token: string) => Verified) =>
  rememberingVerifier(options).verify

const rememberingVerifier = (options: TokenVerifierOptions): Pick<AccessTokens, 'verify' | 'recall'> => {
  const { keys, clock = Date.now } = Object(options) as TokenVerifierOptions
  if (typeof Object(keys).find !== 'function')
    throw new TypeError('tokenVerifier takes keys: what keyRing([secret]) or importJwks(set) answers')
  const remembered = rememberedTokens<Claims>(whole('remember', options.remember, 0, 1_000_000, 10_000))
  const readClaims = claimsReader(demandParties(options))
  const verifySignature = jwsVerifier((kid) => keys.find(kid))

  const verifyAnew = (token: string): Verified => {
    const jws = verifySignature(token)
    if (!jws.ok) return jws
    const { header, payload, signature, key } = jws
    if (header.members.get('typ') !== TYP) return { ok: false, reason: 'type' }
    if (!header.canonical) return { ok: false, reason: 'spelling' }
    if (key.alg === 'ES256' && !isLowS(signature)) return { ok: false, reason: 'spelling' }
    return readClaims(payload, clock())
  }

  const verify = (token: string): Verified => {
    const known = typeof token === 'string' ? remembered.get(token) : undefined
    if (known !== undefined) {
      const reason = timesRefusal(known, clock())
      if (reason === undefined) return { ok: true, claims: known }
      remembered.forget(token)
      return { ok: false, reason }
    }
    const verified = verifyAnew(token)
    if (verified.ok) remembered.add(token, verified.claims)
    return verified
  }

  const recall = (authorization: string): Verified | undefined => {
    const known = remembered.ofField(authorization)
    return known !== undefined && timesRefusal(known, clock()) === undefined ? { ok: true, claims: known } : undefined
  }

  return { verify, recall }
}

/**
 * Makes what issues access tokens with the ring's first key and verifies them with any of its keys.
 *
 * @throws TypeError or RangeError when an option is out of its bounds
 */
export const accessTokens = (options: AccessTokensOptions): AccessTokens => {
  const { ring, clock = Date.now } = Object(options) as AccessTokensOptions
  if (Object(ring).signing === undefined) throw new TypeError('accessTokens takes a ring: { ring: keyRing([secret]) }')
  const expiresIn = whole('lifetimeSeconds', options.lifetimeSeconds, 60, MAX_LIFETIME_SECONDS, 900)
  const sign = jwsSigner(ring.signing, TYP)
  const parties = partiesOf(demandParties(options))
  return Object.freeze({
    issue: (subject: string, sessionId: string) => {
      const iat = Math.floor(clock() / 1000)
      const claims: Claims = {
        sub: demandId('A user id', subject),
        sid: demandId('A session id', sessionId),
        jti: newId(),
        iat,
        exp: iat + expiresIn,
        ...parties,
      }
      return { token: sign(claims), expiresIn }
    },
    ...rememberingVerifier({ ...options, keys: ring, clock }),
  })
}

/** An empty or long name would be a slip of the settings, and a long one could fill the 8 KiB of a token. */
const demandParties = ({ issuer, audience }: Parties): Parties => {
  for (const [name, value] of Object.entries({ issuer, audience }))
    if (value !== undefined && !isPartyName(value)) throw new TypeError(`${name} ${PARTY_NAME}, or left out`)
  return { ...(issuer === undefined ? {} : { issuer }), ...(audience === undefined ? {} : { audience }) }
}

export const PARTY_NAME = 'must be a text of 1 to 500 characters'

/** Reads what is to stand in `iss` or `aud`, from a setting. @throws TypeError */
export const readPartyName = (text: string): string => {
  if (!isPartyName(text)) throw new TypeError(PARTY_NAME)
  return text
}

/** Whether it can stand in `iss` or `aud`. */
export const isPartyName = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value.length <= 500 && value.isWellFormed()
