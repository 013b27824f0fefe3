import type { Principal } from 'portcullis'
import { keyRing } from 'portcullis/sessions'

/** What the upstream is told of who is calling. */
export interface UpstreamIdentity {
  /** The header fields that nobody but the gateway may set, in lower case. */
  readonly names: readonly string[]
  /**
   * The fields for a request: none without a principal.
   *
   * @throws TypeError for a role that is empty or no text; RangeError when they would not fit a header
   */
  fields(principal: Principal | undefined): Readonly<Record<string, string>>
}

/** How the identity is written. */
export interface UpstreamIdentityOptions {
  /** A secret of its own, as `portcullis keys` makes it; the upstream has it too. Never one that signs access tokens. */
  readonly secret: string
  /** The upstream's origin: `aud` of the token, so that it counts at no other. */
  readonly audience: string
  /** ms since the epoch; Date.now by default. */
  readonly clock?: (() => number) | undefined
}

/** RFC 8725, section 3.11: a type of its own, which no verifier of access tokens takes. */
const TYP = 'portcullis-identity+jwt'

/** `iss` of the token. */
const ISSUER = 'portcullis-gateway'

/** Seconds a token lives; it is written anew after half of them, so that the upstream always has the other half. */
const LIFETIME_SECONDS = 60

/** Callers whose fields are remembered, at the most: two halves, of which the older is dropped when the newer is full. */
const REMEMBERED_HALF = 5_000

/** Node and uvicorn take header blocks of 16 KiB and more; the rest is for what the caller sent. */
const MAX_LENGTH = 12_288

const NO_FIELDS: Readonly<Record<string, string>> = Object.freeze({})

interface Written {
  readonly fields: Readonly<Record<string, string>>
  readonly iat: number
}

/**
 * Makes what tells the upstream who is calling: `portcullis-subject` and `portcullis-roles` to read, and `portcullis-token`, which says
 * the same and is signed, so that the upstream needs to trust nobody who reaches its port.
 *
 * @throws KeyRingError when the secret can't be used
 */
export const upstreamIdentity = ({ secret, audience, clock = Date.now }: UpstreamIdentityOptions): UpstreamIdentity => {
  const { signing } = keyRing([secret])
  const header = encoded({ alg: signing.alg, typ: TYP, kid: signing.kid })
  let newer = new Map<string, Written>()
  let older = newer

  const remember = (key: string, written: Written): void => {
    if (newer.size >= REMEMBERED_HALF) {
      older = newer
      newer = new Map()
    }
    newer.set(key, written)
  }

  const tokenOf = ({ id, roles, sessionId }: Principal, iat: number): string => {
    const session = sessionId === '' ? {} : { sid: sessionId }
    const exp = iat + LIFETIME_SECONDS
    const input = `${header}.${encoded({ iss: ISSUER, aud: audience, sub: id, ...session, roles, iat, exp })}`
    return `${input}.${signing.sign(Buffer.from(input, 'ascii')).toString('base64url')}`
  }

  const write = (principal: Principal, iat: number): Written => {
    demandTexts(principal)
    const fields = {
      'portcullis-subject': visible(principal.id),
      'portcullis-roles': principal.roles.map(visible).join(','),
      'portcullis-token': tokenOf(principal, iat),
    }
    if (Object.values(fields).join('').length > MAX_LENGTH)
      throw new RangeError(
        `An account's id and roles are longer than a header may be: ${principal.roles.length} roles.`,
      )
    return { fields: Object.freeze(fields), iat }
  }

  return Object.freeze({
    names: Object.freeze(['portcullis-subject', 'portcullis-roles', 'portcullis-token']),
    fields: (principal: Principal | undefined) => {
      if (principal === undefined) return NO_FIELDS
      const iat = Math.floor(clock() / 1000)
      // All that decides the fields, in a form that two callers can't share.
      const key = JSON.stringify([principal.id, principal.sessionId, principal.roles])
      const known = newer.get(key) ?? older.get(key)
      if (known !== undefined && iat >= known.iat && iat < known.iat + LIFETIME_SECONDS / 2) return known.fields
      const written = write(principal, iat)
      remember(key, written)
      return written.fields
    },
  })
}

const demandTexts = ({ id, roles }: Principal): void => {
  for (const text of [id, ...roles])
    if (typeof text !== 'string' || text === '' || !text.isWellFormed())
      throw new TypeError('The upstream can be told of ids and roles that are well-formed texts and not empty.')
}

/** Visible ASCII stays; the rest, the comma and the percent sign are percent-encoded (RFC 3986, section 2.1). */
const visible = (text: string): string => text.replace(/[^!-$&-+\--~]+/g, encodeAll)

const encodeAll = (text: string): string =>
  Buffer.from(text, 'utf8').reduce((all, byte) => `${all}%${byte.toString(16).toUpperCase().padStart(2, '0')}`, '')

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
