/** What the source says of a backend: routes, guards, limits, tokens, keys … whatever the framework. Facts; the rules judge them. */
export { readBackend } from './backend.ts'
export type * from './facts.ts'
export { isPlainOrigin } from './literals.ts'
export { isRecord } from './stores.ts'
