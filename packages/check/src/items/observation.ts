/** What a rule says of an item, and on what ground. */
import type { ItemId, Severity } from './items.ts'

/** Not proven is never a pass. */
export type Outcome = 'pass' | 'fail' | 'warn' | 'not-applicable' | 'not-proven'

/** How sure the rule is that what it says is so; severity says how bad it would be. */
export type Confidence = 'high' | 'medium' | 'low'

/** A line of a file of the project, by its path from the project's folder. The text is the line, trimmed. */
export interface SourceEvidence {
  readonly kind: 'source'
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly text: string
  /** The commit that has it, when it is in history and not in the tree. */
  readonly commit?: string
}

/** A request and what was answered. */
export interface ExchangeEvidence {
  readonly kind: 'exchange'
  /** `POST /auth/login`, with what mattered of it. */
  readonly request: string
  /** `401`, with what mattered of it. */
  readonly response: string
  /** The line that repeats it; tokens and secrets in it are placeholders such as $TOKEN. */
  readonly curl: string
}

/** Something that is so of the whole: "no CORS middleware in 41 files". */
export interface NoteEvidence {
  readonly kind: 'note'
  readonly text: string
}

export type Evidence = SourceEvidence | ExchangeEvidence | NoteEvidence

/** A mend that is one literal: the text at a place of a file, and what would stand there. Offsets are in UTF-16 units of the file. */
export interface Fix {
  readonly file: string
  readonly start: number
  readonly end: number
  readonly from: string
  readonly to: string
  /** What whoever agrees to it should know. */
  readonly note?: string
}

/** One thing that was seen. An item's outcome is the worst of its observations (see `outcomeOf`). */
export interface Observation {
  readonly id: ItemId
  readonly outcome: Outcome
  readonly confidence: Confidence
  /** Only where it differs from the item's own. */
  readonly severity?: Severity
  /** One sentence: what was seen. */
  readonly summary: string
  /** Never empty for pass, fail and warn. */
  readonly evidence: readonly Evidence[]
  /** Only where it says more than the item's own. */
  readonly mend?: string
  readonly fix?: Fix
}

const WITHIN_ONE_SIDE: readonly Outcome[] = ['fail', 'warn', 'not-proven', 'pass', 'not-applicable']
const OVER_ALL_SIDES: readonly Outcome[] = ['fail', 'warn', 'pass', 'not-proven', 'not-applicable']

/**
 * The outcome of an item from what each side (source, history, the running backend) saw of it. Within one side a single thing
 * that could not be read takes the pass away; over the sides, one that proved it is enough where no other objects.
 */
export const outcomeOf = (sides: readonly (readonly Pick<Observation, 'outcome'>[])[]): Outcome => {
  const outcomes = sides.flatMap(
    (seen) => WITHIN_ONE_SIDE.find((one) => seen.some(({ outcome }) => outcome === one)) ?? [],
  )
  return OVER_ALL_SIDES.find((one) => outcomes.includes(one)) ?? 'not-proven'
}
