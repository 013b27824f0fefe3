import type { CreateTableBuilder, Kysely } from 'kysely'

/** What the shared queries and migrations need said in an engine's own way; everything else is Kysely. */
export interface Engine {
  /** Adds a column, the primary key, that counts rows in the order of their insertion. */
  numbered<Table extends string, Column extends string>(
    table: CreateTableBuilder<Table, Column>,
    column: string,
  ): CreateTableBuilder<Table, Column>
  /** Was this error a UNIQUE constraint that refused a row? */
  isTaken(error: unknown): boolean
  /**
   * Keeps a name until the transaction ends, and waits for whoever else keeps it. What a statement reads after this is all that
   * those have committed. In SQLite a writing transaction is alone anyway.
   */
  hold<Tables>(transaction: Kysely<Tables>, name: string): Promise<void>
}
