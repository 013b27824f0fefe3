import type { Algorithm, SigningKey, VerifyingKey } from './algorithms.ts'
import { decodeBase64url } from './base64url.ts'
import type { Members, MembersRefused } from './json-members.ts'
import { readMembers } from './json-members.ts'

/** Bytes a token may have: more is refused before anything is decoded. */
export const MAX_TOKEN_BYTES = 8192

/** Why a compact JWS was refused. */
export type JwsRefusal =
  | 'too-large'
  | 'malformed'
  | MembersRefused['reason']
  | 'header'
  | 'algorithm'
  | 'unknown-key'
  | 'signature'

/** A compact JWS whose signature was right, or the reason why not. */
export type VerifiedJws<A extends string = Algorithm> =
  | {
      readonly ok: true
      readonly header: Members
      readonly payload: Buffer
      readonly signature: Buffer
      readonly key: VerifyingKey<A>
    }
  | { readonly ok: false; readonly reason: JwsRefusal }

/** Whatever else a header may hold (crit, b64, zip, cty, jwk, jku, x5u, x5c …) asks for something that is not done here. */
const HEADER_NAMES: ReadonlySet<string> = new Set(['alg', 'typ', 'kid'])

type HeaderRead<A extends string> =
  | { readonly ok: true; readonly header: Members; readonly key: VerifyingKey<A> }
  | { readonly ok: false; readonly reason: JwsRefusal }

interface KnownHeader<A extends string> {
  readonly text: string
  readonly read: HeaderRead<A>
}

/** Headers that are remembered: an issuer writes one for each of its keys. */
const MOST_HEADERS = 16

/**
 * Makes a verifier of JWS in compact serialisation (RFC 7515, section 5.2; RFC 8725). The key is found by `kid` alone; the algorithm
 * is the key's, and the token has to name that one. Nothing of the payload is read. Never throws.
 *
 * @param find answers the same key for a kid as long as this verifier lives: a header that was read is not read again
 */
export const jwsVerifier = <A extends string = Algorithm>(
  find: (kid: string) => VerifyingKey<A> | undefined,
): ((token: string) => VerifiedJws<A>) => {
  // Few, and so compared in turn: to hash one for a Map costs more.
  const known: KnownHeader<A>[] = []
  /** Of the last token whose signature was wrong: the next one of a flood has the same. */
  let latest: KnownHeader<A> | undefined
  return (token) => {
    if (typeof token !== 'string') return refused('malformed')
    // Characters are never more than bytes, and whatever is not ASCII is refused when it is decoded.
    if (token.length > MAX_TOKEN_BYTES) return refused('too-large')
    const [first, last] = [token.indexOf('.'), token.lastIndexOf('.')]
    // Three parts, and none of them empty.
    if (first < 1 || last < first + 2 || last === token.length - 1 || token.indexOf('.', first + 1) !== last)
      return refused('malformed')
    const protectedPart = token.slice(0, first)
    const remembered = known.find(({ text }) => text === protectedPart)
    const read = remembered?.read ?? (latest?.text === protectedPart ? latest.read : readHeader(protectedPart, find))
    if (!read.ok) return read
    const { header, key } = read
    const payload = decodeBase64url(token.slice(first + 1, last))
    const signature = decodeBase64url(token.slice(last + 1))
    if (payload === undefined || signature === undefined) return refused('encoding')
    if (!key.verify(Buffer.from(token.slice(0, last), 'ascii'), signature)) {
      if (remembered === undefined) latest = { text: protectedPart, read }
      return refused('signature')
    }
    // Not before: a stranger could fill the memory with other spellings.
    if (remembered === undefined && known.length < MOST_HEADERS) known.push({ text: protectedPart, read })
    return { ok: true, header, payload, signature, key }
  }
}

const readHeader = <A extends string>(
  text: string,
  find: (kid: string) => VerifyingKey<A> | undefined,
): HeaderRead<A> => {
  const bytes = decodeBase64url(text)
  if (bytes === undefined) return refused('encoding')
  const header = readMembers(bytes)
  if (!header.ok) return header
  for (const [name, value] of header.members)
    if (!HEADER_NAMES.has(name) || typeof value !== 'string') return refused('header')
  const kid = header.members.get('kid')
  const alg = header.members.get('alg')
  if (typeof kid !== 'string' || alg === undefined) return refused('header')
  const key = find(kid)
  if (key === undefined) return refused('unknown-key')
  return alg === key.alg ? { ok: true, header, key } : refused('algorithm')
}

/** Answers a function that signs payloads with this key, under the header `{alg, typ, kid}` that is written once. */
export const jwsSigner = (key: SigningKey, typ: string): ((payload: object) => string) => {
  const header = encoded({ alg: key.alg, typ, kid: key.kid })
  return (payload) => {
    const input = `${header}.${encoded(payload)}`
    return `${input}.${key.sign(Buffer.from(input, 'ascii')).toString('base64url')}`
  }
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const refused = (reason: JwsRefusal): { readonly ok: false; readonly reason: JwsRefusal } => ({ ok: false, reason })
