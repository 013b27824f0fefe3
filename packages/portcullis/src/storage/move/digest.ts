import { hash } from 'node:crypto'
import type { Row, Side, Table } from './side.ts'

/** A digest of rows that does not go by their order: the sum of their SHA-256, in four lanes of 64 bits. */
export interface Digest {
  add(row: Row): void
  /** Rows so far. */
  rows(): number
  value(): string
}

/** The digest of no rows yet. */
export const digest = (): Digest => {
  const sum = new BigUint64Array(4)
  let rows = 0
  return {
    add: (row) => {
      const one = hash('sha256', spelled(row), 'buffer')
      for (let lane = 0; lane < 4; lane += 1) sum[lane] = (sum[lane] ?? 0n) + one.readBigUInt64LE(lane * 8)
      rows += 1
    },
    rows: () => rows,
    value: () => `${rows}:${[...sum].map((lane) => lane.toString(16).padStart(16, '0')).join('')}`,
  }
}

/** Lengths keep ('a', 'bc') from ('ab', 'c'). */
const spelled = (row: Row): string => {
  let text = ''
  for (const value of row) text += value === null ? 'n' : `${value.length}:${value}`
  return text
}

/** Of every row that a side has. */
export const digestOf = async (side: Side, table: Table): Promise<string> => {
  const all = digest()
  for await (const rows of side.rows(table, 1000)) for (const row of rows) all.add(row)
  return all.value()
}
