import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openStorage, type Schema, type Storage, type StorageOptions } from '../../src/storage/index.ts'

/** A folder that goes with the test. */
export const temporaryFolder = (test: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-storage-'))
  test.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A path for a database that goes with the test. */
export const temporaryFile = (test: TestContext): string => join(temporaryFolder(test), 'test.db')

/** An open SQLite database that is closed after the test; at `path` when several are to share one. */
export const temporaryStorage = <Tables = Schema>(
  test: TestContext,
  options: StorageOptions = {},
  path = temporaryFile(test),
): Promise<Storage<Tables>> => opened(test, `sqlite:${path}`, options)

/** An open database that is closed after the test. */
export const opened = async <Tables = Schema>(
  test: TestContext,
  url: string,
  options: StorageOptions = {},
): Promise<Storage<Tables>> => {
  const storage = await openStorage<Tables>(url, options)
  test.after(() => storage.close())
  return storage
}
