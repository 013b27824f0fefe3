import { nearest } from '../settings/index.ts'

/** The command was typed wrong: its message is what to type instead; exit 2. */
export class UsageError extends Error {}

/** What was wrong, and below it what there is. The word itself is not repeated: it may be a password in the wrong place. */
export const misused = (fault: string, usage: string): UsageError => new UsageError(`${fault}\n\n${usage}`)

/** The end of a sentence about a word that is not known. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const meant = nearest(word, known)
  return meant === undefined ? '.' : `; did you mean ${meant}?`
}
