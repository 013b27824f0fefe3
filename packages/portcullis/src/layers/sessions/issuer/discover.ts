import type { FetchJson } from './fetch-json.ts'
import { IssuerError } from './issuer-error.ts'

/**
 * Says what is wrong with an address that keys are to come from, or undefined: https, or http to this very machine; no user, no
 * fragment. Whoever can change the keys on their way can sign anything.
 */
export const keysAddressFault = (name: string, text: unknown): string | undefined => {
  const url = typeof text === 'string' ? URL.parse(text) : null
  if (url === null) return `${name} must be an address: https://…`
  if (url.username !== '' || url.password !== '') return `${name} must not hold a user or a password`
  if (url.hash !== '') return `${name} must not have a fragment (#…)`
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return undefined
  return `${name} must be https: (http: only on this machine)`
}

/** The same of an issuer. It has no query (RFC 8414, section 2): its document's address is made by adding to it. */
export const issuerAddressFault = (name: string, text: unknown): string | undefined =>
  keysAddressFault(name, text) ?? (String(text).includes('?') ? `${name} must not have a query (?…)` : undefined)

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)

/**
 * Finds where an issuer's keys are (OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3.3).
 *
 * @throws IssuerError when the document is not to be had, is of another issuer, or names no fit place
 */
export const discoverJwksUrl = async (issuer: string, fetchJson: FetchJson): Promise<string> => {
  const { value } = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const document = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>
  // The document of another issuer would give its keys the say over our tokens (RFC 8414, section 6.2).
  if (document['issuer'] !== issuer) {
    const slash = document['issuer'] === `${issuer}/` || `${String(document['issuer'])}/` === issuer
    const meant = slash ? `: did you mean ${JSON.stringify(document['issuer'])}?` : ''
    throw new IssuerError('issuer', [`the issuer's document names another issuer than ${issuer}${meant}`])
  }
  const jwksUrl = document['jwks_uri']
  const fault = keysAddressFault("jwks_uri of the issuer's document", jwksUrl)
  if (fault !== undefined) throw new IssuerError('format', [fault])
  // Only who names an issuer on this machine means this machine.
  const { protocol } = new URL(jwksUrl as string)
  if (protocol === 'http:' && issuer.startsWith('https:'))
    throw new IssuerError('format', ["jwks_uri of the issuer's document must be https, as the issuer is"])
  return jwksUrl as string
}
