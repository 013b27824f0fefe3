import type { PostgresPool } from 'kysely'
import { isFull, isUnavailable, unavailable } from './errors.ts'

/** ms between two looks: with the look itself, and a pause of this process, well under the second in which a change counts everywhere. */
const everyMs = 400

/** ms after a look that failed: the first is tried again at once, since it may have been its connection alone. */
const againMs = (inARow: number): number => (inARow === 1 ? 10 : 150)

/** ms for which a look vouches for what is remembered. */
const freshMs = 1000

/** ms for which what is remembered holds while the database is lost. */
const patienceMs = 300_000

/** The rows that became visible since the last look, in one statement, so that they and the new snapshot are of one moment. */
const question = `select
  pg_postmaster_start_time()::text as server,
  pg_current_snapshot()::text as snapshot,
  extract(epoch from clock_timestamp())::float8 * 1000 as at,
  array(
    select distinct subject from portcullis_news
    where xact >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(xact, $1::pg_snapshot)
    limit 1000
  ) as subjects`

interface Look {
  /** When the server started: another value is another server, or one that came back. */
  readonly server: string
  readonly snapshot: string
  /** ms since the epoch by the server's clock, which goes on while this process is frozen. */
  readonly at: number
  /** Accounts; null stands for every account. */
  readonly subjects: readonly (string | null)[]
}

/** Follows what every process, and everybody by hand, changes in the database. */
export interface News {
  /** May what is remembered be used now? True within a second of a look, and for 5 minutes after the last one while looks fail. */
  current(): boolean
  /** Two looks in a row found no database: questions to it need not wait. */
  lost(): boolean
  /** Fulfilled when the look that is under way, or else a new one, is over, whatever came of it. */
  settled(): Promise<void>
  /** Fulfilled when a look that began after the call is over, whatever came of it. */
  catchUp(): Promise<void>
  /** Looks for the first time and then again and again. Rejects when the first look fails. */
  start(): Promise<void>
  stop(): void
  /** Looks that failed since the start. */
  readonly failures: number
  /** ms since the last look that did not fail began. */
  age(): number
}

/** What the looks need. */
export interface Looking {
  /** A pool of one connection that nobody else uses, so that no load delays a look. */
  readonly own: PostgresPool
  /** Asked when the server has no connection left for a new one. */
  readonly shared: PostgresPool
  /** Forgets an account, or everything for null. */
  drop(subject: string | null): void
  /** The database was lost, and is there again. */
  found(): void
}

/** Prepares the looks. */
export const newsOf = ({ own, shared, drop, found }: Looking): News => {
  let last: Look | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  let failures = 0
  let inARow = 0
  /** The server answers, and says that the news can't be read. */
  let blind = false
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  const age = (): number => performance.now() - lookedAt
  const lost = (): boolean => inARow > 1 && !blind

  const look = async (): Promise<void> => {
    const began = performance.now()
    const seen = await ask(own, last).catch((error: unknown) => {
      if (isFull(error)) return ask(shared, last)
      throw error
    })
    // Of another server, or after a gap in which old news may have been pruned, nothing is known.
    if (last === undefined || seen.server !== last.server || seen.at - last.at > patienceMs) drop(null)
    else for (const subject of seen.subjects.length === 1000 ? [null] : seen.subjects) drop(subject)
    if (lost()) found()
    last = seen
    lookedAt = began
    inARow = 0
    blind = false
  }

  const attempt = async (): Promise<void> => {
    try {
      await look()
    } catch (error) {
      failures += 1
      inARow += 1
      blind = !isUnavailable(error)
      if (blind || age() > patienceMs) drop(null)
    }
  }

  const begin = (): Promise<void> => {
    clearTimeout(timer)
    const began = performance.now()
    running = attempt().finally(() => {
      running = undefined
      // From beginning to beginning, so that a slow database does not make looks rare.
      const pause = inARow === 0 ? Math.max(10, everyMs - (performance.now() - began)) : againMs(inARow)
      if (!stopped) timer = setTimeout(begin, pause).unref()
    })
    return running
  }

  const catchUp = (): Promise<void> => {
    if (running === undefined) return begin()
    // However many call meanwhile, one more look is news to all of them.
    next ??= running.then(() => {
      next = undefined
      return running ?? begin()
    })
    return next
  }

  return {
    current: () => {
      if (stopped || blind) return false
      return age() < (inARow > 0 ? patienceMs : freshMs)
    },
    lost,
    settled: () => running ?? begin(),
    catchUp,
    start: async () => {
      await look()
      timer = setTimeout(begin, everyMs).unref()
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
    get failures() {
      return failures
    },
    age,
  }
}

const ask = async (pool: PostgresPool, last: Look | undefined): Promise<Look> => {
  const client = await pool.connect()
  try {
    const { rows } = await client.query<Look>(question, [last?.snapshot ?? null])
    const [seen] = rows
    if (seen === undefined) throw unavailable('PostgreSQL answered a look with no row.')
    return seen
  } finally {
    client.release()
  }
}
