import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  SqliteAdapter,
  SqliteDialect,
  type TransactionSettings,
} from 'kysely'
import { asking } from './errors.ts'
import { patienceMs, patiently } from './patience.ts'
import { preparedStatements } from './statements.ts'
import { turns } from './turns.ts'
import type { Unmoved } from './unmoved.ts'

/** Kysely's SQLite dialect over node:sqlite, with transactions that are right for several processes on one file. */
export const nodeSqliteDialect = (connection: DatabaseSync, file: Unmoved): Dialect => {
  // SQLite's own wait would put the whole process to sleep, and with it every request; waiting is done here.
  connection.exec('pragma busy_timeout = 0')
  const dialect = new SqliteDialect({ database: preparedStatements(connection) })
  return {
    createAdapter: () => new TurnsElsewhere(),
    createDriver: () => immediateDriver(dialect.createDriver(), connection, file),
    createIntrospector: (database) => dialect.createIntrospector(database),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}

/** Kysely would give turns before the driver is asked, where nobody sees how long they are waited for. */
class TurnsElsewhere extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

const immediateDriver = (driver: Driver, connection: DatabaseSync, file: Unmoved): Driver => {
  const { take, end } = turns()
  const front = turns()
  /**
   * Who waits for another process's lock lets the others have the connection meanwhile: those that read need no lock, and whoever reads and
   * then writes would wait twice, once behind somebody and once by itself. Of those that wait one tries: a thousand would take the processor.
   */
  const wait: Wait = async (attempt, ms) => {
    let isFront = false
    const rest = async (pause: number): Promise<void> => {
      if (connection.isTransaction) return delay(pause)
      end()
      await (isFront ? delay(pause) : front.take())
      isFront = true
      await take()
    }
    try {
      return await patiently(attempt, ms, rest)
    } finally {
      if (isFront) front.end()
    }
  }
  return {
    init: (options) => driver.init(options),
    acquireConnection: async (options) => {
      const waited = await take()
      try {
        file.demand()
        return new Patient(await driver.acquireConnection(options), Math.max(0, patienceMs - waited), wait)
      } catch (error) {
        end()
        throw error
      }
    },
    releaseConnection: async (held, options) => {
      await driver.releaseConnection(held, options)
      end()
    },
    // Kysely's plain BEGIN takes the write lock at the first write; when another process has written since the first read,
    // that fails at once with SQLITE_BUSY, whatever the timeout (sqlite.org/isolation.html).
    beginTransaction: async (held: DatabaseConnection, { accessMode }: TransactionSettings) => {
      if (accessMode === 'read only') return connection.exec('begin')
      const begin = () => asking(() => connection.exec('begin immediate'))
      await (held instanceof Patient ? held.try(begin) : patiently(begin))
    },
    commitTransaction: (held) => driver.commitTransaction(held),
    // A full disk or an I/O error has rolled back already, and a second rollback would hide it behind an error of its own.
    rollbackTransaction: async (held) => {
      if (connection.isTransaction) await driver.rollbackTransaction(held)
    },
    savepoint: async (held, name, compile) => driver.savepoint?.(held, name, compile),
    rollbackToSavepoint: async (held, name, compile) => driver.rollbackToSavepoint?.(held, name, compile),
    releaseSavepoint: async (held, name, compile) => driver.releaseSavepoint?.(held, name, compile),
    destroy: (options) => driver.destroy(options),
  }
}

/** Tries for some ms while another process holds the lock. */
type Wait = <Result>(attempt: () => Result | Promise<Result>, ms: number) => Promise<Result>

/**
 * Each statement waits for another process's lock while the event loop goes on, for what the wait for the turn has left of 5 seconds: with
 * as much for each, the last of a hundred that wait for one lock would be refused after eight minutes.
 */
class Patient implements DatabaseConnection {
  readonly #held: DatabaseConnection
  readonly #ms: number
  readonly #wait: Wait

  constructor(held: DatabaseConnection, ms: number, wait: Wait) {
    this.#held = held
    this.#ms = ms
    this.#wait = wait
  }

  try<Result>(attempt: () => Result | Promise<Result>): Promise<Result> {
    return this.#wait(attempt, this.#ms)
  }

  executeQuery: DatabaseConnection['executeQuery'] = (query, options) =>
    this.try(() => this.#held.executeQuery(query, options))

  streamQuery: DatabaseConnection['streamQuery'] = (query, size, options) =>
    this.#held.streamQuery(query, size, options)
}
