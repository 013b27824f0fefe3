import type { Row } from './side.ts'

/** Characters of a batch: with more it is full, whatever its number of rows. */
export const batchCharacters = 4_000_000

/** Puts rows together to batches of `most`, and of no more characters than are held at a time. */
export interface Batches {
  /** A batch when this row filled it. */
  add(row: Row): readonly Row[] | undefined
  /** What is not full yet. */
  rest(): readonly Row[]
}

/** None at first. */
export const batches = (most: number): Batches => {
  let batch: Row[] = []
  let characters = 0
  return {
    add: (row) => {
      batch.push(row)
      characters += size(row)
      if (batch.length < most && characters < batchCharacters) return undefined
      const full = batch
      batch = []
      characters = 0
      return full
    },
    rest: () => batch,
  }
}

/** Characters of a row. */
export const size = (row: Row): number => row.reduce((sum, value) => sum + (value?.length ?? 0), 0)
