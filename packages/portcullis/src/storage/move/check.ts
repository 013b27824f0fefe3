import { compare } from './compare.ts'
import type { Plan } from './plan.ts'
import type { Side, Table } from './side.ts'

/**
 * Looks at every row that the destination holds already. Throws an Error, a sentence for each table, when some are not the source's: then
 * nothing has been written.
 */
export const checkDestination = async (from: Side, to: Side, plan: Plan): Promise<void> => {
  const faults: string[] = []
  for (const table of plan.tables) faults.push(...(await faultsOf(from, to, table)))
  for (const name of plan.beside) faults.push(...strangers(to, name, await to.count(name)))
  if (faults.length === 0) return
  throw new Error(
    `${faults.join('\n')}\nNothing was written. Move to a database that nothing else writes to: make it anew, start the program once with DATABASE_URL set to it, stop it, and run this again.`,
  )
}

const faultsOf = async (from: Side, to: Side, table: Table): Promise<readonly string[]> => {
  let unknown = 0
  let changed = 0
  const columns = new Set<string>()
  if ((await to.count(table.name)) > 0)
    for await (const rows of to.rows(table, 1000)) {
      const difference = compare(table, rows, await from.find(table, rows))
      unknown += difference.absent.length
      changed += difference.other.length
      for (const column of difference.columns) columns.add(column)
    }
  return [
    ...strangers(to, table.name, unknown),
    ...(changed === 0
      ? []
      : [
          `${to.name} holds ${counted(changed)} in the table ${table.name} with other content than the source has under the same key (${[...columns].join(', ')}).`,
        ]),
  ]
}

const strangers = (to: Side, table: string, count: number): readonly string[] =>
  count === 0 ? [] : [`${to.name} holds ${counted(count)} in the table ${table} that the source does not have.`]

const counted = (rows: number): string => (rows === 1 ? '1 row' : `${rows} rows`)
