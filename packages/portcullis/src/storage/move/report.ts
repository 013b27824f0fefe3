/** How a database is moved; every part has a default. */
export interface MoveOptions {
  /** Rows that are written in one transaction, 1 to 10,000; 1,000 by default, and fewer where they are large. */
  readonly batchRows?: number
  /** Called when a batch has committed, and waited for. What it throws ends the move, which can be run again. */
  readonly onBatch?: (progress: MoveProgress) => void | Promise<void>
}

/** How far a table is. */
export interface MoveProgress {
  readonly table: string
  /** Rows that are at the destination by now, those included that were there before. */
  readonly rows: number
  /** Rows that the source has. */
  readonly of: number
}

/** A table after the move. */
export interface MovedTable {
  readonly name: string
  /** Rows that the source has. */
  readonly rows: number
  /** Rows that this run wrote. */
  readonly copied: number
  /** Rows that were there already, and equal. */
  readonly present: number
  /** Have both sides the same number of rows, and the same digest of all that stands in them? */
  readonly equal: boolean
}

/** What a move did. */
export interface MoveReport {
  /** What messages call the two sides: a path, or HOST:PORT/DATABASE. */
  readonly from: string
  readonly to: string
  /** In the order in which they were copied. */
  readonly tables: readonly MovedTable[]
  /** A sentence for each reason why the destination is not to be used; none when both sides are equal. */
  readonly faults: readonly string[]
}
