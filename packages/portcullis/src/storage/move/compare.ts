import { keyOf, type Row, type Table } from './side.ts'

/** What is not the same in others. */
export interface Difference {
  /** Rows whose key is not there. */
  readonly absent: readonly Row[]
  /** Rows whose key is there with other content. */
  readonly other: readonly Row[]
  /** Names of the columns in which those differ. */
  readonly columns: ReadonlySet<string>
}

/** Looks for each row among others, by its key. */
export const compare = (table: Table, rows: readonly Row[], others: readonly Row[]): Difference => {
  const byKey = new Map(others.map((row) => [keyOf(table, row), row]))
  const columns = new Set<string>()
  const absent: Row[] = []
  const other: Row[] = []
  for (const row of rows) {
    const found = byKey.get(keyOf(table, row))
    const differing = found === undefined ? [] : table.columns.filter((_, place) => found[place] !== row[place])
    for (const { name } of differing) columns.add(name)
    if (found === undefined) absent.push(row)
    else if (differing.length > 0) other.push(row)
  }
  return { absent, other, columns }
}
