import { resolve } from 'node:path'

/** What a DATABASE_URL names. */
export type DatabaseAddress =
  | { readonly kind: 'sqlite'; readonly path: string }
  /** `place` is what messages call it: host, port and name, never the user or the password. */
  | { readonly kind: 'postgres'; readonly url: string; readonly place: string }

/**
 * Reads a DATABASE_URL: `sqlite:PATH`, PATH relative to the working directory, or `postgres://USER:PASSWORD@HOST:PORT/DATABASE` (or
 * `postgresql:`), with the parameters that the package pg knows. Throws a TypeError with one sentence that says what to write instead.
 * The refused text itself is never repeated: the address of a database server carries its password.
 */
export const databaseAddress = (url: string): DatabaseAddress => {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? []
  if (scheme === undefined || rest === undefined) throw refusal('names no kind of database', EITHER)
  switch (scheme.toLowerCase()) {
    case 'sqlite':
      return { kind: 'sqlite', path: pathOf(rest) }
    case 'postgres':
    case 'postgresql':
      return { kind: 'postgres', url, place: placeOf(url) }
    default:
      throw refusal('names a kind of database that is not supported', EITHER)
  }
}

/** Reads `sqlite:PATH` and gives the absolute path. Throws as `databaseAddress` does, and for any other kind of database. */
export const databasePath = (url: string): string => {
  const address = databaseAddress(url)
  if (address.kind !== 'sqlite') throw refusal('names PostgreSQL, which has no path', SQLITE)
  return address.path
}

/** What messages may call a database: the path of an SQLite file, `HOST:PORT/DATABASE` of a server. Throws as `databaseAddress` does. */
export const databasePlace = (url: string): string => {
  const address = databaseAddress(url)
  return address.kind === 'sqlite' ? address.path : address.place
}

const SQLITE = 'write sqlite:PATH, for example sqlite:./data/portcullis.db'
const POSTGRES =
  'write postgres://USER:PASSWORD@HOST:PORT/DATABASE, and in the user and the password %XX for every character that is no letter or digit'
const EITHER = `${SQLITE}, or postgres://USER:PASSWORD@HOST:PORT/DATABASE`

const refusal = (fault: string, instead: string) => new TypeError(`DATABASE_URL ${fault}: ${instead}.`)

const pathOf = (path: string): string => {
  const slip = pathFault(path)
  if (slip !== null) throw refusal(slip, SQLITE)
  return resolve(path)
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

const placeOf = (url: string): string => {
  const parsed = parsedUrl(url)
  // A password with a bare / ? or # ends the host early; what then stands where the database should is a piece of the password.
  if (parsed === null || parsed.hash !== '' || /[@:/]|%(2f|40|3a)/i.test(parsed.pathname.slice(1)))
    throw refusal('cannot be read', POSTGRES)
  const host = parsed.searchParams.get('host') || decodeURIComponent(parsed.hostname)
  if (host === '') throw refusal('names no host', POSTGRES)
  const name = decodeURIComponent(parsed.pathname.slice(1))
  if (name === '') throw refusal('names no database after the host', POSTGRES)
  return `${host}${parsed.port === '' ? '' : `:${parsed.port}`}/${name}`
}

const parsedUrl = (url: string): URL | null => {
  if (url.includes('\0')) return null
  try {
    const parsed = new URL(url)
    for (const part of [parsed.username, parsed.password, parsed.hostname, parsed.pathname]) decodeURIComponent(part)
    return parsed
  } catch {
    return null
  }
}
