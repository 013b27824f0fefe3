import { existsSync } from 'node:fs'
import type { Engine } from '../engine.ts'

/** The extended result code of an error of node:sqlite, undefined for any other error (sqlite.org/rescode.html). */
const resultCode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined

/** Another connection holds the lock (SQLITE_BUSY and its extended codes). */
export const isBusy = (error: unknown): boolean => ((resultCode(error) ?? 0) & 0xff) === 5

/** SQLITE_CONSTRAINT_UNIQUE or SQLITE_CONSTRAINT_PRIMARYKEY. */
export const isTaken: Engine['isTaken'] = (error) => [2067, 1555].includes(resultCode(error) ?? 0)

/** By primary result code: busy, locked, read-only, I/O, damaged, full, can't open, no database. Not the query's fault. */
const BROKEN: ReadonlySet<number> = new Set([5, 6, 8, 10, 11, 13, 14, 26])

/**
 * Runs a query. When the database itself fails, its error says so by a `statusCode` of 503, which an adapter answers with
 * Retry-After: the caller did nothing wrong, and may come back.
 */
export const asking = <T>(query: () => T): T => {
  try {
    return query()
  } catch (error) {
    throw BROKEN.has((resultCode(error) ?? 0) & 0xff) ? Object.assign(error as Error, { statusCode: 503 }) : error
  }
}

/** By primary result code, or by the code of the file system's error: what is wrong and what to do, after the path. */
const sentences: Readonly<Record<string, string>> = {
  5: 'stayed locked by another process for 5 seconds: find and end the process that holds it',
  8: 'can only be read: let this user write the file and its folder, or name another path',
  10: 'could not be read or written: check the disk',
  11: 'is damaged: restore it from a backup, or name another path',
  13: 'has no room left on its disk: make room, then start again',
  14: 'cannot be opened: the folder must exist and this user must be able to write there',
  26: 'is not an SQLite database: name another path',
  EACCES: 'may not be written by this user: change the owner of its folder, or name another path',
  EPERM: 'may not be written by this user: change the owner of its folder, or name another path',
  EROFS: 'is on a file system that can only be read: name another path',
  EEXIST: 'lies below something that is not a folder: name another path',
  ENOTDIR: 'lies below something that is not a folder: name another path',
  ENOENT: 'is in a folder that cannot be made: name another path',
  EISDIR: 'is a folder: name a file in it',
  ENOSPC: 'has no room left on its disk: make room, then start again',
}

/** An error with one sentence that names the path, says what is wrong with it and what to do; other errors are given back unchanged. */
export const aboutPath = (path: string, error: unknown): unknown => {
  const code = resultCode(error)
  const named = code === undefined ? (error as NodeJS.ErrnoException | null)?.code : String(code & 0xff)
  // To SQLite a folder is one of many things that cannot be opened, or read. Only in a folder there is a `.`.
  const key = existsSync(`${path}/.`) ? 'EISDIR' : named
  const sentence = key === undefined ? undefined : sentences[key]
  return sentence === undefined ? error : new Error(`The database ${path} ${sentence}.`, { cause: error })
}
