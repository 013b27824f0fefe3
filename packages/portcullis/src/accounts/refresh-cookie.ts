import type { Call } from '../door/index.ts'
import { Problem } from '../response/index.ts'

/** `__Secure-`: no page over http, and no cookie without Secure, can set it (RFC 6265bis §4.1.3.1). */
export const REFRESH_COOKIE = '__Secure-refresh_token'

/** What of a call decides about the cookie. */
export type CookieCall = Pick<Call, 'cookie' | 'hasOrigin' | 'knownOrigin'>

/** The refresh token's cookie: for browsers only, out of reach of scripts, sent to the auth routes of the same site only. */
export interface RefreshCookie {
  /** The Set-Cookie field that keeps a token for some seconds. */
  keep(token: string, seconds: number): string
  /** The Set-Cookie field that takes it away. */
  readonly drop: string
}

/** @param path the routes it is sent to, such as `/auth` */
export const refreshCookie = (path: string): RefreshCookie => {
  const write = (token: string, seconds: number): string =>
    `${REFRESH_COOKIE}=${token}; Path=${path}; Max-Age=${seconds}; HttpOnly; Secure; SameSite=Strict`
  return { keep: write, drop: write('', 0) }
}

/**
 * Reads the refresh token of a Cookie field. Other cookies are none of our business, whatever they look like.
 *
 * @param drop the Set-Cookie field that takes away what can never be a token: a browser would send it, and be refused, for ever
 * @returns undefined when there is none of our name
 * @throws Problem 'malformed-request' for two of that name (which one counts is what an attacker would choose, by a cookie set
 *   from a sub-domain) and for a value that is no token; 'origin-refused' when a cookie comes from no listed origin: browsers
 *   send cookies by themselves, so only the Origin says who asks (CSRF, ASVS 3.5.1)
 */
export const readRefreshCookie = ({ cookie, knownOrigin }: CookieCall, drop: string): string | undefined => {
  const ours = (cookie ?? '')
    .split(';')
    .map((pair) => pair.split('='))
    .filter(([name]) => name?.trim() === REFRESH_COOKIE)
  const [first, ...others] = ours
  if (first === undefined) return undefined
  const [, value] = first
  // No space around '=', no quotes, no second '=': one spelling.
  const whole =
    first.length === 2 && first[0]?.trimStart() === REFRESH_COOKIE && /^[A-Za-z0-9_-]{16,512}$/.test(value ?? '')
  // Of two one may be good, and is not to be lost for what a sub-domain put beside it.
  if (others.length > 0) throw new Problem('malformed-request')
  if (!whole) throw new Problem('malformed-request', {}, knownOrigin === undefined ? {} : { 'set-cookie': drop })
  if (knownOrigin === undefined) throw new Problem('origin-refused')
  return value
}

/**
 * Says whether tokens go to a browser that we know, whose refresh token belongs in the cookie.
 *
 * @throws Problem 'origin-refused' for an origin that is not listed: a page that we don't know gets no token at all
 */
export const isKnownBrowser = ({ hasOrigin, knownOrigin }: CookieCall): boolean => {
  if (hasOrigin && knownOrigin === undefined) throw new Problem('origin-refused')
  return knownOrigin !== undefined
}
