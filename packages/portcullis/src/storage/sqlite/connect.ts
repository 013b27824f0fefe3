import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { patienceMs, patiently } from './patience.ts'

/** Settings that every connection must show after they were set: [pragma, value to set, value to read back]. */
const common: readonly (readonly [string, string, unknown])[] = [
  ['busy_timeout', String(patienceMs), patienceMs],
  ['foreign_keys', 'on', 1],
  // A schema that somebody tampered with calls no function of the application.
  ['trusted_schema', 'off', 0],
]

const writing: typeof common = [
  ['journal_mode', 'wal', 'wal'],
  // In WAL mode NORMAL would lose acknowledged commits when the power fails.
  ['synchronous', 'full', 2],
  // What is pruned (hashes, addresses) does not stay readable in free pages and in backups.
  ['secure_delete', 'on', 1],
]

const reading: typeof common = [['query_only', 'on', 1]]

const configure = async (connection: DatabaseSync, settings: typeof common): Promise<void> => {
  for (const [name, value, expected] of settings) {
    // Processes that start together may collide in the switch to WAL, where SQLite does not wait by itself.
    await patiently(() => connection.exec(`pragma ${name} = ${value}`))
    const shown = Object.values(connection.prepare(`pragma ${name}`).get() ?? {})[0]
    if (shown !== expected)
      throw new Error(
        `SQLite did not take the setting ${name} = ${value} for ${connection.location()}: put the file on a local disk.`,
      )
  }
}

/** One by one: Node's recursive mkdir never returns where the system refuses a folder as not found, as /proc does. */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process that starts at the same time may have been first.
    if (!existsSync(folder)) throw error
  }
}

/** The file is made before SQLite does, which would make it readable for everybody; -wal and -shm inherit its mode. */
const makeFile = (path: string): void => {
  makeFolder(dirname(path))
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    // An existing file must not even be opened here: closing it would drop the POSIX locks that this process holds on it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

const connect = async (path: string, readOnly: boolean, settings: typeof common): Promise<DatabaseSync> => {
  const connection = new DatabaseSync(path, {
    readOnly,
    timeout: patienceMs,
    allowExtension: false,
    enableDoubleQuotedStringLiterals: false,
    defensive: true,
  })
  try {
    await configure(connection, settings)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** The connection that writes. The file is made with mode 0600 and missing folders with 0700; throws what the file system or SQLite throws. */
export const connectForWriting = async (path: string): Promise<DatabaseSync> => {
  makeFile(path)
  return connect(path, false, [...common, ...writing])
}

/** A connection that can only read; outside an explicit transaction each of its statements sees all that was committed before it. */
export const connectForReading = (path: string): Promise<DatabaseSync> => connect(path, true, [...common, ...reading])
