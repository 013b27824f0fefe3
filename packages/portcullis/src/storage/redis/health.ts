import type { Redis } from 'ioredis'
import { isAnswer, LATE, reasonOf } from './faults.ts'
import type { RedisReason, RedisSettings } from './settings.ts'
import { within } from './within.ts'

/** How often Redis is tried while it is lost, in ms. */
const TRY_MS = 250

/** How often it is tried while it is well, in ms: an idle process learns of a loss, and nothing on the way closes an idle connection. */
const PULSE_MS = 5_000

/** Tries without any answer until the connection counts as dead: a network that swallowed it may be back for new ones only. */
const SILENT_TRIES = 2

/** A recovery that lasted less than this, in ms, was none: the next takes STEADY_TRIES in a row, so that a Redis at the edge of its time does not flap. */
const STEADY_MS = 5_000
const STEADY_TRIES = 3

/** The breaker: whether Redis is asked. */
export interface Health {
  /** May Redis be asked? Otherwise this process decides alone. */
  readonly well: boolean
  /** Calls that failed and connections that were lost, since the start. */
  readonly failures: number
  /** Replies that came late, or not at all, since the start. */
  readonly late: number
  /** Hears that a call failed: Redis is not asked again until a try succeeds. */
  failed(error: unknown): void
  /** Fulfilled when the first try has succeeded, or after `ms`; then it says that Redis is not there. */
  started(ms: number): Promise<void>
  close(): void
}

/**
 * Opens at the first failure: no second request waits for what the first has found out. Closes at the first try that succeeds in time;
 * tries run by themselves, so that no request pays for one.
 */
export const health = (
  redis: Pick<Redis, 'status' | 'connect' | 'disconnect' | 'on'>,
  attempt: () => Promise<unknown>,
  deadlineMs: number,
  onState: RedisSettings['onState'],
): Health => {
  let state: 'starting' | 'well' | 'lost' | 'closed' = 'starting'
  let fellBy: RedisReason = 'unreachable'
  /** What is known of the connection's trouble since it was last ready. */
  let trouble: RedisReason = 'unreachable'
  let failures = 0
  let late = 0
  let silent = 0
  let good = 0
  let needed = 1
  let roseAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  const start = Promise.withResolvers<void>()

  const say = async (...event: Parameters<typeof onState>): Promise<void> => {
    try {
      await onState(...event)
    } catch {
      // A log that fails must not fail a request, nor end the process: its rejection would.
    }
  }

  const next = (ms: number): void => {
    clearTimeout(timer)
    if (state !== 'closed') timer = setTimeout(round, ms).unref()
  }

  const fall = (reason: RedisReason): void => {
    state = 'lost'
    fellBy = reason
    silent = 0
    good = 0
    needed = performance.now() - roseAt < STEADY_MS ? STEADY_TRIES : 1
    next(TRY_MS)
    say('degraded', reason)
  }

  const rise = (): void => {
    if (state === 'lost') {
      good += 1
      if (good < needed) return
      state = 'well'
      roseAt = performance.now()
      say('recovered', fellBy)
    } else if (state === 'starting') {
      state = 'well'
      start.resolve()
    }
  }

  const failed = (error: unknown): void => {
    if (error === LATE) late += 1
    else failures += 1
    if (state === 'well') fall(reasonOf(error))
  }

  const heard = (): void => {
    silent = 0
  }

  const attemptOne = async (): Promise<void> => {
    const reply = attempt()
    reply.then(heard, (error: unknown) => isAnswer(error) && heard())
    try {
      await within(deadlineMs, reply)
      rise()
    } catch (error) {
      good = 0
      const reason = reasonOf(error)
      if (reason !== 'unreachable') trouble = reason
      if (state === 'well') failed(error)
      // After a failover the name, or the proxy, may lead to the new primary: for new connections only.
      else if (reason === 'readonly') redis.disconnect(true)
    }
  }

  const round = (): void => {
    if (state !== 'well' && (redis.status === 'ready' || redis.status === 'connect')) {
      silent += 1
      if (silent >= SILENT_TRIES) {
        silent = 0
        redis.disconnect(true)
      }
    }
    // ioredis gives up for good when a connection can't even be begun.
    if (redis.status === 'end') redis.connect().catch(() => {})
    void attemptOne()
    next(state === 'well' ? PULSE_MS : TRY_MS)
  }

  redis.on('error', (error: unknown) => {
    trouble = reasonOf(error)
  })
  redis.on('ready', () => {
    trouble = 'unreachable'
    heard()
    void attemptOne()
  })
  redis.on('close', () => {
    if (state !== 'well') return
    failures += 1
    fall(trouble)
  })
  next(TRY_MS)

  return {
    get well() {
      return state === 'well'
    },
    get failures() {
      return failures
    },
    get late() {
      return late
    },
    failed,
    started: async (ms) => {
      const patience = setTimeout(start.resolve, ms)
      await start.promise
      clearTimeout(patience)
      if (state === 'starting') fall(trouble)
    },
    close: () => {
      state = 'closed'
      clearTimeout(timer)
      start.resolve()
    },
  }
}
