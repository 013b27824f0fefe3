import type { DatabaseAddress } from '../url.ts'
import type { MoveAddresses } from './addresses.ts'
import { checkDestination } from './check.ts'
import { type Copied, copyTable } from './copy.ts'
import { digestOf } from './digest.ts'
import { planOf } from './plan.ts'
import { postgresSide } from './postgres.ts'
import type { MoveOptions, MoveReport } from './report.ts'
import type { Side } from './side.ts'
import { sqliteSide } from './sqlite.ts'

/** Does a move: looks at both sides, copies what is missing, and compares all of it. */
export const move = async (addresses: MoveAddresses, options: MoveOptions): Promise<MoveReport> => {
  const from = await sideOf(addresses.from, 'source')
  try {
    const to = await sideOf(addresses.to, 'destination')
    try {
      const plan = await planOf(from, to)
      await checkDestination(from, to, plan)
      const copied: Copied[] = []
      for (const table of plan.tables) copied.push(await copyTable(from, to, table, options))
      return { from: placeOf(addresses.from), to: placeOf(addresses.to), ...(await compared(from, to, copied)) }
    } finally {
      await to.close()
    }
  } finally {
    await from.close()
  }
}

const sideOf = (address: DatabaseAddress, as: 'source' | 'destination'): Promise<Side> =>
  address.kind === 'sqlite' ? sqliteSide(address.path, as) : postgresSide(address, as)

const placeOf = (address: DatabaseAddress): string => (address.kind === 'sqlite' ? address.path : address.place)

const compared = async (
  from: Side,
  to: Side,
  copied: readonly Copied[],
): Promise<Pick<MoveReport, 'tables' | 'faults'>> => {
  const tables: MoveReport['tables'][number][] = []
  for (const { table, rows, copied: written, digest } of copied) {
    const equal = (await digestOf(to, table)) === digest
    tables.push({ name: table.name, rows, copied: written, present: rows - written, equal })
  }
  const differing = tables.filter(({ equal }) => !equal).map(({ name }) => name)
  const changed = await from.changed(new Map(copied.map(({ table, digest }) => [table, digest])))
  return {
    tables,
    faults: [
      ...(differing.length === 0
        ? []
        : [
            `${to.name} differs from the source in ${differing.join(', ')}: something else writes to it. Stop that, make the database anew, and run this again.`,
          ]),
      ...(changed
        ? [
            `${from.name} was written to while it was copied: stop every program that uses it, and run this again. What changed in rows that were copied already it will then name; make the destination anew in that case.`,
          ]
        : []),
    ],
  }
}
