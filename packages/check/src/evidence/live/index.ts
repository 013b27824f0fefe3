/** The running backend: what is sent to it, and what it answered. Judges nothing. */
export type { ApiDocument, Operation } from './document.ts'
export type { Exchange } from './exchange.ts'
export type { LiveFacts } from './facts.ts'
export type { LiveOptions } from './options.ts'
export { type LivePlan, type LiveStep, planLive } from './plan.ts'
export { type RunOptions, runLive } from './run.ts'
export { UsageError } from './usage-error.ts'
