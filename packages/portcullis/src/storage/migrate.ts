import type { Kysely } from 'kysely'
import type { Engine } from './engine.ts'

/** One step of the schema; it runs once for a database, in the order of the list, and is never edited after a release. */
export interface Migration {
  /** Lower-case words that begin with the namespace, such as `notes/0001-notes`; the namespace `portcullis/` belongs to this room. */
  readonly name: string
  up(database: Kysely<unknown>, engine: Engine): Promise<void>
}

interface Recorded {
  readonly portcullis_migrations: { readonly name: string; readonly applied_at: number }
}

const grammar = /^(?!portcullis\/)[a-z0-9][a-z0-9/-]{0,199}$/

/** Throws a TypeError that names every migration of an application whose name is wrong or occurs twice. */
export const checkMigrationNames = (migrations: readonly Migration[]): void => {
  const names = migrations.map(({ name }) => name)
  const wrong = names.filter((name, place) => !grammar.test(name) || names.indexOf(name) !== place)
  if (wrong.length > 0)
    throw new TypeError(
      `Migrations need a name like notes/0001-notes, each its own and none that begins with portcullis/: ${wrong.join(', ')}.`,
    )
}

/** The database whose schema is meant, and what messages call it: its path. */
export interface Target {
  readonly database: Kysely<unknown>
  readonly place: string
}

/**
 * Brings the schema up to date in one transaction that is alone in it, so that of several processes that start together one
 * migrates and the others find it done. Throws, having changed nothing, when a step fails, with its `reason`, or a newer release wrote the
 * database.
 */
export const migrate = (
  { database, place }: Target,
  engine: Engine,
  migrations: readonly Migration[],
  now: number,
): Promise<void> =>
  database.transaction().execute(async (transaction) => {
    await engine.hold(transaction, 'migrations')
    await transaction.schema
      .createTable('portcullis_migrations')
      .ifNotExists()
      .addColumn('name', 'varchar(200)', (column) => column.primaryKey().notNull())
      .addColumn('applied_at', 'bigint', (column) => column.notNull())
      .execute()
    for (const { name, up } of await missing({ database: transaction, place }, migrations)) {
      await run(() => up(transaction, engine)).catch((cause: unknown) => {
        const message = `The migration ${name} failed, and the database ${place} was left as it was.`
        throw Object.assign(new Error(message, { cause }), { reason: reasonOf(cause) })
      })
      await recorded(transaction).insertInto('portcullis_migrations').values({ name, applied_at: now }).execute()
    }
  })

/** A step that nobody waits for would be recorded as done, and its statements come after that, or never. */
const run = async (step: () => unknown): Promise<void> => {
  const running = step()
  if (typeof Object(running).then !== 'function')
    throw new TypeError('up answers no promise: make it async, and await each statement in it')
  await running
}

/** For whoever wrote the step. Of a value that PostgreSQL refuses no more than the SQLSTATE: the message would repeat it. */
const reasonOf = (cause: unknown): string => {
  const { severity, code, message } = Object(cause)
  return severity !== undefined && /^2[23]/.test(code) ? `SQLSTATE ${code}` : String(message ?? cause)
}

/** Throws when a migration is missing; for those who may only read. */
export const requireMigrated = async (target: Target, migrations: readonly Migration[]): Promise<void> => {
  const tables = await target.database.introspection.getTables()
  const known = tables.some(({ name }) => name === 'portcullis_migrations')
  if (!known || (await missing(target, migrations)).length > 0)
    throw new Error(
      `The database ${target.place} lacks migrations: start the program once with the right to write, then read.`,
    )
}

/** The same database, its one table here known to the compiler. */
const recorded = (database: Kysely<unknown>) => database as unknown as Kysely<Recorded>

const missing = async ({ database, place }: Target, migrations: readonly Migration[]) => {
  const rows = await recorded(database).selectFrom('portcullis_migrations').select('name').execute()
  const applied = new Set(rows.map(({ name }) => name))
  const known = new Set(migrations.map(({ name }) => name))
  // Only our own namespace is judged: a command may open the database without the application's migrations.
  const newer = rows.find(({ name }) => name.startsWith('portcullis/') && !known.has(name))
  if (newer !== undefined)
    throw new Error(
      `The database ${place} was written by a newer release (${newer.name} is unknown here): install that release or a later one.`,
    )
  return migrations.filter(({ name }) => !applied.has(name))
}
