import type { IssuerTokens, Jwk, KeyName, KeyRing, Sessions } from '../layers/sessions/index.ts'
import {
  isPartyName,
  keyRing,
  memorySessionStore,
  noOwnSessions,
  PARTY_NAME,
  rotatingAccessTokens,
  secretsIn,
  sessions,
} from '../layers/sessions/index.ts'
import { FaultList, SettingsError } from '../settings/index.ts'
import type { ForeignSessionOptions, OwnSessionOptions } from './options.ts'
import type { DoorParts } from './order.ts'

/** Who issues the tokens: this program, with keys that can be replaced and sessions that can be ended, or somebody else. */
export interface Issuing {
  readonly tokens: DoorParts['tokens']
  readonly sessions: Sessions
  jwks(): { keys: Jwk[] }
  keys(): readonly KeyName[]
  rotateKeys(secrets: string | readonly string[]): void
  /** Forgets a part of the sessions that expired; answers how much, 0 when nothing is left. */
  prune(): number | Promise<number>
  readonly warnings: readonly string[]
}

/** Where the settings are read and what they are read with. */
interface Reading {
  readonly faults: FaultList
  readonly clock: () => number
  readonly development: boolean
}

/** Are the tokens somebody else's? */
export const isForeign = (given: object | undefined): given is ForeignSessionOptions =>
  typeof given === 'object' && given !== null && 'foreign' in given && given.foreign !== undefined

/**
 * Reads the options of the sessions and notes their faults.
 *
 * @returns what prepares them, to be called when there was no fault
 */
export const issuing = (
  given: OwnSessionOptions | ForeignSessionOptions | undefined,
  reading: Reading,
): (() => Issuing) =>
  isForeign(given) ? issuedElsewhere(given, reading.faults) : issuedHere(given ?? { secret: undefined }, reading)

const issuedElsewhere = (given: ForeignSessionOptions, faults: FaultList): (() => Issuing) => {
  for (const key of Object.keys(given).filter((name) => name !== 'foreign'))
    faults.add(`sessions.${key} has no meaning beside sessions.foreign: the issuer decides it. Take one of them out.`)
  const { foreign } = given as { foreign: Partial<IssuerTokens> | null }
  if (typeof foreign?.verify !== 'function')
    faults.add('sessions.foreign takes what `await issuerTokens({ issuer, audience })` answers')
  return () => ({
    tokens: given.foreign,
    sessions: noOwnSessions,
    jwks: () => ({ keys: [] }),
    keys: () => [],
    rotateKeys: () => {
      throw new SettingsError(["sessions.foreign: the keys are the issuer's, and are read from there."])
    },
    prune: () => 0,
    warnings: [],
  })
}

const issuedHere = (given: OwnSessionOptions, { faults, clock, development }: Reading): (() => Issuing) => {
  const ring = faults.try('sessions.secret', () => keyRing(secretsOf(given.secret)))
  const lifetimeSeconds = faults.try(
    '',
    () => within('sessions.accessTokenMinutes', given.accessTokenMinutes, 1, 60, 15) * 60,
  )
  const refreshLifetimeSeconds = faults.try(
    '',
    () => within('sessions.refreshTokenDays', given.refreshTokenDays, 1, 30, 30) * 86_400,
  )
  const retryWindowSeconds = faults.try('', () =>
    within('sessions.retryWindowSeconds', given.retryWindowSeconds, 0, 30, 0),
  )
  for (const name of ['issuer', 'audience'] as const)
    if (given[name] !== undefined && !isPartyName(given[name]))
      faults.add(`sessions.${name} ${PARTY_NAME}, or left out`)
  if (given.store !== undefined && typeof given.store?.isActive !== 'function')
    faults.add('sessions.store takes a store of sessions: the `sessions` of what openStorage answers')
  return () => {
    const store = given.store ?? memorySessionStore()
    const tokens = rotatingAccessTokens({
      ring: ring as KeyRing,
      lifetimeSeconds: lifetimeSeconds as number,
      clock,
      ...(given.issuer === undefined ? {} : { issuer: given.issuer }),
      ...(given.audience === undefined ? {} : { audience: given.audience }),
    })
    return {
      tokens,
      sessions: sessions({
        tokens,
        store,
        clock,
        refreshLifetimeSeconds: refreshLifetimeSeconds as number,
        retryWindowSeconds: retryWindowSeconds as number,
      }),
      jwks: () => tokens.ring().jwks(),
      keys: () => tokens.ring().names,
      rotateKeys: (secrets) => tokens.rotate(readRing(secrets)),
      prune: () => store.prune(clock()),
      warnings:
        given.store === undefined && !development
          ? [
              'Sessions are kept in this process only: a restart ends them all, and no other process knows them. Give sessions.store one that lasts.',
            ]
          : [],
    }
  }
}

const secretsOf = (secret: unknown): readonly string[] => {
  const given = typeof secret === 'string' ? secretsIn(secret) : secret
  if (given === undefined || (Array.isArray(given) && given.length === 0))
    throw new TypeError(
      'sessions.secret is missing: give it JWT_SECRET from the environment (npx portcullis keys makes one)',
    )
  if (!Array.isArray(given) || given.some((one) => typeof one !== 'string'))
    throw new TypeError('sessions.secret takes text, or a list of texts')
  return given
}

const readRing = (secrets: unknown): KeyRing => {
  const faults = new FaultList()
  const ring = faults.try('sessions.secret', () => keyRing(secretsOf(secrets)))
  faults.throwIfAny()
  return ring as KeyRing
}

const within = (name: string, value: number | undefined, min: number, max: number, fallback: number): number => {
  if (value === undefined) return fallback
  if (!Number.isInteger(value) || value < min || value > max)
    throw new TypeError(`${name} takes a whole number from ${min} to ${max}`)
  return value
}
