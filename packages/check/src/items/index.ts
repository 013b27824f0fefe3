/** The vocabulary of the checklist: its items, what is observed of them, and how secrets are shown. Knows no other room. */
export { type Item, type ItemId, itemOf, items, type Severity } from './items.ts'
export {
  type Confidence,
  type Evidence,
  type ExchangeEvidence,
  type Fix,
  type NoteEvidence,
  type Observation,
  type Outcome,
  outcomeOf,
  type SourceEvidence,
} from './observation.ts'
export { namesAmong, occurrencesOf, partsAround, redacted, withoutSecrets } from './secrets.ts'
