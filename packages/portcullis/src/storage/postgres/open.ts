import { Kysely, sql } from 'kysely'
import { listeners, telling } from '../changes.ts'
import type { Storage, StorageOptions } from '../index.ts'
import { migrate, requireMigrated } from '../migrate.ts'
import { migrations } from '../migrations/index.ts'
import type { Schema } from '../schema.ts'
import { sessionEnds } from '../session-ends.ts'
import { storesOf } from '../stores.ts'
import type { DatabaseAddress } from '../url.ts'
import { again } from './again.ts'
import { readCommittedDialect } from './dialect.ts'
import { postgres } from './engine.ts'
import { aboutPlace, isUncertain, unavailable } from './errors.ts'
import { gauges } from './gauges.ts'
import { hotPath } from './hot-path.ts'
import { postgresMigrations } from './migrations/index.ts'
import { type News, newsOf } from './news.ts'
import { type BoundedPool, boundedPool } from './pool.ts'
import { checkServer } from './server.ts'
import { standing } from './standing.ts'

/** What a request waits for at the most: 400 ms for a connection, 400 for a statement on a server that lives, 500 on one that hangs. */
const prompt = { connectMs: 400, statementMs: 400, inTransactionMs: 3000 }

/** ms for all that a store's method asks, however many statements it is made of: a server that is slow each time must not add it up. */
const methodMs = 800

/** For migrations, which may wait for another process's, and for ending every session there is. */
const patient = { size: 1, connectMs: 5000, statementMs: 600_000, inTransactionMs: 600_000, idleMs: 1000 }

/** Opens the database at an address for openStorage. */
export const openPostgres = async <Tables>(
  { url, place }: DatabaseAddress & { readonly kind: 'postgres' },
  options: StorageOptions,
): Promise<Storage<Tables>> => {
  const { clock = Date.now, readonly = false, poolSize = 10 } = options
  if (!Number.isInteger(poolSize) || poolSize < 1 || poolSize > 1000)
    throw new RangeError('poolSize takes a whole number from 1 to 1000')
  const shared = boundedPool(url, { ...prompt, size: poolSize, idleMs: 60_000 }, readonly)
  const looking = boundedPool(url, { ...prompt, size: 1, idleMs: 0 }, false)
  const slow = boundedPool(url, patient, readonly)
  const endAll = async () => {
    await Promise.all([shared.end(), looking.end(), slow.end()])
  }
  const known = standing()
  const news = newsOf({ own: looking, shared, drop: known.drop, found: shared.renew })
  const database = kysely(shared, news)
  const bounded = kysely(shared, news, methodMs)
  const slowly = kysely(slow, news)
  try {
    await prepare(slowly as unknown as Kysely<unknown>, place, options, clock())
    await news.start()
  } catch (error) {
    await endAll()
    throw aboutPlace(place, error)
  }
  const { add, tell } = listeners()
  const plain = storesOf(bounded, postgres, clock)
  const endEverything = async () => {
    // A server that hangs is found out here, where the wait is short.
    await plain.accounts.ping()
    return sessionEnds(slowly, postgres, clock).endEverything()
  }
  const { accounts, sessions } = telling(again(plain.accounts), again({ ...plain.sessions, endEverything }), {
    committed: (subject) => {
      known.drop(subject)
      tell()
    },
    failed: (subject, error) => {
      if (isUncertain(error)) known.drop(subject)
    },
  })
  const { identity, isActive } = hotPath(bounded, known, news)
  return {
    accounts: { ...accounts, identity },
    sessions: {
      ...sessions,
      isActive,
      prune: async (now) => (await Promise.all([sessions.prune(now), pruneNews(bounded)]))[0],
    },
    database: database as unknown as Kysely<Tables>,
    ping: accounts.ping,
    onChange: add,
    catchUp: news.catchUp,
    gauges: () => gauges(shared, known, news),
    close: async () => {
      news.stop()
      known.drop(null)
      await Promise.all([database, bounded, slowly].map((one) => one.destroy()))
      await endAll()
    },
  }
}

/** Kysely over a pool, which is not even asked while the database is known to be lost. */
const kysely = (pool: BoundedPool, news: News, totalMs?: number): Kysely<Schema> => {
  const connect = async () => {
    if (news.lost()) throw unavailable('PostgreSQL can not be reached now.')
    return pool.connect(totalMs)
  }
  return new Kysely<Schema>({ dialect: readCommittedDialect({ ...pool, connect }) })
}

/** Brings the schema up to date, or sees that it is. */
const prepare = async (
  database: Kysely<unknown>,
  place: string,
  options: StorageOptions,
  now: number,
): Promise<void> => {
  const steps = [...migrations, ...postgresMigrations, ...(options.migrations ?? [])]
  await checkServer(database, place)
  if (options.readonly === true) await requireMigrated({ database, place }, steps)
  else await migrate({ database, place }, postgres, steps, now)
}

/** News of yesterday: whoever has not looked for 5 minutes forgets everything anyway. */
const pruneNews = async (database: Kysely<Schema>): Promise<void> => {
  await sql`delete from portcullis_news where told_at < now() - interval '1 day'`.execute(database)
}
