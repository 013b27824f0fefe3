/** What follows what on keyboards and in the alphabet, upper rows as they are without shift. */
const SEQUENCES = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  'qwertzuiopü',
  'asdfghjklöä',
  'yxcvbnm,.-',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn,;:!',
  '!@#$%^&*()',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю',
  // Columns: 1qaz2wsx.
  '1qaz',
  '2wsx',
  '3edc',
  '4rfv',
  '5tgb',
  '6yhn',
  '7ujm',
  '8ik,',
  '9ol.',
  '0p;/',
]

const steps: ReadonlySet<string> = new Set(
  SEQUENCES.flatMap((sequence) => [...sequence].slice(1).map((next, index) => `${[...sequence][index]}${next}`)),
)

/** In which direction the second character follows the first. */
const direction = (first: string | undefined, second: string | undefined): 'up' | 'down' | 'same' | 'none' => {
  if (first === undefined || second === undefined) return 'none'
  if (first === second) return 'same'
  if (steps.has(first + second)) return 'up'
  return steps.has(second + first) ? 'down' : 'none'
}

/** Where the run that begins at `from` ends: as long as it goes the same way. */
const endOfRun = (all: readonly string[], from: number): number => {
  const way = direction(all[from], all[from + 1])
  let end = from + 1
  while (way !== 'none' && direction(all[end - 1], all[end]) === way) end += 1
  return end
}

const MOST_RUNS = 3

/** True when the whole is at most three runs along an alphabet or a keyboard, or of one character: qwertyuiop1234!, aaaaa11111. */
export const isRun = (lower: string): boolean => {
  const all = [...lower]
  let runs = 0
  for (let from = 0; from < all.length; from = endOfRun(all, from)) runs += 1
  return runs <= MOST_RUNS
}

const LONGEST_UNIT = 8

/** True when it is one character, or a unit of at most eight, twice or more, the last perhaps cut short: 'abcabcabca'. */
export const isRepetition = (text: string): boolean => {
  const all = [...text]
  const longest = Math.min(LONGEST_UNIT, Math.floor(all.length / 2))
  for (let unit = 1; unit <= longest; unit += 1) {
    if (all.every((character, index) => index < unit || character === all[index - unit])) return true
  }
  return false
}

/** True when what belongs to the account (its address, the address's local part, its names) makes up most of it, in any case or punctuation. */
export const isOwnName = (lower: string, about: readonly string[]): boolean => {
  const whole = squash(lower)
  const names = about
    .flatMap((name) => [name, name.split('@')[0] ?? ''])
    .map(squash)
    .filter((name) => name.length >= 3)
    .toSorted((a, b) => b.length - a.length)
  const rest = names.reduce((left, name) => left.replaceAll(name, ''), whole)
  return rest !== whole && rest.length * 2 < whole.length
}

const squash = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
