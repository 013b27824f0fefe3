import { existsSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { connectForReading, connectForWriting } from '../sqlite/connect.ts'
import { aboutPath } from '../sqlite/errors.ts'
import { batches } from './batches.ts'
import type { SqliteValue } from './kinds.ts'
import { quoted, type Side } from './side.ts'
import { type SqliteRow, sqliteRows } from './sqlite-rows.ts'
import { sqliteTables } from './sqlite-tables.ts'

/** Opens a file. Throws an Error with one sentence, which names the path, when that can't be done. */
export const sqliteSide = async (path: string, as: 'source' | 'destination'): Promise<Side> => {
  const instead = as === 'source' ? 'name one that exists' : 'start the program once with DATABASE_URL set to it'
  if (!existsSync(path)) throw new Error(`There is no database at ${path}: ${instead}.`)
  try {
    const connection = await (as === 'source' ? connectForReading(path) : connectForWriting(path))
    return sideOf(`The ${as} ${path}`, path, connection, as)
  } catch (error) {
    throw aboutPath(path, error)
  }
}

const sideOf = (name: string, path: string, connection: DatabaseSync, as: 'source' | 'destination'): Side => {
  const statement = statements(connection)
  const ask = (text: string, ...values: readonly (SqliteValue | null)[]) =>
    asking(path, () => statement(text).all(...values) as unknown as readonly SqliteRow[])
  const version = () => ask('pragma data_version')[0]?.[0]
  const has = (table: string) => ask(`select 1 from sqlite_schema where type = 'table' and name = ?`, table).length > 0
  // A source is read in one transaction, which sees one moment. A destination's rows refer to each other as the source's do.
  connection.exec(as === 'source' ? 'begin' : 'pragma foreign_keys = off')
  const before = version()
  return {
    name,
    tables: async () => sqliteTables(ask),
    migrations: async () =>
      has('portcullis_migrations') ? ask('select name from portcullis_migrations').map(([one]) => String(one)) : [],
    count: async (table) => Number(ask(`select count(*) from ${quoted(table)}`)[0]?.[0]),

    rows: async function* (table, most) {
      const { select, selectBytes, read, keyValues, demandText } = sqliteRows(table)
      const batch = batches(most)
      try {
        for (const found of statement(select).iterate() as unknown as Iterable<SqliteRow>) {
          const row = read(found)
          if (row.some((value) => value?.includes('\uFFFD')))
            demandText(row, ask(selectBytes, ...keyValues(row))[0] ?? [])
          const full = batch.add(row)
          if (full !== undefined) yield full
        }
      } catch (error) {
        throw aboutPath(path, error)
      }
      if (batch.rest().length > 0) yield batch.rest()
    },

    find: async (table, rows) => {
      const { selectOne, read, keyValues } = sqliteRows(table)
      return rows.flatMap((row) => ask(selectOne, ...keyValues(row)).map(read))
    },

    insert: async (table, rows, accept) => {
      const { insert, read, values } = sqliteRows(table)
      asking(path, () => connection.exec('begin immediate'))
      try {
        accept(rows.flatMap((row) => ask(insert, ...values(row)).map(read)))
        asking(path, () => connection.exec('commit'))
      } catch (error) {
        if (connection.isTransaction) connection.exec('rollback')
        throw error
      }
    },

    greatest: async (table) => {
      const [row] = has('sqlite_sequence') ? ask('select seq from sqlite_sequence where name = ?', table.name) : []
      return row === undefined ? undefined : String(row[0])
    },

    // Beyond its rows it goes on by itself.
    advance: async (table, greatest) => {
      if (greatest === undefined || !has('sqlite_sequence')) return
      const value = BigInt(greatest)
      ask('update sqlite_sequence set seq = max(seq, ?) where name = ?', value, table.name)
      ask(
        `insert into sqlite_sequence (name, seq) select name, ? from sqlite_schema where name = ?
          and sql like '%autoincrement%' and name not in (select name from sqlite_sequence)`,
        value,
        table.name,
      )
    },

    changed: async () => {
      connection.exec('commit')
      return version() !== before
    },

    close: async () => connection.close(),
  }
}

/** Prepared once for each text; rows are arrays, and whole numbers bigint. */
const statements = (connection: DatabaseSync) => {
  const known = new Map<string, StatementSync>()
  return (text: string): StatementSync => {
    const found = known.get(text)
    if (found !== undefined) return found
    const statement = connection.prepare(text)
    statement.setReadBigInts(true)
    statement.setReturnArrays(true)
    known.set(text, statement)
    return statement
  }
}

const asking = <Answer>(path: string, work: () => Answer): Answer => {
  try {
    return work()
  } catch (error) {
    throw aboutPath(path, error)
  }
}
