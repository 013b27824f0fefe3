import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { Client } from 'portcullis/client'
import { lastForwarded } from 'portcullis/client'
import type { OwnAddress } from './addresses.ts'
import { ADDRESSES, cookieWithoutPrefix } from './addresses.ts'
import { HOP, isForeign, isTakenOut, spelledPlainly } from './claims.ts'

/** Header fields as undici takes them: names and values in turn. */
export type FlatFields = string[]

/** How the fields of a request are judged. */
export interface FieldRules {
  /** The names that carry the identity, lower case: set by the gateway alone. */
  readonly identityNames: readonly string[]
  /** The one header that trusted proxies write; it says which of their words is the protocol's. */
  readonly forwardedHeader: 'x-forwarded-for' | 'forwarded'
  /** The cookie that is the gateway's own, if one is: a credential that is none of the upstream's business. */
  readonly ownCookie: string | undefined
}

/**
 * Prepares what becomes of the fields of a request on their way to the upstream.
 *
 * @returns takes the names, lower case, of the header parameters that its operation describes
 */
export const requestFields = (
  rules: FieldRules,
): ((raw: IncomingMessage, client: Client, described: ReadonlySet<string>) => FlatFields) => {
  const own = new Set(rules.identityNames)
  return (raw, client, described) => {
    const named = connectionNames(raw.headers.connection)
    const fields: FlatFields = []
    for (let index = 0; index < raw.rawHeaders.length; index += 2) {
      const name = (raw.rawHeaders[index] as string).toLowerCase()
      const value = raw.rawHeaders[index + 1] as string
      const read = spelledPlainly(name)
      if (own.has(read) || isTakenOut(read)) continue
      if (named?.has(name) === true) continue
      // What a body is was judged by the field that has the right name: Content_Encoding would be a second one.
      if (read !== name && read.startsWith('content-')) continue
      const isJudged = described.has(name) && name !== 'cookie'
      if (isJudged || isForeign(read)) continue
      const kept = name === 'cookie' ? othersCookies(value, rules.ownCookie) : value
      if (kept !== '') fields.push(name, kept)
    }
    // As one line, since it was judged so: of two Starlette and Go read the first, and another the last or both.
    for (const name of described) {
      const value = name === 'cookie' || named?.has(name) === true ? undefined : raw.headers[name]
      if (typeof value === 'string' && value !== '') fields.push(name, value)
    }
    forwardedFields(fields, raw, client, rules)
    return fields
  }
}

/** What a Connection field names beside what it usually says: fields that are not sent on. Of several lines undici makes a list, and node:http one text. */
export const connectionNames = (
  connection: string | readonly string[] | undefined,
): ReadonlySet<string> | undefined => {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined
  const names = String(connection).split(',')
  return new Set(names.map((name) => name.trim().toLowerCase()))
}

/**
 * Without any pair that holds the name of our own cookie: which spelling (a blank, a quote, a `=` in front, another case) an upstream takes
 * for it is its own affair, and nobody else's cookie has that name inside.
 */
const othersCookies = (cookie: string, own: string | undefined): string =>
  own !== undefined && holds(cookie, own)
    ? cookie
        .split(';')
        .filter((pair) => !holds(pair, own))
        .join(';')
        .trim()
    : cookie

const holds = (text: string, name: string): boolean => text.toLowerCase().includes(name.toLowerCase())

/**
 * Whether a Set-Cookie sets another cookie than our own, by what a browser makes of it (RFC 6265bis §5.6): blanks around the name go, and a
 * pair without a name comes back as its value, so that it may pass for any. The prefix of ours is known in any case.
 */
const setsAnother = (cookie: string, own: string): boolean => {
  const [pair = ''] = cookie.split(';', 1)
  const name = pair.slice(0, Math.max(pair.indexOf('='), 0)).trim()
  return name !== '' && name.toLowerCase() !== own.toLowerCase()
}

/** Where the request came from, by the library's decision: RFC 7239, and the fields that most servers read. */
const forwardedFields = (fields: FlatFields, raw: IncomingMessage, client: Client, rules: FieldRules): void => {
  const proto = protocolOf(raw, client, rules)
  const host = raw.headers.host ?? ''
  const { address } = client
  const forwarded = [`proto=${proto}`]
  if (address !== '') {
    fields.push('x-forwarded-for', address)
    forwarded.unshift(address.includes(':') ? `for="[${address}]"` : `for=${address}`)
  }
  if (host !== '') {
    fields.push('x-forwarded-host', host)
    forwarded.push(`host="${host}"`)
  }
  fields.push('x-forwarded-proto', proto, 'forwarded', forwarded.join(';'))
}

/** A trusted proxy that ends TLS says so; nobody else is asked. */
const protocolOf = (raw: IncomingMessage, client: Client, { forwardedHeader }: FieldRules): 'http' | 'https' => {
  const own = (raw.socket as TLSSocket).encrypted === true ? 'https' : 'http'
  if (!client.viaProxy) return own
  const said =
    forwardedHeader === 'forwarded'
      ? // A client's own words stand in it, in host="…": by the grammar, or not at all.
        lastForwarded(raw.headers.forwarded ?? '', 'proto')
      : String(raw.headers['x-forwarded-proto'] ?? '')
          .split(',')
          .at(-1)
          ?.trim()
  const word = said?.toLowerCase()
  return word === 'http' || word === 'https' ? word : own
}

/** What of the upstream's answer stays with it: what it runs on, and at which address, how it asks for credentials, whom its own CORS lets in. */
const KEPT = new Set([
  ...HOP,
  // No field of an answer, and PHP's own server writes the one of the request into each.
  'host',
  ...['server', 'x-powered-by', 'x-aspnet-version', 'x-runtime', 'www-authenticate', 'alt-svc'],
  ...['ratelimit', 'ratelimit-policy', 'x-sendfile', 'x-accel-redirect', 'x-debug-token', 'x-debug-token-link'],
])

/**
 * The fields of an answer: the upstream's where it may say something, the door's in every other case.
 *
 * @param own the upstream's address, which must not be told (the origin '' takes nothing out), and the cookie that only the gateway sets
 */
export const answerFields = (
  upstream: IncomingHttpHeaders,
  door: Readonly<Record<string, unknown>>,
  own: OwnAddress & { readonly ownCookie: string | undefined },
): Record<string, string | string[]> => {
  const named = connectionNames(upstream.connection)
  const fields = { ...door } as Record<string, string | string[]>
  for (const [name, value] of Object.entries(upstream)) {
    if (value === undefined || KEPT.has(name) || named?.has(name) === true) continue
    if (name.startsWith('access-control-') || name.startsWith('portcullis-')) continue
    const rewrite = own.origin === '' ? undefined : ADDRESSES.get(name)
    if (name === 'vary') fields['vary'] = [door['vary'], value].flat().filter(Boolean).join(', ')
    else if (name === 'set-cookie')
      fields[name] = [value]
        .flat()
        .filter((one) => own.ownCookie === undefined || setsAnother(one, own.ownCookie))
        .map((one) => cookieWithoutPrefix(one, own))
    else fields[name] = rewrite === undefined ? value : [value].flat().map((one) => rewrite(one, own))
  }
  return fields
}
