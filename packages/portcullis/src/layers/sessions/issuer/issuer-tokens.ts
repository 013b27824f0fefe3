import { isPartyName, PARTY_NAME } from '../access-tokens.ts'
import type { IssuerAlgorithm } from '../algorithms.ts'
import { discoverJwksUrl, issuerAddressFault, keysAddressFault } from './discover.ts'
import { jsonFetcher } from './fetch-json.ts'
import { IssuerError } from './issuer-error.ts'
import { ISSUER_ALGORITHMS, issuerKeys } from './issuer-keys.ts'
import type { IssuerVerified } from './issuer-verifier.ts'
import { issuerVerifier } from './issuer-verifier.ts'
import type { IssuerNews, KeysState } from './kept-keys.ts'
import { KEY_TIMES, keptKeys } from './kept-keys.ts'

/** Whose tokens are taken, and which of them. */
export interface IssuerTokensOptions {
  /** `iss` of the tokens, letter by letter, and where the issuer's document is: an https address (http only on this machine). */
  readonly issuer: string
  /** What has to be in `aud`: the name that the issuer has for this API. */
  readonly audience: string
  /** The algorithms that count. A key without `alg` gets the first one that fits it. RS256, PS256, ES256 and EdDSA by default. */
  readonly algs?: readonly IssuerAlgorithm[] | undefined
  /** The claim that holds the roles, dots lead inwards: `realm_access.roles`. Nobody has a role by default. */
  readonly rolesClaim?: string | undefined
  /** Where the keys are, when the issuer has no document that says it. */
  readonly jwksUrl?: string | undefined
  /** Minutes a token may live: 1 to 1440 (a day, the default). Nothing here can end it before. */
  readonly maxLifetimeMinutes?: number | undefined
  /** Told when the keys can't be read, can be read again, or changed: `(name, facts) => events.publish(name, facts)`. */
  readonly report?: ((news: IssuerNews, facts: Readonly<Record<string, string | number>>) => void) | undefined
  /** ms since the epoch; Date.now by default. */
  readonly clock?: (() => number) | undefined
  /** The global `fetch` by default. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** The tokens of an issuer that is not this program: they are verified here, and neither issued nor revoked. */
export interface IssuerTokens {
  /**
   * Answers the claims of a token or a refusal: at once when the key is known; by a promise when its kid is not, and the issuer is
   * asked for its keys once more.
   *
   * @throws IssuerError (or rejects with one) when the issuer's keys could not be read for so long that they are believed no more
   */
  verify(token: string): IssuerVerified | Promise<IssuerVerified>
  /** What `verify` would answer to the token of an Authorization field, `Bearer <token>`, where it is remembered and still good; undefined for every other. @throws IssuerError */
  recall(authorization: string): IssuerVerified | undefined
  /** How the issuer's keys stand. */
  state(): KeysState
  /** Ends the reading of keys. */
  close(): void
}

/** ms a document of the issuer may take. */
const TIMEOUT_MS = 5000

/**
 * Reads the keys of an issuer, keeps them fresh, and verifies its access tokens (RFC 7519, 8725, 9068) with them: RS256, PS256, ES256 or
 * EdDSA, each pinned to its key.
 *
 * @throws IssuerError (as a rejection) with every mistake in the options, or when the keys can't be read now
 */
export const issuerTokens = async (options: IssuerTokensOptions): Promise<IssuerTokens> => {
  const faults = optionFaults(options)
  if (faults.length > 0) throw new IssuerError('options', faults)
  const { issuer, audience, rolesClaim, clock = Date.now } = options
  const algs = [...(options.algs ?? ISSUER_ALGORITHMS)]
  const expected = { issuer, audience, rolesClaim, maxLifetimeSeconds: (options.maxLifetimeMinutes ?? 1440) * 60 }
  const closing = new AbortController()
  const fetchJson = jsonFetcher(options.fetch ?? globalThis.fetch, TIMEOUT_MS, closing.signal)
  let found: string | undefined

  const kept = await keptKeys({
    read: async () => {
      const url = options.jwksUrl ?? found ?? (await discoverJwksUrl(issuer, fetchJson))
      // After a failure the document is asked again: the keys may have moved.
      found = undefined
      const { value, maxAgeSeconds } = await fetchJson(url)
      const keys = issuerKeys(value, algs)
      found = url
      return { keys, maxAgeSeconds }
    },
    use: (keys) => issuerVerifier(keys, expected, clock),
    clock,
    report: options.report ?? (() => {}),
    times: KEY_TIMES,
  })

  return Object.freeze({
    verify: (token: string) => {
      const verified = kept.current().verify(token)
      if (verified.ok || verified.reason !== 'unknown-key') return verified
      const again = kept.readAgain()
      return again === undefined ? verified : again.then(() => kept.current().verify(token))
    },
    recall: (authorization: string) => kept.current().recall(authorization),
    state: () => kept.state(),
    close: () => {
      kept.close()
      closing.abort()
    },
  })
}

const OPTION_NAMES: Readonly<Record<keyof IssuerTokensOptions, true>> = {
  issuer: true,
  audience: true,
  algs: true,
  rolesClaim: true,
  jwksUrl: true,
  maxLifetimeMinutes: true,
  report: true,
  clock: true,
  fetch: true,
}

const optionFaults = (options: IssuerTokensOptions): readonly string[] => {
  const { issuer, audience, algs, rolesClaim, jwksUrl, maxLifetimeMinutes } = options
  const faults = Object.keys(options)
    .filter((name) => !Object.hasOwn(OPTION_NAMES, name))
    .map((name) => `${name} is not an option; there are ${Object.keys(OPTION_NAMES).join(', ')}`)
  const note = (isFine: boolean, fault: string): void => {
    if (!isFine) faults.push(fault)
  }
  note(isPartyName(issuer), `issuer ${PARTY_NAME}: what stands in \`iss\``)
  note(isPartyName(audience), `audience ${PARTY_NAME}: what stands in \`aud\``)
  note(rolesClaim === undefined || isClaimPath(rolesClaim), `rolesClaim ${CLAIM_PATH}`)
  note(
    algs === undefined ||
      (Array.isArray(algs) && algs.length > 0 && algs.every((alg) => ISSUER_ALGORITHMS.includes(alg))),
    `algs must be a list of ${ISSUER_ALGORITHMS.join(', ')}: with HS256 whoever verifies could sign`,
  )
  note(
    maxLifetimeMinutes === undefined ||
      (Number.isInteger(maxLifetimeMinutes) && maxLifetimeMinutes >= 1 && maxLifetimeMinutes <= 1440),
    'maxLifetimeMinutes must be a whole number from 1 to 1440',
  )
  const fault = jwksUrl === undefined ? issuerAddressFault('issuer', issuer) : keysAddressFault('jwksUrl', jwksUrl)
  if (fault !== undefined) faults.push(fault)
  return faults
}

const CLAIM_PATH = 'must be a text of 1 to 256 characters'

/** Reads the name of the claim that holds the roles, from a setting. @throws TypeError */
export const readClaimPath = (text: string): string => {
  if (!isClaimPath(text)) throw new TypeError(CLAIM_PATH)
  return text
}

const isClaimPath = (value: unknown): boolean => isPartyName(value) && String(value).length <= 256
