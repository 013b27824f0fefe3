import { Socket } from 'node:net'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import { type ClientBase, Pool, type PoolClient, types } from 'pg'
import { isFatal, isServersFault, unavailable, uncertain } from './errors.ts'
import { GuardedClient } from './guarded-client.ts'

/** How many connections, and how long each of them is waited for. */
export interface Bounds {
  /** Connections at the most. */
  readonly size: number
  /** ms for a connection, from the pool or new. */
  readonly connectMs: number
  /** ms that the server gives a statement; the client gives it 100 ms more, so that a server that lives ends it first. */
  readonly statementMs: number
  /** ms that the server lets a transaction wait for us before it gives its locks back: a process that hangs must not hang the others. */
  readonly inTransactionMs: number
  /** ms after which an idle connection is closed; 0 keeps it. */
  readonly idleMs: number
}

/** Connections whose every wait has an end. All that fails for the server's sake rejects with a `statusCode` of 503. */
export interface BoundedPool extends PostgresPool {
  /** @param totalMs for waiting and for all statements together, until it is released; no bound by default */
  connect(totalMs?: number): Promise<PostgresPoolClient>
  /** Cuts every connection there is: after a network that swallowed everything each would cost somebody a wait. */
  renew(): void
  /** Ends every connection, those that hang included; may be called again. */
  end(): Promise<void>
  /** Connections there are, those that nobody uses, and queries that wait for one. */
  counts(): { readonly total: number; readonly idle: number; readonly waiting: number }
}

/** Prepares the pool; connects when it is asked for a connection first. */
export const boundedPool = (url: string, bounds: Bounds, readonly: boolean): BoundedPool => {
  const sockets = new Set<Socket>()
  const clients = new Set<PoolClient>()
  const lost = new WeakSet<object>()
  const pool = new Pool({
    Client: GuardedClient,
    connectionString: url,
    max: bounds.size,
    connectionTimeoutMillis: bounds.connectMs,
    idleTimeoutMillis: bounds.idleMs,
    statement_timeout: bounds.statementMs,
    idle_in_transaction_session_timeout: bounds.inTransactionMs,
    fallback_application_name: 'portcullis',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    allowExitOnIdle: true,
    types: { getTypeParser: parserOf },
    stream: () => {
      const socket = new Socket()
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      return socket
    },
    ...(readonly ? { onConnect: forbidWrites } : {}),
  })
  // Without listeners an error of an idle connection, or of one between two statements, would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => {
    clients.add(client)
    client.on('error', () => lost.add(client))
  })
  pool.on('remove', (client) => clients.delete(client))
  const usable = async (): Promise<PoolClient> => {
    for (;;) {
      const client = await pool.connect()
      if (!lost.has(client)) return client
      client.release(true)
    }
  }
  let ended: Promise<void> | undefined
  return {
    options: {},
    connect: async (totalMs = Number.POSITIVE_INFINITY) => {
      const until = performance.now() + totalMs
      const client = await usable().catch((error: unknown) => {
        throw unavailable(error)
      })
      return held(client, lost, bounds.statementMs + 100, until)
    },
    renew: () => {
      for (const client of clients) lost.add(client)
      for (const socket of sockets) socket.destroy()
    },
    end: () => {
      ended ??= pool.end().then(() => {
        // A server that hangs never closes its side.
        setTimeout(() => {
          for (const socket of sockets) socket.destroy()
        }, 200).unref()
      })
      return ended
    },
    counts: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
  }
}

/** The pool has no deadline for this one. */
const forbidWrites = async (client: ClientBase): Promise<void> => {
  const statement = { text: 'set default_transaction_read_only = on', query_timeout: 500 }
  await client.query(statement)
}

/** A connection for as long as somebody has it. */
const held = (client: PoolClient, lost: WeakSet<object>, deadlineMs: number, until: number): PostgresPoolClient => {
  const query = async (text: string, values: readonly unknown[]) => {
    const sent = !lost.has(client)
    try {
      if (!sent) throw new Error('The connection to PostgreSQL is lost.')
      const ms = Math.max(0, Math.min(deadlineMs, until - performance.now()))
      return await within(ms, client.query(text, [...values]), () => lost.add(client))
    } catch (error) {
      if (isFatal(error)) lost.add(client)
      if (!lost.has(client)) throw isServersFault(error) ? unavailable(error) : error
      // What a lost connection began the server rolls back by itself; this error would hide the first one.
      if (text === 'rollback') return { command: 'ROLLBACK', rowCount: 0, rows: [] }
      throw sent && text === 'commit' ? uncertain(error) : unavailable(error)
    }
  }
  return {
    query: query as unknown as PostgresPoolClient['query'],
    // A connection whose answer did not come would give it to the next who asks.
    release: (destroy = false) => client.release(destroy || lost.has(client)),
  }
}

/** The answer, unless it takes too long. */
const within = <Answer>(ms: number, answer: Promise<Answer>, late: () => void): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const giveUp = () => {
      late()
      reject(new Error('PostgreSQL did not answer in time.'))
    }
    // Where this process was the late one the answer is in the socket already, and is read before an immediate runs.
    let immediate: NodeJS.Immediate | undefined
    const timer = setTimeout(() => {
      immediate = setImmediate(giveUp)
    }, ms)
    const settled = () => {
      clearTimeout(timer)
      clearImmediate(immediate)
    }
    answer.then(
      (value) => {
        settled()
        resolve(value)
      },
      (error: unknown) => {
        settled()
        reject(error)
      },
    )
  })

const INT8 = 20

const parserOf: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === INT8 && format !== 'binary' ? wholeNumber : types.getTypeParser(oid, format as 'text')

/** Times and counts fit a number; what does not must not become another value. */
const wholeNumber = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new RangeError('A bigint of the database is too large for a number: select it as text.')
  return value
}
