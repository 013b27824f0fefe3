import { createHmac } from 'node:crypto'
import type { KeyRing } from '../../../src/layers/sessions/index.ts'
import { accessTokens, keyRing } from '../../../src/layers/sessions/index.ts'

/** A secret of the tests: the attacker of most tables holds it, so that only the rule under test refuses. */
export const secret = 'Zk3rT9vQ1xW7bN5mC8pL2sD6fG4hJ0yUaEoIiKtRwXs'
export const otherSecret = 'pQ8wN2vB6xM1kZ5cR9tL3jH7gF4dS0aYuEoWiXbTnVq'

/** 2027-01-15T08:00:00Z, in s. */
export const now = 1_800_000_000

export const ring: KeyRing = keyRing([secret])
export const kid = ring.signing.kid

export const segment = (text: string | Uint8Array): string => Buffer.from(text).toString('base64url')

/** The HMAC of an input, as any holder of the secret can make it. */
export const tag = (input: string, key: string | Uint8Array = secret): string =>
  createHmac('sha256', key).update(input).digest('base64url')

export const header = { alg: 'HS256', typ: 'at+jwt', kid }
export const payload = { sub: 'ada', sid: 'session-1', jti: 'token-1', iat: now - 60, exp: now + 60 }

const bytesOf = (part: unknown): string | Uint8Array =>
  typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part)

/** Signs any two parts with the ring's own key: an object is written as JSON, text and bytes go in as they are. */
export const mint = (head: unknown, body: unknown, key: string | Uint8Array = secret): string => {
  const input = `${segment(bytesOf(head))}.${segment(bytesOf(body))}`
  return `${input}.${tag(input, key)}`
}

/** A token like those of the ring, some claims aside. */
export const mintClaims = (other: Readonly<Record<string, unknown>>): string => mint(header, { ...payload, ...other })

/** A token like those of the ring, some members of its header aside. */
export const mintHeader = (other: Readonly<Record<string, unknown>>): string => mint({ ...header, ...other }, payload)

export const valid = mint(header, payload)

export const verifier = (options: { issuer?: string; audience?: string } = {}) =>
  accessTokens({ ring, clock: () => now * 1000, ...options })
