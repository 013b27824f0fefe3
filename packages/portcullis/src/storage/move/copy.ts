import { compare } from './compare.ts'
import { digest } from './digest.ts'
import type { MoveOptions } from './report.ts'
import type { Row, Side, Table } from './side.ts'

/** A table that was copied: the rows of the source, those that were written, and the digest of all. */
export interface Copied {
  readonly table: Table
  readonly rows: number
  readonly copied: number
  readonly digest: string
}

/** Writes what the destination lacks, batch by batch; each is one transaction. Throws an Error with one sentence when a row can't be kept as it is. */
export const copyTable = async (
  from: Side,
  to: Side,
  table: Table,
  { batchRows = 1000, onBatch }: MoveOptions,
): Promise<Copied> => {
  const of = await from.count(table.name)
  const all = digest()
  let copied = table.refersToItself ? ((await to.insertAtOnce?.(table, from.rows(table, batchRows))) ?? 0) : 0
  const occupied = (await to.count(table.name)) > 0
  for await (const rows of from.rows(table, batchRows)) {
    const missing = occupied ? await absent(to, table, rows) : rows
    if (missing.length > 0) await to.insert(table, missing, (written) => demandKept(to, table, missing, written))
    copied += missing.length
    for (const row of rows) all.add(row)
    await onBatch?.({ table: table.name, rows: all.rows(), of })
  }
  await to.advance(table, await from.greatest(table))
  return { table, rows: all.rows(), copied, digest: all.value() }
}

const absent = async (to: Side, table: Table, rows: readonly Row[]): Promise<readonly Row[]> => {
  const there = compare(table, rows, await to.find(table, rows))
  demandSame(to, table, there.columns)
  return there.absent
}

/** Each row was written, and reads as it was given. */
const demandKept = (to: Side, table: Table, rows: readonly Row[], written: readonly Row[]): void => {
  const { absent: refused, columns } = compare(table, rows, written)
  demandSame(to, table, columns)
  if (refused.length > 0)
    throw new Error(
      `${to.name} refuses ${refused.length} ${refused.length === 1 ? 'row' : 'rows'} of the table ${table.name}: other rows hold there what must be unique, or something else writes to it.`,
    )
}

const demandSame = (to: Side, table: Table, columns: ReadonlySet<string>): void => {
  if (columns.size > 0)
    throw new Error(
      `${to.name} does not keep the table ${table.name} as the source has it (${[...columns].join(', ')}): the types of the two sides do not match, or something else writes to it.`,
    )
}
