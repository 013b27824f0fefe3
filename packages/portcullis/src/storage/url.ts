import { resolve } from 'node:path'

/**
 * Reads a DATABASE_URL of the form `sqlite:PATH` and gives the absolute path; PATH is relative to the working directory.
 * Throws a TypeError with one sentence that says what to write instead. The refused text itself is never repeated: the address of a
 * database server carries its password.
 */
export const databasePath = (url: string): string => {
  const [, scheme, path] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? []
  const fault = scheme === undefined ? 'names no kind of database' : schemeFault(scheme.toLowerCase())
  if (path === undefined || fault !== null) throw refusal(fault ?? '')
  const slip = pathFault(path)
  if (slip !== null) throw refusal(slip)
  return resolve(path)
}

const refusal = (fault: string) =>
  new TypeError(`DATABASE_URL ${fault}: write sqlite:PATH, for example sqlite:./data/portcullis.db.`)

const schemeFault = (scheme: string): string | null => {
  if (scheme === 'sqlite') return null
  if (scheme === 'postgres' || scheme === 'postgresql') return 'names PostgreSQL, which is not supported yet'
  return 'names a kind of database that is not supported'
}

const pathFault = (path: string): string | null => {
  if (path.trim() === '') return 'has no path after sqlite:'
  if (path === ':memory:') return 'asks for a database in memory, which a second connection could not see'
  // sqlite://data/x.db would be read as /data/x.db, outside the folder that was meant.
  if (path.startsWith('//') && !path.startsWith('///')) return 'has two slashes after sqlite:'
  if (path.includes('\0')) return 'has a NUL in its path'
  if (path.includes('?')) return 'has parameters, and SQLite takes none here'
  return null
}
