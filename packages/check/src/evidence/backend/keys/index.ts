/** Secrets that stand in the source as literals, and are used as such. */

export { keysOf, refusedWords } from './keys.ts'
