/** Short ways to say what was seen. */
import type { Place } from '../../evidence/backend/index.ts'
import type { Evidence, ItemId, Observation, Outcome } from '../../items/index.ts'

export const at = ({ file, line, text }: Place): Evidence => ({ kind: 'source', file, line, text })

export const note = (text: string): Evidence => ({ kind: 'note', text })

type Details = Partial<Pick<Observation, 'confidence' | 'severity' | 'mend' | 'fix'>>

const say =
  (outcome: Outcome) =>
  (id: ItemId, summary: string, evidence: readonly Evidence[], details: Details = {}): Observation => ({
    id,
    outcome,
    confidence: 'high',
    summary,
    evidence,
    ...details,
  })

export const pass = say('pass')
export const fail = say('fail')
export const warn = say('warn')
export const notProven = say('not-proven')
export const notApplicable = say('not-applicable')

/** `3 routes`, `1 route`. */
export const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
