import type { TestContext } from 'node:test'
import { type Kysely, sql } from 'kysely'
import { type Migration, openStorage, type Schema, type Storage } from '../../../src/storage/index.ts'
import { postgres, sqlite } from '../engines.ts'
import { noon, sampleAccount, sampleEntry, sampleSession, sampleToken } from '../samples.ts'

/** The application's own table beside ours. */
export interface Tables extends Schema {
  readonly notes: { readonly id: string; readonly owner_id: string; readonly body: string; readonly created_at: number }
}

export const notes: Migration = {
  name: 'notes/0001-notes',
  up: async ({ schema }) => {
    await schema
      .createTable('notes')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('owner_id', 'varchar(64)', (column) => column.notNull().references('users.id'))
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
  },
}

/** Both ways of a move: where from, where to. */
export const directions = [
  { name: 'SQLite to PostgreSQL', from: sqlite, to: postgres },
  { name: 'PostgreSQL to SQLite', from: postgres, to: sqlite },
] as const

/** What is hard to carry over. */
const BODIES = [
  '',
  ' ',
  'it\'s \\ "quoted"; {a,b} %s $1',
  'line\r\nline\ttab',
  'Ünï 😀 \u{10FFFF} \u200B e\u0301 é',
  'NULL',
  '\\x00',
  '\uFFFD',
]

/** Both databases as the program leaves them: the first one used for a while, the second one started once. */
export const twoSides = async (
  t: TestContext,
  { from, to }: Pick<(typeof directions)[number], 'from' | 'to'>,
  migrations: readonly Migration[] = [notes],
): Promise<{ readonly source: string; readonly destination: string }> => {
  const source = await from.fresh(t)
  const destination = await to.fresh(t)
  await using(source, migrations, fill)
  await using(destination, migrations, async () => {})
  return { source, destination }
}

/** Opens a database as the program does, works on it, and closes it. */
export const using = async <Answer>(
  url: string,
  migrations: readonly Migration[],
  work: (storage: Storage<Tables>) => Promise<Answer>,
): Promise<Answer> => {
  const storage = await openStorage<Tables>(url, { migrations, clock: () => noon })
  try {
    return await work(storage)
  } finally {
    await storage.close()
  }
}

/** Five accounts by the stores' own methods; a sixth is gone, so that its number was given. */
const fill = async ({ accounts, sessions, database }: Storage<Tables>): Promise<void> => {
  for (const id of ['ada', 'bob', 'eve', 'zoë', 'ghost', 'gone']) {
    await accounts.create(sampleAccount(id, { username: id.toUpperCase() }), sampleEntry(id))
    await sessions.open(sampleSession(`${id} here`, id), sampleToken(`${id} first`, `${id} here`))
    await sessions.open(sampleSession(`${id} there`, id), sampleToken(`${id} there`, `${id} there`))
    await sessions.rotate(`${id} first`, sampleToken(`${id} second`, `${id} here`), `sealed for ${id}`, noon + 1)
  }
  await accounts.setRoles('ada', ['admin', 'editor'], sampleEntry('ada', 'roles.changed'))
  await accounts.setRoles('bob', ['reader'], sampleEntry('bob', 'roles.changed'))
  await accounts.setDisabled('eve', true, sampleEntry('eve', 'account.disabled'))
  await accounts.setPassword('zoë', 'phc of zoë', 'new', 'zoë here', sampleEntry('zoë', 'password.changed'))
  await sessions.end('bob there', 'bob')
  await database.deleteFrom('users').where('id', '=', 'gone').execute()
  const written = BODIES.map((body, at) => ({ id: `n${at}`, owner_id: 'ada', body, created_at: noon + at }))
  if ('notes' in (await tableNames(database))) await database.insertInto('notes').values(written).execute()
}

const tableNames = async (database: Kysely<Tables>): Promise<Record<string, true>> =>
  Object.fromEntries((await database.introspection.getTables()).map(({ name }) => [name, true]))

/** Every row of every table, in the order of their keys. */
export const everything = (url: string, migrations: readonly Migration[] = [notes]) =>
  using(url, migrations, async ({ database }) => {
    const all: Record<string, unknown> = {}
    const keys = {
      users: ['seq'],
      user_roles: ['user_id', 'role'],
      sessions: ['id'],
      refresh_tokens: ['hash'],
      audit_entries: ['seq'],
      notes: ['id'],
    } as const
    for (const [table, columns] of Object.entries(keys)) {
      const rows = await sql<object>`select * from ${sql.table(table)}`.execute(database)
      const keyed = rows.rows.map((row) => [columns.map((column) => row[column as never]).join(), row] as const)
      all[table] = keyed.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => ({ ...row }))
    }
    return all
  })
