/** The checklist as a function: what the command `portcullis-check` does, for those who call it from a program. */
export { type Checked, type CheckOptions, check } from './checklist.ts'
export type { LiveOptions } from './evidence/live/index.ts'
export { type Evidence, type Item, type ItemId, items, type Observation, type Outcome } from './items/index.ts'
export { type Report, type ReportItem, toHtml, toJson, toJunit, toSarif, toTerminal } from './report/index.ts'
