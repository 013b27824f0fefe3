import type { ShapeColumn, TableShape } from './side.ts'

/** Asks one statement; every value comes as PostgreSQL prints it. */
export type Ask = (text: string, values?: readonly unknown[]) => Promise<readonly (readonly (string | null)[])[]>

const here = '(select oid from pg_namespace where nspname = current_schema())'

/** With -1 for its length a type is named so that a cast to it cuts nothing off. */
const columns = `
  select c.relname, a.attname, format_type(a.atttypid, -1), t.typname, a.attgenerated <> '',
    array_position(i.indkey::int2[], a.attnum)
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_index i on i.indrelid = c.oid and i.indisprimary
  where c.relnamespace = ${here} and c.relkind in ('r', 'p') and not c.relispartition
  order by c.relname, a.attnum`

const references = `
  select distinct c.relname, f.relname from pg_constraint k
  join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
  where k.contype = 'f' and c.relnamespace = ${here} and f.relnamespace = ${here}`

/** The tables of the schema in which tables are made, by name. */
export const postgresTables = async (ask: Ask): Promise<readonly TableShape[]> => {
  const tables = new Map<string, { columns: ShapeColumn[]; key: { name: string; place: number }[] }>()
  for (const [table, name, cast, type, computed, place] of await ask(columns)) {
    if (typeof table !== 'string' || typeof name !== 'string') continue
    const shape = tables.get(table) ?? { columns: [], key: [] }
    shape.columns.push({ name, cast: cast ?? '', type: type ?? '', computed: computed === 't' })
    if (place !== null && place !== undefined) shape.key.push({ name, place: Number(place) })
    tables.set(table, shape)
  }
  const refers = await ask(references)
  return [...tables].map(([name, shape]) => ({
    name,
    columns: shape.columns,
    key: shape.key.toSorted((a, b) => a.place - b.place).map((column) => column.name),
    refersTo: refers.filter(([table]) => table === name).map(([, other]) => String(other)),
  }))
}
