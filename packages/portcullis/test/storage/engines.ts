import { after, type TestContext } from 'node:test'
import { askPostgres, freshDatabase, postgresMissing } from '../services/postgres.ts'
import { temporaryFile } from './temporary.ts'

/** A kind of database that every test of the storage runs on. */
export interface TestedEngine {
  readonly name: 'SQLite' | 'PostgreSQL'
  /** Why its tests do not run here; false when they do. */
  readonly skip: string | false
  /** The DATABASE_URL of an empty database that goes with the test, or with its file. */
  fresh(test: TestContext): Promise<string>
}

export const sqlite: TestedEngine = {
  name: 'SQLite',
  skip: false,
  fresh: async (test) => `sqlite:${temporaryFile(test)}`,
}

const ends: (() => unknown)[] = []
after(async () => {
  for (const end of ends) await end()
})

let database: Promise<string> | undefined
let schemas = 0

/** To make and drop a database takes a second of disk: tests of one file share one, each in a schema of its own. */
const freshSchema = async (): Promise<string> => {
  database ??= freshDatabase({ after: (end) => ends.push(end) })
  const url = await database
  schemas += 1
  await askPostgres(url, `create schema test_${schemas}`)
  return withSetting(url, `search_path=test_${schemas}`)
}

/** The url with a setting for every connection, such as `deadlock_timeout=20ms`. */
export const withSetting = (url: string, setting: string): string => {
  const changed = new URL(url)
  const options = changed.searchParams.get('options')
  changed.searchParams.set('options', `${options === null ? '' : `${options} `}-c ${setting}`)
  // A plus would not be read as a blank.
  return changed.href.replaceAll('+', '%20')
}

export const postgres: TestedEngine = { name: 'PostgreSQL', skip: await postgresMissing(), fresh: freshSchema }

/** One suite, these databases. */
export const engines: readonly TestedEngine[] = [sqlite, postgres]
