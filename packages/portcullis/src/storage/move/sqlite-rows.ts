import type { SqliteValue } from './kinds.ts'
import { type Column, quoted, type Row, type Table } from './side.ts'

/** A row as node:sqlite gives it, whole numbers as bigint. */
export type SqliteRow = readonly (SqliteValue | null)[]

/** The statements for a table's rows, and both ways between SQLite's values and those of a row. */
export const sqliteRows = ({ name, columns, key }: Table) => {
  const names = columns.map((column) => quoted(column.name))
  const chosen = names.join(', ')
  const where = `where ${key.map((place) => `${names[place]} = ?`).join(' and ')}`
  return {
    select: `select ${chosen} from ${quoted(name)}`,
    selectOne: `select ${chosen} from ${quoted(name)} ${where}`,
    selectBytes: `select ${names.map((one) => `cast(${one} as blob)`).join(', ')} from ${quoted(name)} ${where}`,
    insert: `insert into ${quoted(name)} (${chosen}) values (${names.map(() => '?').join(', ')}) on conflict do nothing returning ${chosen}`,
    /** Throws an Error with one sentence for a value that PostgreSQL can't have. */
    read: (row: SqliteRow): Row => columns.map((column, place) => read(name, column, row[place] ?? null)),
    values: (row: Row) => columns.map((column, place) => stored(column, row[place] ?? null)),
    keyValues: (row: Row) => key.map((place) => stored(columns[place], row[place] ?? null)),
    /** Throws when a text was read otherwise than it stands in the file: bytes that are no UTF-8 are read as U+FFFD. */
    demandText: (row: Row, bytes: SqliteRow): void => {
      for (const [place, value] of row.entries())
        if (value?.includes('\uFFFD') && !Buffer.from(value).equals(bytes[place] as Uint8Array))
          throw new Error(`${inColumn(name, columns[place])} holds text that is not UTF-8: mend it in the source.`)
    },
  }
}

const read = (table: string, column: Column, value: SqliteValue | null): string | null => {
  if (value === null) return null
  const text = column.kind.fromSqlite(value)
  if (text === undefined)
    throw new Error(
      `${inColumn(table, column)} holds a value that the type ${column.cast} of PostgreSQL can't be: mend it.`,
    )
  if (text.includes('\0'))
    throw new Error(
      `${inColumn(table, column)} holds text with a NUL character, which PostgreSQL refuses: take it out in the source.`,
    )
  return text
}

const stored = (column: Column | undefined, value: string | null): SqliteValue | null =>
  value === null || column === undefined ? null : column.kind.toSqlite(value)

const inColumn = (table: string, column: Column | undefined): string =>
  `The column ${column?.name} of the table ${table}`
