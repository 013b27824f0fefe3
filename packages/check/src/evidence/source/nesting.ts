/**
 * Whether a text nests so deeply that its parser would not come back. Parsers descend once for each thing inside another; the one for
 * JavaScript is native, and where its stack ends the whole process ends: a hostile file would take the check down with it.
 */
import { spawnSync } from 'node:child_process'

/** Fewer than these cannot nest too deep, however they stand: a stack of 8 MiB ends at some 7000 brackets. */
const BRACKETS = 3000
const STEPS = 6000
const SECONDS = 20

const BRACKET = /[([{]/g
/** Operators, words and tags that may each hold the next one: `a + a + …`, `else if …`, `<a><a>…`. */
const STEP =
  /[!~+\-<`]|[*/%&|^=>?:.]+|\b(?:else|if|for|while|do|with|typeof|void|new|delete|await|yield|keyof|readonly|infer|extends|in|of|as|is|instanceof|satisfies)\b/g

/** Strings and comments count too: what is inside them is for the parser to say. */
export const mayNestTooDeep = (text: string): boolean => occurs(text, BRACKET, BRACKETS) || occurs(text, STEP, STEPS)

const occurs = (text: string, pattern: RegExp, times: number): boolean => {
  let seen = 0
  for (const _ of text.matchAll(pattern)) if (++seen > times) return true
  return false
}

const TRIAL = `
  import { readFileSync } from 'node:fs'
  const { parseSync } = await import(process.argv[1])
  const text = readFileSync(0, 'utf8')
  for (const sourceType of ['module', 'commonjs']) parseSync('source', text, { lang: process.argv[2], sourceType }).program
`

/** Whether the parser comes back from a text; where that is in doubt it is tried in another process first. */
export const parserSurvives = (lang: 'ts' | 'tsx' | 'jsx', text: string): boolean =>
  !mayNestTooDeep(text) ||
  spawnSync(process.execPath, ['--input-type=module', '-e', TRIAL, import.meta.resolve('oxc-parser'), lang], {
    cwd: import.meta.dirname,
    input: text,
    timeout: SECONDS * 1000,
    stdio: ['pipe', 'ignore', 'ignore'],
  }).status === 0
