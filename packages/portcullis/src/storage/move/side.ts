import type { Kind } from './kinds.ts'

/** A row of a table: for each of its columns one text that is the same on both engines, null for NULL. */
export type Row = readonly (string | null)[]

/** A table as one side has it. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly ShapeColumn[]
  /** The columns of its primary key, in their order there. */
  readonly key: readonly string[]
  /** Tables that must hold a row before this one may refer to it; the table itself among them when its rows refer to each other. */
  readonly refersTo: readonly string[]
}

/** A column as one side has it. */
export interface ShapeColumn {
  readonly name: string
  /** In PostgreSQL what a text is cast to, and the name in pg_type; empty in SQLite. */
  readonly cast: string
  readonly type: string
  /** Does the engine compute it? Then it is not copied. */
  readonly computed: boolean
}

/** A table that is copied. */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** Places of the primary key's columns. */
  readonly key: readonly number[]
  readonly refersToItself: boolean
}

/** A column that is copied. */
export interface Column {
  readonly name: string
  readonly cast: string
  readonly kind: Kind
}

/** An open database, as the source or the destination of a move. As the source it shows one moment, however long the move takes. */
export interface Side {
  /** 'The source' or 'The destination', and the path or the server. */
  readonly name: string
  tables(): Promise<readonly TableShape[]>
  /** Names of the migrations that ran. */
  migrations(): Promise<readonly string[]>
  count(table: string): Promise<number>
  /** All rows, `most` at a time, and fewer where they are large. */
  rows(table: Table, most: number): AsyncIterable<readonly Row[]>
  /** The rows that have the keys of these. */
  find(table: Table, rows: readonly Row[]): Promise<readonly Row[]>
  /**
   * Writes the rows that nothing unique keeps out, in one transaction, and commits when `accept` does not throw. It is given those rows as
   * they read now.
   */
  insert(table: Table, rows: readonly Row[], accept: (written: readonly Row[]) => void): Promise<void>
  /** Where rows refer to rows of the same table: writes all whose keys are free in one statement, and answers how many. */
  insertAtOnce?(table: Table, batches: AsyncIterable<readonly Row[]>): Promise<number>
  /** The greatest number that the table's counter ever gave to its primary key, if it has one. */
  greatest(table: Table): Promise<string | undefined>
  /** The table's counters go on beyond its rows, and beyond `greatest`. */
  advance(table: Table, greatest: string | undefined): Promise<void>
  /** Has something changed since the moment that this source shows? `digests` are of that moment. Its end: what is read afterwards is new. */
  changed(digests: ReadonlyMap<Table, string>): Promise<boolean>
  close(): Promise<void>
}

/** A name in a statement, of either engine. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** What tells a row from the others of its table. */
export const keyOf = (table: Table, row: Row): string => JSON.stringify(table.key.map((place) => row[place]))
