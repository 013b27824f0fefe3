import { migrations } from '../migrations/index.ts'
import { postgresMigrations } from '../postgres/migrations/index.ts'
import { kindOf } from './kinds.ts'
import { inOrder } from './order.ts'
import type { ShapeColumn, Side, Table, TableShape } from './side.ts'

/** What the storage keeps of itself: which migrations ran here, and what has changed here of late. */
const OWN = ['portcullis_migrations', 'portcullis_news']

/** What is copied, in order, and which tables of the destination the source has not. */
export interface Plan {
  readonly tables: readonly Table[]
  readonly beside: readonly string[]
}

/** Throws an Error, a sentence for each reason, when the two sides are not of the same release of the same program. */
export const planOf = async (from: Side, to: Side): Promise<Plan> => {
  const source = await shapesOf(from)
  const destination = await shapesOf(to)
  if (source.size === 0) throw new Error(`${from.name} holds no tables: name the database that the program writes to.`)
  const lacking = [...source.keys()].filter((name) => !destination.has(name))
  if (lacking.length > 0)
    throw new Error(
      `${to.name} lacks ${counted(lacking, 'table')}: start the program once with DATABASE_URL set to it, so that its tables are there, stop it, and run this again.`,
    )
  const pairs = [...source.values()].map((shape) => [shape, destination.get(shape.name) ?? shape] as const)
  const faults = [...(await migrationFaults(from, to)), ...pairs.flatMap(([here, there]) => shapeFaults(here, there))]
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return {
    tables: inOrder(pairs.map(([, there]) => there)).map((there) => tableOf(source.get(there.name) ?? there, there)),
    beside: [...destination.keys()].filter((name) => !source.has(name)),
  }
}

const shapesOf = async (side: Side): Promise<ReadonlyMap<string, TableShape>> =>
  new Map((await side.tables()).filter(({ name }) => !OWN.includes(name)).map((shape) => [shape.name, shape]))

/** A migration that ran on the empty tables of one side alone has not done to the rows what it does. */
const migrationFaults = async (from: Side, to: Side): Promise<readonly string[]> => {
  const ran = [new Set(await from.migrations()), new Set(await to.migrations())] as const
  const known = new Set([...migrations, ...postgresMigrations].map(({ name }) => name))
  const faults: string[] = []
  for (const [side, own, others] of [
    [from, ran[0], ran[1]],
    [to, ran[1], ran[0]],
  ] as const) {
    const newer = [...own].find((name) => name.startsWith('portcullis/') && !known.has(name))
    if (newer !== undefined)
      faults.push(
        `${side.name} was written by a newer release (${newer} is unknown here): install that release or a later one.`,
      )
    const missing = [...others].filter((name) => !own.has(name) && !/^portcullis\/(?:postgres|sqlite)-/.test(name))
    if (missing.length > 0)
      faults.push(
        `${side.name} lacks ${counted(missing, 'migration')}: start the same release of the program once on each side, and stop it.`,
      )
  }
  return faults
}

const shapeFaults = (source: TableShape, destination: TableShape): readonly string[] => {
  const { name } = source
  const [here, there] = [copied(source), copied(destination)].map((columns) => columns.map((column) => column.name))
  const only = [
    ...(here ?? []).filter((column) => there?.includes(column) === false),
    ...(there ?? []).filter((column) => here?.includes(column) === false),
  ]
  if (only.length > 0)
    return [`The table ${name} has ${counted(only, 'column')} on one side only: start the same release on each side.`]
  if (destination.key.length === 0 || destination.key.some((column) => there?.includes(column) === false))
    return [
      `The table ${name} has no primary key, without which a row can't be told from another: give it one by a migration.`,
    ]
  return []
}

const copied = (shape: TableShape): readonly ShapeColumn[] => shape.columns.filter(({ computed }) => !computed)

/** The types are PostgreSQL's, on whichever side that is. */
const tableOf = (source: TableShape, destination: TableShape): Table => {
  const types = source.columns.some(({ type }) => type !== '') ? source : destination
  const columns = copied(types).map(({ name, cast, type }) => ({ name, cast, kind: kindOf(type) }))
  return {
    name: source.name,
    columns,
    key: destination.key.map((key) => columns.findIndex(({ name }) => name === key)),
    refersToItself: destination.refersTo.includes(source.name),
  }
}

const counted = (names: readonly string[], what: string): string =>
  `the ${names.length === 1 ? what : `${what}s`} ${names.join(', ')}`
