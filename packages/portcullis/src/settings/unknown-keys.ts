/** The number of letters to add, drop or change between two words (Levenshtein): small when one is a slip of the other. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** Whether a word is another one but for one letter, or for small and large ones. */
export const isSlip = (word: string, known: string): boolean =>
  word !== known &&
  // Every variable of the environment is compared with every setting, at each start: the length tells most of them apart.
  Math.abs(word.length - known.length) <= 1 &&
  distance(word.toLowerCase(), known.toLowerCase()) <= 1

/** The known word that somebody probably meant, or undefined. */
export const nearest = (word: string, known: readonly string[]): string | undefined =>
  known
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ far }) => far <= Math.max(2, word.length / 4))
    .sort((a, b) => a.far - b.far)[0]?.candidate

/**
 * Names every key that is no option. A key that is silently dropped is a protection that somebody believes to have.
 *
 * @param options what was passed
 * @param known every option there is
 * @param path where the options stand, such as `cors.`
 * @returns a sentence a mistake
 */
export const unknownKeys = (options: object, known: readonly string[], path: string): readonly string[] =>
  Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = nearest(key, known)
      return `${path}${key} is not an option${meant === undefined ? `; there are ${known.join(', ')}` : `; did you mean ${path}${meant}?`}`
    })
