import { quoted, type ShapeColumn, type TableShape } from './side.ts'
import type { SqliteRow } from './sqlite-rows.ts'

/** Asks one statement, all rows at once. */
export type Ask = (text: string, ...values: readonly (string | number)[]) => readonly SqliteRow[]

/** The tables of a file that are not SQLite's own, by name. What keeps a virtual table is not told of: it is made with it. */
export const sqliteTables = (ask: Ask): readonly TableShape[] =>
  ask(
    `select name from pragma_table_list where schema = 'main' and type in ('table', 'virtual') and name not like 'sqlite\\_%' escape '\\' order by name`,
  ).map(([name]) => shapeOf(ask, String(name)))

/** `hidden` is 2 or 3 for a column that is generated, and 1 for one of a virtual table that is not its content. */
const shapeOf = (ask: Ask, name: string): TableShape => {
  const columns = ask(`pragma table_xinfo(${quoted(name)})`).map(([, column, , , , key, hidden]) => ({
    name: String(column),
    key: Number(key),
    hidden: hidden !== 0n,
  }))
  const keys = columns.filter(({ key }) => key > 0).toSorted((a, b) => a.key - b.key)
  return {
    name,
    columns: columns.map(
      ({ name: column, hidden }): ShapeColumn => ({ name: column, cast: '', type: '', computed: hidden }),
    ),
    key: keys.map((column) => column.name),
    // Foreign keys are not looked at while rows are written here.
    refersTo: [],
  }
}
