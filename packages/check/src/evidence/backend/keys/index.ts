/** Secrets that stand in the source as literals, and are used as such. */

export { keysOf } from './keys.ts'
export { refusedWords } from './refused-words.ts'
