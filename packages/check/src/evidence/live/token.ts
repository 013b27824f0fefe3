import { createHmac } from 'node:crypto'
import type { Exchange } from './exchange.ts'
import { isRecord, jsonOf } from './exchange.ts'

type Json = Readonly<Record<string, unknown>>

/** A token as a login answered it, and where it stood. */
export interface FoundToken {
  readonly value: string
  /** `access_token`, `tokens.access.token`, `cookie session`. */
  readonly where: string
}

export interface Jwt {
  readonly header: Json
  readonly claims: Json
  readonly parts: readonly [header: string, claims: string, signature: string]
}

const ACCESS = [
  'access_token',
  'accessToken',
  'access',
  'token',
  'auth_token',
  'authToken',
  'jwt',
  'bearer',
  'id_token',
]
const HOLDERS = ['tokens', 'data', 'user', 'result', 'session', 'auth']

/** The access token of a login's answer; a refresh token is not one. */
export const tokenIn = (login: Exchange): FoundToken | undefined =>
  inBody(jsonOf(login.text), '') ?? inText(login.text) ?? inHeader(login) ?? inCookies(login.cookies)

const inBody = (value: unknown, where: string, depth = 0): FoundToken | undefined => {
  if (!isRecord(value) || depth > 3) return undefined
  for (const name of ACCESS) {
    const found = value[name]
    if (typeof found === 'string' && found.length > 7)
      return { value: found.replace(/^(?:Bearer|Token|JWT) /i, ''), where: where + name }
    const inside = isRecord(found) ? inBody(found, `${where}${name}.`, depth + 1) : undefined
    if (inside !== undefined) return inside
  }
  for (const name of HOLDERS) {
    const inside = inBody(value[name], `${where}${name}.`, depth + 1)
    if (inside !== undefined) return inside
  }
  return undefined
}

/** Some answer with the bare token. */
const inText = (text: string): FoundToken | undefined => {
  const bare = text.trim().replace(/^"|"$/g, '')
  return decodeJwt(bare) === undefined ? undefined : { value: bare, where: 'the body' }
}

const inHeader = ({ answered }: Exchange): FoundToken | undefined => {
  const bare = (answered['authorization'] ?? answered['x-auth-token'] ?? '').replace(/^Bearer /i, '')
  return bare === '' ? undefined : { value: bare, where: 'a header' }
}

const inCookies = (cookies: readonly string[]): FoundToken | undefined => {
  for (const cookie of cookies) {
    const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(cookie) ?? []
    if (decodeJwt(value) !== undefined && !/refresh/i.test(name)) return { value, where: `cookie ${name}` }
  }
  return undefined
}

/** The Cookie header that a browser would send after this answer. */
export const cookieHeader = (cookies: readonly string[]): string =>
  cookies.map((cookie) => cookie.split(';', 1)[0] ?? '').join('; ')

/** Its parts, unverified; undefined for anything that is no signed JWT. */
export const decodeJwt = (token: string): Jwt | undefined => {
  const [header = '', claims = '', signature, ...more] = token.split('.')
  if (signature === undefined || more.length > 0) return undefined
  const [head, payload] = [header, claims].map((part) => jsonOf(Buffer.from(part, 'base64url').toString('utf8')))
  if (!isRecord(head) || !isRecord(payload) || typeof head['alg'] !== 'string') return undefined
  return { header: head, claims: payload, parts: [header, claims, signature] }
}

const HASHES: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }

/** The signature of an HMAC algorithm (RFC 7518 §3.2); undefined for the others. */
export const hmacOf = (alg: unknown, signed: string, key: string): string | undefined => {
  const hash = HASHES[String(alg)]
  return hash === undefined ? undefined : createHmac(hash, key).update(signed).digest('base64url')
}
