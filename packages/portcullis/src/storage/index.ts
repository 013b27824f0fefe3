/** Storage: fulfils the stores that accounts and sessions declare, on an SQLite file; keeps its schema up to date by itself. */
import type { Kysely } from 'kysely'
import type { AccountStore } from '../accounts/index.ts'
import type { SessionStore } from '../layers/sessions/index.ts'
import { checkMigrationNames, type Migration } from './migrate.ts'
import type { Schema } from './schema.ts'
import { databasePath } from './url.ts'

export type { Engine } from './engine.ts'
export type { Migration } from './migrate.ts'
export type { Schema } from './schema.ts'
export { databasePath }

/** How a storage is opened; every part has a default. */
export interface StorageOptions {
  /** ms since the epoch, for what the storage writes down by itself; `Date.now` by default. */
  readonly clock?: () => number
  /** Never writes, not even a migration; false by default. */
  readonly readonly?: boolean
  /** The application's own, run after this room's, in this order. */
  readonly migrations?: readonly Migration[]
}

/** An open database. `Tables` are the tables that its user asks for by Kysely: an application's own, ours by default. */
export interface Storage<Tables = Schema> {
  /** `identity` answers at once, never by a promise. */
  readonly accounts: AccountStore
  /** `isActive` answers at once, never by a promise. */
  readonly sessions: SessionStore
  /** For the application's own queries. Every transaction holds the file's write lock: await nothing slow inside. */
  readonly database: Kysely<Tables>
  /** Fulfilled when the database answers a read. */
  ping(): Promise<void>
  /** Closes the file; the storage is not to be used after. */
  close(): Promise<void>
}

/**
 * Opens `sqlite:PATH`, makes folder (mode 0700) and file (mode 0600) where they are missing, and brings the schema up to date. Several
 * processes may open one file. A write that is acknowledged is on the disk; a lock held by another process for more than 5 seconds counts
 * as a broken store.
 *
 * Throws a TypeError for a url or a migration's name that cannot be right, and an Error with one sentence that names the path when
 * the file cannot be opened, written or trusted.
 */
export const openStorage = async <Tables = Schema>(
  url: string,
  options: StorageOptions = {},
): Promise<Storage<Tables>> => {
  const path = databasePath(url)
  checkMigrationNames(options.migrations ?? [])
  const { openSqlite } = await queries()
  return openSqlite<Tables>(path, options)
}

/** Kysely is an optional peer: it is asked for here, once, so that its absence has one plain answer. */
const queries = async () => {
  try {
    await import('kysely')
  } catch (cause) {
    throw new Error('The storage needs the package kysely, which is not installed: run npm install kysely.', { cause })
  }
  return import('./open.ts')
}
