import { existsSync, realpathSync } from 'node:fs'
import { type DatabaseAddress, databaseAddress } from '../url.ts'

/** The two sides of a move. */
export interface MoveAddresses {
  readonly from: DatabaseAddress
  readonly to: DatabaseAddress
}

/** Reads the urls of both sides. Throws a TypeError with one sentence, which never repeats a url, when they can't be those of a move. */
export const moveAddresses = (from: string, to: string): MoveAddresses => {
  const addresses = { from: named('The source', from), to: named('The destination', to) }
  if (placeOf(addresses.from) === placeOf(addresses.to))
    throw new TypeError('The source and the destination are the same database: name two.')
  if (addresses.from.kind === addresses.to.kind) throw new TypeError(OTHERWISE[addresses.to.kind])
  return addresses
}

const OTHERWISE = {
  sqlite: 'Both sides are SQLite, and this moves between SQLite and PostgreSQL: stop the program and copy the file.',
  postgres: 'Both sides are PostgreSQL, and this moves between SQLite and PostgreSQL: use pg_dump and pg_restore.',
}

const named = (side: string, url: string): DatabaseAddress => {
  try {
    return databaseAddress(url)
  } catch (error) {
    throw new TypeError((error as Error).message.replace(/^DATABASE_URL/, side))
  }
}

/** A link to a file is that file. */
const placeOf = (address: DatabaseAddress): string => {
  if (address.kind === 'postgres') return address.place
  return existsSync(address.path) ? realpathSync(address.path) : address.path
}
