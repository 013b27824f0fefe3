import { quoted, type Row, type Table } from './side.ts'

/** The statements for a table's rows, and both ways between what PostgreSQL prints and a row. Rows are given as an array a column. */
export const postgresRows = ({ name, columns, key }: Table) => {
  const names = columns.map((column) => quoted(column.name))
  const chosen = names.join(', ')
  const given = (places: readonly number[]) =>
    `unnest(${places.map((_, at) => `$${at + 1}::text[]`).join(', ')}) as given (${places.map((place) => `c${place}`).join(', ')})`
  const cast = (place: number) => `given.c${place}::${columns[place]?.cast}`
  const all = columns.map((_, place) => place)
  const values = all.map(cast).join(', ')
  const into = `insert into ${quoted(name)} (${chosen}) overriding system value`
  const staged = 'portcullis_move'
  return {
    select: `select ${chosen} from ${quoted(name)}`,
    find: `select ${names.map((one) => `own.${one}`).join(', ')} from ${given(key)} join ${quoted(name)} as own on ${key
      .map((place) => `own.${names[place]} = ${cast(place)}`)
      .join(' and ')}`,
    insert: `${into} select ${values} from ${given(all)} on conflict do nothing returning ${chosen}`,
    stage: `create temporary table ${staged} (${all.map((place) => `c${place} text`).join(', ')}) on commit drop`,
    intoStage: `insert into ${staged} select * from ${given(all)}`,
    fromStage: `with written as (${into} select ${values} from ${staged} as given on conflict do nothing returning 1) select count(*) from written`,
    read: (row: readonly (string | null)[]): Row =>
      columns.map(({ kind }, place) => {
        const value = row[place] ?? null
        return value === null ? null : kind.fromPostgres(value)
      }),
    values: (rows: readonly Row[]) => all.map((place) => rows.map((row) => row[place] ?? null)),
    keyValues: (rows: readonly Row[]) => key.map((place) => rows.map((row) => row[place] ?? null)),
  }
}
