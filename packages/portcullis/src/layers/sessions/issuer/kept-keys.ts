import type { IssuerFault } from './issuer-error.ts'
import { IssuerError } from './issuer-error.ts'
import type { IssuerKeys } from './issuer-keys.ts'

/** What is told of an issuer's keys, for a log and counters. */
export type IssuerNews = 'issuer-unreachable' | 'issuer-recovered' | 'issuer-keys-changed'

/** When keys are read again, in ms. */
export interface KeyTimes {
  /** After a good reading, when the issuer says nothing. */
  readonly refresh: number
  /** The least and the most that `max-age` can make of it. */
  readonly refreshMin: number
  readonly refreshMax: number
  /** After a failed one. */
  readonly retry: number
  /** Between two readings because of an unknown kid. */
  readonly unknownKid: number
  /** How old the last good reading may be. */
  readonly believed: number
}

/** The times in use. */
export const KEY_TIMES: KeyTimes = {
  refresh: 5 * 60_000,
  refreshMin: 60_000,
  refreshMax: 15 * 60_000,
  retry: 15_000,
  unknownKid: 10_000,
  believed: 60 * 60_000,
}

/** How the keys stand. Times in ms since the epoch. */
export interface KeysState {
  readonly keys: IssuerKeys['names']
  /** Keys of the set that are left out, and why. */
  readonly skipped: readonly string[]
  /** When they were last read. */
  readonly readAt: number
  /** Readings that failed since then. */
  readonly failures: number
}

/** Keys that are kept fresh in the background. */
export interface KeptKeys<T> {
  /** What `use` made of the last keys. @throws IssuerError when they are too old to be believed */
  current(): T
  /** Reads them again because of an unknown kid; undefined when that was done a moment ago. Never rejects. */
  readAgain(): Promise<void> | undefined
  state(): KeysState
  close(): void
}

/** What keeping keys takes. */
export interface KeptKeysOptions<T> {
  readonly read: () => Promise<{ readonly keys: IssuerKeys; readonly maxAgeSeconds: number | undefined }>
  /** Prepares a set of keys; called anew only when it changed. */
  readonly use: (keys: IssuerKeys) => T
  readonly clock: () => number
  readonly report: (news: IssuerNews, facts: Readonly<Record<string, string | number>>) => void
  readonly times: KeyTimes
}

/**
 * Reads keys, and then again and again: one reading at a time, by the issuer's `max-age` within bounds. An issuer that does not answer leaves
 * the last keys in use for a bounded time; a set that was read replaces them at once, whatever it lacks.
 *
 * @throws what `read` throws, the first time
 */
export const keptKeys = async <T>({ read, use, clock, report, times }: KeptKeysOptions<T>): Promise<KeptKeys<T>> => {
  const first = await read()
  if (first.keys.names.length === 0)
    throw new IssuerError('keys', ['the key set has no key that can be used', ...first.keys.skipped])
  let keys = first.keys
  let current = use(keys)
  let readAt = clock()
  let failures = 0
  let askedAt = Number.NEGATIVE_INFINITY
  let underWay: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const later = (ms: number): void => {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(() => void refresh(), ms).unref()
  }

  const tell = async (...told: Parameters<typeof report>): Promise<void> => {
    try {
      await report(...told)
    } catch {
      // A log that is full must not end the reading of keys, nor the process: its rejection would.
    }
  }

  const take = (fresh: IssuerKeys, maxAgeSeconds: number | undefined): void => {
    const changed = fresh.digest !== keys.digest
    if (changed) current = use(fresh)
    keys = fresh
    readAt = clock()
    const failed = failures
    failures = 0
    later(nextRefresh(maxAgeSeconds, times))
    if (failed > 0) tell('issuer-recovered', { failures: failed })
    if (changed) tell('issuer-keys-changed', { keys: fresh.names.length, skipped: fresh.skipped.length })
  }

  const fail = (error: unknown): void => {
    if (closed) return
    failures += 1
    const reason: IssuerFault = error instanceof IssuerError ? error.reason : 'unreachable'
    later(times.retry)
    tell('issuer-unreachable', { reason, failures, ageSeconds: Math.round((clock() - readAt) / 1000) })
  }

  const refresh = (): Promise<void> => {
    underWay ??= read()
      .then(({ keys: fresh, maxAgeSeconds }) => take(fresh, maxAgeSeconds))
      .catch(fail)
      .finally(() => {
        underWay = undefined
      })
    return underWay
  }

  const readAgain = (): Promise<void> | undefined => {
    if (underWay !== undefined) return underWay
    const now = clock()
    // A flood of tokens with invented kids must not become a flood at the issuer.
    if (closed || Math.abs(now - askedAt) < times.unknownKid) return undefined
    askedAt = now
    return refresh()
  }

  later(nextRefresh(first.maxAgeSeconds, times))
  return Object.freeze({
    current: () => {
      // Written so that a clock that answers NaN refuses.
      if (Math.abs(clock() - readAt) <= times.believed) return current
      // No reading failed: the clock jumped, as it does when a machine sleeps, and the timer has minutes to go.
      if (failures === 0) void readAgain()
      throw new IssuerError('stale', ["the issuer's keys could not be read for too long"])
    },
    readAgain,
    state: () => ({ keys: keys.names, skipped: keys.skipped, readAt, failures }),
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  })
}

const nextRefresh = (maxAgeSeconds: number | undefined, times: KeyTimes): number =>
  maxAgeSeconds === undefined
    ? times.refresh
    : Math.min(Math.max(maxAgeSeconds * 1000, times.refreshMin), times.refreshMax)
