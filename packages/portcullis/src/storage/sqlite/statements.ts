import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { SqliteDatabase, SqliteStatement } from 'kysely'
import { asking } from './errors.ts'

/** Statements that are kept prepared; the queries of this room and of a small application fit in many times over. */
const capacity = 256

/** node:sqlite in the shape that Kysely's SQLite dialect expects; statements are prepared once for each text. */
export const preparedStatements = (connection: DatabaseSync): SqliteDatabase => {
  const known = new Map<string, SqliteStatement>()
  return {
    close: () => connection.close(),
    prepare: (sql) => {
      const found = known.get(sql)
      if (found !== undefined) return found
      const statement = adapted(connection, sql)
      const [oldest] = known.keys()
      if (known.size >= capacity && oldest !== undefined) known.delete(oldest)
      known.set(sql, statement)
      return statement
    },
  }
}

const adapted = (connection: DatabaseSync, sql: string): SqliteStatement => {
  const statement: StatementSync = asking(() => connection.prepare(sql))
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => asking(() => statement.all(...bindable(parameters))),
    run: (parameters) => asking(() => statement.run(...bindable(parameters))),
    iterate: (parameters) => statement.iterate(...bindable(parameters)),
  }
}

/** Kysely leaves parameters untyped; node:sqlite throws a TypeError for what it cannot bind. */
const bindable = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[]
