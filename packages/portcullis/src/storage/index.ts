/** Storage: fulfils the stores that accounts and sessions declare, on an SQLite file or PostgreSQL; keeps its schema up to date by itself. */
import type { Kysely } from 'kysely'
import type { AccountStore } from '../accounts/index.ts'
import type { SessionStore } from '../layers/sessions/index.ts'
import { checkMigrationNames, type Migration } from './migrate.ts'
import { moveAddresses } from './move/addresses.ts'
import type { MoveOptions, MoveReport } from './move/report.ts'
import { type RedisConnection, type RedisOptions, redisSettings } from './redis/settings.ts'
import type { Schema } from './schema.ts'
import { refuseUnknown } from './unknown-options.ts'
import { databaseAddress } from './url.ts'

export type { Engine } from './engine.ts'
export type { Migration } from './migrate.ts'
export type { MovedTable, MoveOptions, MoveProgress, MoveReport } from './move/report.ts'
export type { RedisConnection, RedisOptions, RedisReason, RedisState, RedisTls } from './redis/settings.ts'
export { type RedisAddress, redisAddress } from './redis/url.ts'
export type { Schema } from './schema.ts'
export { type DatabaseAddress, databaseAddress, databasePath, databasePlace } from './url.ts'

/** How a storage is opened; every part has a default. */
export interface StorageOptions {
  /** ms since the epoch, for what the storage writes down by itself; `Date.now` by default. */
  readonly clock?: () => number
  /** Never writes, not even a migration; false by default. */
  readonly readonly?: boolean
  /** The application's own, run after this room's, in this order. */
  readonly migrations?: readonly Migration[]
  /** PostgreSQL: connections that queries may use at the same time, 1 to 1,000; 10 by default. One more is kept for looking at news. */
  readonly poolSize?: number
}

/** A figure of an open database, for whoever collects metrics. */
export interface StorageGauge {
  readonly name: string
  readonly help: string
  readonly value: number
}

/** An open database. `Tables` are the tables that its user asks for by Kysely: an application's own, ours by default. */
export interface Storage<Tables = Schema> {
  /** `identity` answers at once on SQLite; on PostgreSQL what it remembers at once, else by a promise. */
  readonly accounts: AccountStore
  /** `isActive` answers at once on SQLite; on PostgreSQL what it remembers at once, else by a promise. */
  readonly sessions: SessionStore
  /**
   * For the application's own queries; await nothing slow inside a transaction. On SQLite each holds the file's write lock; on
   * PostgreSQL a statement has 400 ms, and a transaction that waits for us for 3 seconds is ended.
   */
  readonly database: Kysely<Tables>
  /** Fulfilled when the database answers a read. */
  ping(): Promise<void>
  /**
   * Calls back after a write of this process that others must hear of (a session that ended, an account's roles, password or state)
   * has committed, and before it is acknowledged. The other processes on the same PostgreSQL hear of it within a second anyway.
   */
  onChange(listener: () => void): void
  /** Reads now what other processes changed; never rejects. On SQLite there is nothing to do: the file is asked each time. */
  catchUp(): Promise<void>
  /** Figures of this moment; none on SQLite. */
  gauges(): readonly StorageGauge[]
  /** Closes the file or the connections; the storage is not to be used after. */
  close(): Promise<void>
}

/**
 * Opens a database and brings its schema up to date. Several processes may open one.
 *
 * `sqlite:PATH` makes folder (mode 0700) and file (mode 0600) where they are missing. A write that is acknowledged is on the disk; a
 * lock held by another process for more than 5 seconds counts as a broken store.
 *
 * `postgres://USER:PASSWORD@HOST:PORT/DATABASE` needs PostgreSQL 13 or newer and the package pg. Who is logged in, and with which roles, is
 * remembered and dropped within a second of any change, whoever made it. While the database is lost, what is remembered holds for
 * 5 minutes; everything else rejects in under a second with an error of `statusCode` 503.
 *
 * Throws a TypeError for a url, an option or a migration's name that cannot be right, and an Error with one sentence that names the path or
 * the server, never the password, when the database cannot be opened, written or trusted.
 */
export const openStorage = async <Tables = Schema>(
  url: string,
  options: StorageOptions = {},
): Promise<Storage<Tables>> => {
  const address = databaseAddress(url)
  checkOptions(options)
  await installed('The storage', 'kysely', () => import('kysely'))
  if (address.kind === 'sqlite') return (await import('./open.ts')).openSqlite<Tables>(address.path, options)
  await installed('PostgreSQL', 'pg', () => import('pg'))
  return (await import('./postgres/open.ts')).openPostgres<Tables>(address, options)
}

const checkOptions = (options: StorageOptions): void => {
  refuseUnknown(options, ['clock', 'readonly', 'migrations', 'poolSize'], 'options')
  const { clock, readonly, migrations = [] } = options
  if (clock !== undefined && typeof clock !== 'function')
    throw new TypeError('clock takes a function that answers ms since the epoch, such as Date.now')
  if (![undefined, true, false].includes(readonly)) throw new TypeError('readonly takes true or false')
  if (!Array.isArray(migrations) || migrations.some((one) => typeof Object(one).up !== 'function'))
    throw new TypeError('migrations takes a list of { name, up }, each up an async function')
  checkMigrationNames(migrations)
}

/** All are optional peers: they are asked for here, so that an absence has one plain answer. */
const installed = async (who: string, name: string, load: () => Promise<unknown>): Promise<void> => {
  try {
    await load()
  } catch (cause) {
    throw new Error(`${who} needs the package ${name}, which is not installed: run npm install ${name}.`, { cause })
  }
}

/**
 * Opens `redis://user:password@host:6379/0`, over TLS with `rediss://`; Valkey alike. Its counter is one for all processes that open the same
 * Redis; while it is lost each process counts alone. Fulfilled after a second also when it is not there, having told `onState` so.
 *
 * Throws a TypeError or RangeError with one sentence, which never repeats the url, for a url or an option that cannot be right.
 */
export const openRedis = async (url: string | undefined, options: RedisOptions = {}): Promise<RedisConnection> => {
  const settings = redisSettings(url, options)
  await installed('Redis', 'ioredis', () => import('ioredis'))
  return (await import('./redis/open.ts')).connectRedis(settings)
}

/**
 * Copies all that a database holds into another one, from SQLite to PostgreSQL or back, and compares both. Takes two urls as openStorage does;
 * the tables must be there on both sides. It can be run again after a break at any moment: rows that are there and equal are left.
 *
 * Throws a TypeError or RangeError for urls and options that can't be right, and an Error with a sentence for each reason why the move
 * can't be made, or gone on with; none holds a password, or a value of a row.
 */
export const moveStorage = async (from: string, to: string, options: MoveOptions = {}): Promise<MoveReport> => {
  const addresses = moveAddresses(from, to)
  refuseUnknown(options, ['batchRows', 'onBatch'], 'options')
  const { batchRows = 1000 } = options
  if (!Number.isInteger(batchRows) || batchRows < 1 || batchRows > 10_000)
    throw new RangeError('batchRows takes a whole number from 1 to 10000')
  await installed('The storage', 'kysely', () => import('kysely'))
  await installed('PostgreSQL', 'pg', () => import('pg'))
  return (await import('./move/move.ts')).move(addresses, { ...options, batchRows })
}
