import {
  type DatabaseConnection,
  type Dialect,
  PostgresDialect,
  PostgresDriver,
  type PostgresPool,
  type TransactionSettings,
} from 'kysely'

/**
 * Kysely's PostgreSQL dialect, with transactions that are READ COMMITTED unless they ask for another isolation: who has waited for a
 * lock must see what its holder wrote. The server's default may be changed while we run, and counts for the next connection.
 */
export const readCommittedDialect = (pool: PostgresPool): Dialect => {
  const dialect = new PostgresDialect({ pool })
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => new ReadCommittedDriver({ pool }),
    createIntrospector: (database) => dialect.createIntrospector(database),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}

class ReadCommittedDriver extends PostgresDriver {
  override beginTransaction(held: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return super.beginTransaction(held, { ...settings, isolationLevel: settings.isolationLevel ?? 'read committed' })
  }
}
