import type { CreateTableBuilder } from 'kysely'

/** What the shared queries and migrations need said in an engine's own way; everything else is Kysely. */
export interface Engine {
  /** Adds a column, the primary key, that counts rows in the order of their insertion. */
  numbered<Table extends string, Column extends string>(
    table: CreateTableBuilder<Table, Column>,
    column: string,
  ): CreateTableBuilder<Table, Column>
  /** Was this error a UNIQUE constraint that refused a row? */
  isTaken(error: unknown): boolean
}
