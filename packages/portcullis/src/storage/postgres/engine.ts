import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Engine } from '../engine.ts'
import { isTaken } from './errors.ts'

/** The first 64 bits of a hash: what an advisory lock goes by. Two names that share them wait for each other, and no more. */
const lockOf = (name: string): string =>
  createHash('sha256').update(`portcullis ${name}`).digest().readBigInt64BE().toString()

/** What is PostgreSQL's own way. */
export const postgres: Engine = {
  numbered: (table, column) =>
    table.addColumn(column, 'bigint', (build) => build.generatedByDefaultAsIdentity().primaryKey()),
  isTaken,
  // A statement of its own, so that the next one's snapshot is taken after the wait.
  hold: async (transaction, name) => {
    await sql`select pg_advisory_xact_lock(${lockOf(name)}::bigint)`.execute(transaction)
  },
}
