import type { Redis } from 'ioredis'
import { memoryCounter } from '../../layers/limits/index.ts'
import { connect } from './connect.ts'
import { redisCounter } from './counter.ts'
import { isUnknownScript } from './faults.ts'
import { gauges } from './gauges.ts'
import { health } from './health.ts'
import { news } from './news.ts'
import { LUA, partMs, readVerdict, SHA } from './script.ts'
import type { RedisConnection, RedisSettings } from './settings.ts'
import { together } from './together.ts'

/** Each call has so much time, in ms. */
const DEADLINE_MS = 50

/** How long an opening waits for Redis before it goes on without, in ms. */
const START_MS = 1_000

/** What tests replace. */
export interface TestParts {
  /** ms since the epoch, for all windows and for the script; otherwise a steady clock here, and the server's there. */
  readonly clock?: () => number
  /** Instead of 50. */
  readonly deadlineMs?: number
}

/** Opens Redis for openRedis. Fulfilled when Redis counts, or after a second without it. */
export const connectRedis = async (settings: RedisSettings, test: TestParts = {}): Promise<RedisConnection> => {
  const { prefix, maxClients, onState } = settings
  const { clock, deadlineMs = DEADLINE_MS } = test
  const local = memoryCounter({ maxClients, ...(clock === undefined ? {} : { clock }) })
  const redis = connect(settings)
  const run = together(runner(redis))
  // A try writes as requests do, two at a time: a Redis that only answers, but takes no writes, or keeps keys in several places, is not well.
  const attempt = async () => {
    const [limit, part] = [65_535, partMs(1_000)]
    const args = clock === undefined ? [limit, part] : [limit, part, clock()]
    const answers = await Promise.all([run(`${prefix}:limit:try`, args), run(`${prefix}:limit:try-too`, args)])
    for (const answer of answers) readVerdict(answer, limit, part)
  }
  const state = health(redis, attempt, deadlineMs, onState)
  const counter = redisCounter({ run, health: state, local, prefix, deadlineMs, clock })
  const channel = news(redis, () => connect(settings), prefix)
  await state.started(START_MS)
  return {
    counter: { take: counter.take, expect: local.expect },
    announce: channel.announce,
    onAnnounced: channel.onAnnounced,
    gauges: () => gauges(state, counter, local, channel),
    close: async () => {
      state.close()
      channel.close()
      redis.disconnect()
    },
  }
}

/** One round trip: the script goes by its hash, and as a whole only where Redis does not know it (yet, or any more). */
const runner =
  (redis: Redis) =>
  async (keys: readonly string[], args: readonly number[]): Promise<unknown> => {
    try {
      return await redis.evalsha(SHA, keys.length, ...keys, ...args)
    } catch (error) {
      if (!isUnknownScript(error)) throw error
      return redis.eval(LUA, keys.length, ...keys, ...args)
    }
  }
