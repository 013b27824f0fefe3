import { plainDecimal, plainInstant, plainJson, plainTimestamp } from './canonical.ts'

/** What SQLite keeps in a place that is not NULL. */
export type SqliteValue = bigint | number | string | Uint8Array

/** How values of a type of PostgreSQL become a text that is the same whichever engine they come from, and that PostgreSQL reads. */
export interface Kind {
  fromPostgres(text: string): string
  /** undefined for a value that the type can't be. */
  fromSqlite(value: SqliteValue): string | undefined
  toSqlite(text: string): SqliteValue
}

const same = (text: string): string => text

/** Text, and every type that is not named below: what one side reads back otherwise than it was written is refused. */
const text: Kind = {
  fromPostgres: same,
  fromSqlite: (value) => (value instanceof Uint8Array ? undefined : String(value)),
  toSqlite: same,
}

const integer: Kind = {
  fromPostgres: same,
  fromSqlite: (value) => (typeof value === 'bigint' ? String(value) : undefined),
  toSqlite: BigInt,
}

const boolean: Kind = {
  fromPostgres: (value) => (value === 't' ? 'true' : 'false'),
  fromSqlite: (value) => (value === 1n ? 'true' : value === 0n ? 'false' : undefined),
  toSqlite: (value) => (value === 'true' ? 1n : 0n),
}

/** SQLite has no negative zero on its disk. */
const real: Kind = {
  fromPostgres: (value) => String(Number(value)),
  fromSqlite: (value) => {
    if (typeof value === 'number') return String(value)
    return typeof value === 'bigint' && BigInt(Number(value)) === value ? String(Number(value)) : undefined
  },
  toSqlite: Number,
}

/** A text that a function makes one spelling of; it throws for one that it can't read. */
const spelt = (plain: (text: string) => string, takes: readonly string[]): Kind => ({
  fromPostgres: plain,
  fromSqlite: (value) => {
    if (!takes.includes(typeof value)) return undefined
    try {
      return plain(String(value))
    } catch {
      return undefined
    }
  },
  toSqlite: same,
})

const bytes: Kind = {
  fromPostgres: same,
  fromSqlite: (value) => (value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : undefined),
  toSqlite: (value) => Buffer.from(value.slice(2), 'hex'),
}

/** Without a type that says seconds or milliseconds, a number is no moment. */
const MOMENTS = ['string']
const NUMBERS = ['bigint', 'number', 'string']

/** By the name of the type in pg_type. */
const KINDS: Readonly<Record<string, Kind>> = {
  int2: integer,
  int4: integer,
  int8: integer,
  bool: boolean,
  float4: real,
  float8: real,
  numeric: spelt(plainDecimal, NUMBERS),
  bytea: bytes,
  // SQLite makes a number of a JSON text that is one.
  jsonb: spelt(plainJson, NUMBERS),
  timestamptz: spelt(plainInstant, MOMENTS),
  timestamp: spelt(plainTimestamp, MOMENTS),
}

/** The kind of a type, by its name in pg_type. */
export const kindOf = (type: string): Kind => KINDS[type] ?? text
