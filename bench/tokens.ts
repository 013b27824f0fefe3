/** Makes the tokens that are sent: ours as it issues them, the others' as a JWT usually is. */
import { createHmac, randomUUID } from 'node:crypto'
import { accessTokens, generateSecret, keyRing } from 'portcullis/sessions'
import { EXPIRED, sessionToken } from './contenders/session-token.ts'
import { sessionId } from './contenders/sessions.ts'
import { userId } from './contenders/work.ts'

/** The secret of this run, of every contender. */
export const secret = generateSecret()

const HOUR_SECONDS = 3_600
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const hs256 = (text: string, key: string): string => createHmac('sha256', key).update(text).digest('base64url')

/** A token of the user (and session) of this number. Each is another one, even for the same number. */
export type Mint = (number: number) => string

const HEADER = base64url({ alg: 'HS256', typ: 'JWT' })

/** `iat`, `exp`, the subject and an id; signed with this key. */
const usual = (key: string, header: string, ageSeconds: number): Mint => {
  return (number) => {
    const iat = Math.floor(Date.now() / 1000) - ageSeconds
    const text = `${header}.${base64url({ sub: userId(number), jti: randomUUID(), iat, exp: iat + HOUR_SECONDS })}`
    return `${text}.${key === '' ? '' : hs256(text, key)}`
  }
}

const own = (key: string, ageSeconds = 0): Mint => {
  const tokens = accessTokens({
    ring: keyRing([key]),
    lifetimeSeconds: HOUR_SECONDS,
    clock: () => Date.now() - ageSeconds * 1000,
  })
  return (number) => tokens.issue(userId(number), sessionId(number)).token
}

/** What a contender takes, and what it must refuse. */
export interface Tokens {
  readonly good: Mint
  /** Of the right form, signed by somebody else. For ours with the right `kid`, so that it is the signature that is looked at. */
  readonly forged: Mint
  readonly expired: Mint
  /** `alg: none`, without a signature. */
  readonly unsigned: Mint
}

/** Another header and no signature. */
const unsign = (token: string, header: string): string => `${header}.${token.split('.')[1]}.`

/** The signature of another text: right in form and length. */
const forge = (token: string, other: string): string =>
  `${token.slice(0, token.lastIndexOf('.'))}.${other.split('.')[2]}`

const family = (mint: (ageSeconds: number) => Mint, typ: string): Tokens => {
  const good = mint(0)
  return {
    good,
    forged: (number) => forge(good(number), good(number + 1)),
    expired: mint(HOUR_SECONDS + 1),
    unsigned: (number) => unsign(good(number), base64url({ alg: 'none', typ })),
  }
}

export const usualTokens: Tokens = family((age) => usual(secret, HEADER, age), 'JWT')
export const ownTokens: Tokens = family((age) => own(secret, age), 'at+jwt')

/** An id and its signature, as better-auth writes them into its cookie and into the field that stands for it. */
const signed = (id: string, by: string): string =>
  encodeURIComponent(`${id}.${createHmac('sha256', secret).update(by).digest('base64')}`)

/** better-auth's: the same for the same number, however often it is made. */
export const sessionTokens: Tokens = {
  good: (number) => signed(sessionToken(number), sessionToken(number)),
  forged: (number) => signed(sessionToken(number), sessionToken(number + 1)),
  expired: () => signed(EXPIRED, EXPIRED),
  unsigned: sessionToken,
}
