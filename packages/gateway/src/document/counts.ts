import type { Part } from './pointers.ts'
import { saidOrElse } from './read-only.ts'

/** How many items a list may have. */
export interface Counts {
  readonly least: number
  readonly most: number
}

/** By all that is said of it, in alternatives too: files pass as they come, and no validator sees the list of them. */
export const countsOf = (document: Part, schema: unknown): Counts => {
  const said = saidOrElse(document, schema)
  const numbers = (keyword: string): readonly number[] =>
    said.flatMap(({ [keyword]: count }) => (typeof count === 'number' ? count : []))
  return { least: Math.max(0, ...numbers('minItems')), most: Math.min(Infinity, ...numbers('maxItems')) }
}

/** In the words of the validator. */
export const tooFew = ({ least }: Counts): string => `must NOT have fewer than ${least} items`
export const tooMany = ({ most }: Counts): string => `must NOT have more than ${most} items`
