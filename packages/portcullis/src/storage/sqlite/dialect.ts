import type { DatabaseSync } from 'node:sqlite'
import { type DatabaseConnection, type Dialect, type Driver, SqliteDialect } from 'kysely'
import { asking } from './errors.ts'
import { patiently } from './patience.ts'
import { preparedStatements } from './statements.ts'

/** Kysely's SQLite dialect over node:sqlite, with transactions that are right for several processes on one file. */
export const nodeSqliteDialect = (connection: DatabaseSync): Dialect => {
  // SQLite's own wait would put the whole process to sleep, and with it every request; waiting is done here.
  connection.exec('pragma busy_timeout = 0')
  const dialect = new SqliteDialect({ database: preparedStatements(connection) })
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => immediateDriver(dialect.createDriver(), connection),
    createIntrospector: (database) => dialect.createIntrospector(database),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}

const immediateDriver = (driver: Driver, connection: DatabaseSync): Driver => ({
  init: (options) => driver.init(options),
  acquireConnection: async (options) => patient(await driver.acquireConnection(options)),
  releaseConnection: (held, options) => driver.releaseConnection(held, options),
  // Kysely's plain BEGIN takes the write lock at the first write; when another process has written since the first read,
  // that fails at once with SQLITE_BUSY, whatever the timeout (sqlite.org/isolation.html).
  beginTransaction: async (_held, { accessMode }) => {
    if (accessMode === 'read only') return connection.exec('begin')
    await patiently(() => asking(() => connection.exec('begin immediate')))
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
})

/** Each statement waits for another process's lock while the event loop goes on. */
const patient = (held: DatabaseConnection): DatabaseConnection => ({
  executeQuery: (query, options) => patiently(() => held.executeQuery(query, options)),
  streamQuery: (query, size, options) => held.streamQuery(query, size, options),
})
