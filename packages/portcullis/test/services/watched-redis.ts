import assert from 'node:assert/strict'
import type { Policy, Verdict } from '../../src/layers/limits/index.ts'
import { openRedis, type RedisConnection, type RedisOptions } from '../../src/storage/index.ts'
import type { Lasting } from './redis.ts'

/** An open Redis whose events are written down. */
export interface WatchedRedis extends RedisConnection {
  /** 'degraded late', 'recovered late' … since the start, or since they were last cleared. */
  readonly events: string[]
  gauge(name: string): number | undefined
  /** Fulfilled with the ms it took, when this is the last thing that happened; rejects after `patienceMs`. */
  until(state: 'degraded' | 'recovered', patienceMs?: number): Promise<number>
  /** Fulfilled when Redis counts; rejects after 10 s. */
  well(): Promise<void>
  /** The same, and what happened so far is forgotten: on a busy machine a reply may have been late. */
  quiet(): Promise<void>
}

/** Opens Redis as an application does, and closes it after the test. */
export const watchedRedis = async (t: Lasting, url: string, options: RedisOptions = {}): Promise<WatchedRedis> => {
  const events: string[] = []
  const redis = await openRedis(url, {
    ...options,
    onState: (state, reason) => void events.push(`${state} ${reason}`),
  })
  t.after(() => redis.close())
  const gauge = (name: string) => redis.gauges().find((one) => one.name === name)?.value
  const well = async () => {
    for (const end = Date.now() + 10_000; gauge('portcullis_limits_degraded') !== 0; ) {
      assert.ok(Date.now() < end, `Redis does not count: ${events.join(', ')}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  return {
    ...redis,
    events,
    gauge,
    well,
    quiet: async () => {
      await well()
      events.length = 0
    },
    until: async (state, patienceMs = 10_000) => {
      const begun = performance.now()
      while (events.at(-1)?.startsWith(state) !== true) {
        if (performance.now() - begun > patienceMs) assert.fail(`${state} was awaited, there was: ${events.join(', ')}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      return performance.now() - begun
    },
  }
}

/** A policy of 10 in a minute, as credentials have. */
export const ten: Policy = { name: 'credentials', quota: { limit: 10, windowMs: 60_000 } }

/**
 * What many takes at once came to. Fails when one throws, rejects, is no verdict, or is not answered in its 50 ms: by a timer of 50 ms that is
 * set after them, since a busy machine is late for both.
 */
export const takeMany = async (
  { counter }: Pick<RedisConnection, 'counter'>,
  key: string,
  times: number,
): Promise<{ readonly admitted: number; readonly slowestMs: number }> => {
  let [slowestMs, last] = [0, 0]
  const one = async (): Promise<Verdict> => {
    const begun = performance.now()
    const verdict = await counter.take(ten, key)
    last = performance.now()
    slowestMs = Math.max(slowestMs, last - begun)
    assert.equal(verdict.allowed, verdict.retryAfterMs === 0)
    return verdict
  }
  const takes = Array.from({ length: times }, one)
  const due = new Promise<number>((resolve) => {
    setTimeout(() => setImmediate(() => resolve(performance.now())), 50)
  })
  const verdicts = await Promise.all(takes)
  const overMs = last - (await due)
  assert.ok(overMs < 200, `the last answer came ${overMs} ms after its time, the slowest took ${slowestMs} ms`)
  return { admitted: verdicts.filter(({ allowed }) => allowed).length, slowestMs }
}

/**
 * Fails unless two processes count together: 10 for a client over both. On a busy machine a reply may be late, and then each counts alone for
 * a moment; that is tried again with another client.
 */
export const countTogether = async (one: WatchedRedis, other: WatchedRedis): Promise<void> => {
  for (let client = 0; client < 20; client += 1) {
    await one.well()
    await other.well()
    const before = one.events.length + other.events.length
    const first = await takeMany(one, `shared ${client}`, 6)
    const second = await takeMany(other, `shared ${client}`, 20)
    if (one.events.length + other.events.length !== before) continue
    assert.deepEqual([first.admitted, second.admitted], [6, 4])
    return
  }
  assert.fail(`Redis is late more often than not: ${one.events.join(', ')}`)
}

/** The promised second, and what a busy machine may add. */
export const HEALED_MS = 2_000
