import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { listeners, telling } from './changes.ts'
import type { Engine } from './engine.ts'
import type { Storage, StorageOptions } from './index.ts'
import { migrate, requireMigrated } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import type { Schema } from './schema.ts'
import { connectForReading, connectForWriting } from './sqlite/connect.ts'
import { nodeSqliteDialect } from './sqlite/dialect.ts'
import { aboutPath, isTaken } from './sqlite/errors.ts'
import { hotPath } from './sqlite/hot-path.ts'
import { unmoved } from './sqlite/unmoved.ts'
import { storesOf } from './stores.ts'

const sqlite: Engine = {
  numbered: (table, column) => table.addColumn(column, 'integer', (build) => build.primaryKey().autoIncrement()),
  isTaken,
  hold: async () => {},
}

/** Opens the database file at `path` for openStorage. */
export const openSqlite = async <Tables>(path: string, options: StorageOptions): Promise<Storage<Tables>> => {
  const { clock = Date.now, readonly = false } = options
  const steps = [...migrations, ...(options.migrations ?? [])]
  if (readonly && !existsSync(path)) throw new Error(`There is no database at ${path}: name one that exists.`)
  const opened: DatabaseSync[] = []
  const closeAll = () => {
    for (const connection of opened.splice(0)) if (connection.isOpen) connection.close()
  }
  try {
    const writer = await (readonly ? connectForReading(path) : connectForWriting(path))
    opened.push(writer)
    const file = unmoved(path)
    const database = new Kysely<Schema>({ dialect: nodeSqliteDialect(writer, file) })
    // The same object: tables are known to the compiler only.
    const target = { database: database as unknown as Kysely<unknown>, place: path }
    await (readonly ? requireMigrated(target, steps) : migrate(target, sqlite, steps, clock()))
    const reader = await connectForReading(path)
    // Closed before the writer, so that the last connection to close can fold the write-ahead log into the file.
    opened.unshift(reader)
    const { identity, isActive } = hotPath(reader, database, file)
    const { add, tell } = listeners()
    const { accounts, sessions } = storesOf(database, sqlite, clock)
    const stores = telling(accounts, sessions, { committed: tell, failed: () => {} })
    return {
      accounts: { ...stores.accounts, identity },
      sessions: { ...stores.sessions, isActive },
      database: database as unknown as Kysely<Tables>,
      ping: accounts.ping,
      onChange: add,
      catchUp: async () => {},
      gauges: () => [],
      close: async () => {
        reader.close()
        await database.destroy()
        closeAll()
      },
    }
  } catch (error) {
    closeAll()
    throw aboutPath(path, error)
  }
}
