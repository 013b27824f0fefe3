import type { Ask } from './postgres-tables.ts'
import { quoted, type Table } from './side.ts'

/** Columns of a table whose numbers a sequence gives, with its name. */
const sequences = async (ask: Ask, table: Table): Promise<readonly { column: string; sequence: string }[]> => {
  const names = table.columns.map(({ name }) => name)
  const rows = await ask(
    'select name, pg_get_serial_sequence($1, name) from unnest($2::text[]) as name where pg_get_serial_sequence($1, name) is not null',
    [quoted(table.name), names],
  )
  return rows.map(([column, sequence]) => ({ column: column ?? '', sequence: sequence ?? '' }))
}

const keyColumn = ({ columns, key: [place, ...others] }: Table): string | undefined =>
  place === undefined || others.length > 0 ? undefined : columns[place]?.name

/** The last number that the sequence of the primary key gave. */
export const greatestGiven = async (ask: Ask, table: Table): Promise<string | undefined> => {
  const own = (await sequences(ask, table)).find(({ column }) => column === keyColumn(table))
  if (own === undefined) return undefined
  const [row] = await ask(`select last_value from ${own.sequence} where is_called`)
  return row?.[0] ?? undefined
}

/** The sequences go on beyond what the rows hold, and that of the primary key beyond `greatest`; never back. */
export const advanceSequences = async (ask: Ask, table: Table, greatest: string | undefined): Promise<void> => {
  for (const { column, sequence } of await sequences(ask, table))
    await ask(
      `select setval($1::regclass, reached) from (
        select greatest(max(${quoted(column)}), $2::bigint, (select last_value from ${sequence} where is_called)) as reached
        from ${quoted(table.name)}
      ) as all_of_them where reached >= 1`,
      [sequence, column === keyColumn(table) ? (greatest ?? null) : null],
    )
}
