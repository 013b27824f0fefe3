/** Takes a shell's line apart, as far as start commands need it. Nothing is expanded and nothing run. */
import type { Command, EnvironmentKind, EnvironmentValue, Found, Place } from './facts.ts'

const LONGEST = 20_000

/** The simple commands of a line: split at `&&`, `||`, `;`, `|` and `&`, quotes taken off. */
const simpleCommands = (line: string): readonly (readonly string[])[] => {
  const commands: string[][] = [[]]
  let word: string | undefined
  let quote = ''
  const text = line.slice(0, LONGEST)
  const push = () => {
    if (word !== undefined) commands.at(-1)?.push(word)
    word = undefined
  }
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (quote !== '') {
      if (character === quote) quote = ''
      else if (character === '\\' && quote === '"') word = (word ?? '') + (text[++at] ?? '')
      else word = (word ?? '') + character
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (character === '\\') word = (word ?? '') + (text[++at] ?? '').replace('\n', '')
    else if (character === '#' && word === undefined) break
    else if (/\s/.test(character)) push()
    else if (/[;&|]/.test(character) && !(character === '&' && word?.endsWith('>'))) {
      push()
      if (commands.at(-1)?.length !== 0) commands.push([])
    } else word = (word ?? '') + character
  }
  push()
  return commands.map(withoutRedirections).filter((command) => command.length > 0)
}

/** `> log`, `2>&1` and `>>log` say nothing of the program. */
const withoutRedirections = (words: readonly string[]): readonly string[] =>
  words.filter((word, index) => !/^\d?>/.test(word) && !/^\d?>{1,2}$/.test(words[index - 1] ?? ''))

const ASSIGNMENT = /^([A-Za-z_]\w{0,100})=([\s\S]*)$/
const WRAPPERS =
  /^(?:exec|command|nohup|sudo|env|cross-env|cross-env-shell|dotenv|tini|dumb-init|su-exec|gosu|poetry|uv|pipenv|npx|pnpx|bunx|pdm|hatch|time|if|then|else|do)$/
const TOGETHER = /^(?:concurrently|npm-run-all|run-[ps])$/
const SHELLS = /^(?:.*\/)?(?:sh|bash|ash|dash|zsh)$/

/** The programs that a line runs and what it sets for them. */
export const runs = (text: string): { argvs: readonly (readonly string[])[]; set: readonly [string, string][] } => {
  const argvs: (readonly string[])[] = []
  const set: [string, string][] = []
  for (const words of simpleCommands(text)) unwrap(words, argvs, set, 0)
  return { argvs, set }
}

const unwrap = (
  words: readonly string[],
  argvs: (readonly string[])[],
  set: [string, string][],
  depth: number,
): void => {
  let rest = words
  for (;;) {
    const [first = '', second = ''] = rest
    const assignment = ASSIGNMENT.exec(first)
    if (assignment !== null) set.push([assignment[1] ?? '', assignment[2] ?? ''])
    else if (SHELLS.test(first)) {
      const script = rest.findIndex((word, index) => index > 0 && /^-\w*c$/.test(word))
      const line = script === -1 ? undefined : rest[script + 1]
      if (line !== undefined && depth < 3)
        for (const inner of simpleCommands(line)) unwrap(inner, argvs, set, depth + 1)
      else argvs.push(rest)
      return
    } else if (TOGETHER.test(first)) {
      // Each argument is a line of its own.
      for (const line of rest.slice(1).filter((word) => /\s/.test(word)))
        if (depth < 3) for (const inner of simpleCommands(line)) unwrap(inner, argvs, set, depth + 1)
      argvs.push(rest)
      return
    } else if (first === 'export' && ASSIGNMENT.test(second)) {
      rest = rest.slice(1)
      continue
    } else if (first !== '--' && !WRAPPERS.test(first.slice(first.lastIndexOf('/') + 1))) break
    else if (second === 'run' || second === '--') rest = rest.slice(1)
    rest = rest.slice(1)
  }
  if (rest.length > 0) argvs.push(rest)
}

/** One Command for each program of the text. */
export const commandsOf = (
  text: string,
  argv: readonly string[] | undefined,
  place: Place,
  rest: { line: number; kind: Command['kind']; name?: string; development?: boolean },
): Found => {
  const development = place.development || rest.development === true
  const argvs: (readonly string[])[] = []
  const set: [string, string][] = []
  if (argv === undefined) {
    const read = runs(text)
    argvs.push(...read.argvs)
    set.push(...read.set)
  } else unwrap(argv, argvs, set, 0)
  const { line, kind, name } = rest
  const shared = {
    file: place.file,
    role: place.role,
    line,
    kind,
    development,
    ...(name === undefined ? {} : { name }),
  }
  const environment: EnvironmentKind = kind === 'procfile' ? 'script' : kind
  return {
    commands: argvs.map((one) => ({ ...shared, text: text.trim(), argv: one })),
    env: set.map(([key, value]): EnvironmentValue => {
      return { name: key, value, file: place.file, role: place.role, line, kind: environment, development }
    }),
  }
}

const SERVERS =
  /^(?:.*\/)?(?:uvicorn|gunicorn|hypercorn|daphne|granian|flask|fastapi|node|nodejs|nodemon|ts-node|ts-node-dev|tsx|bun|deno|pm2|pm2-runtime|nest|npm|yarn|pnpm|python[\d.]*)$/

/** Whether it starts a program that could be the backend; `npm ci` and `python -m pip` do not. */
export const startsServer = ([first = '', second = '', third = '']: readonly string[]): boolean => {
  if (!SERVERS.test(first)) return false
  const program = first.slice(first.lastIndexOf('/') + 1)
  if (/^(?:npm|yarn|pnpm)$/.test(program)) return /^(?:start|dev|serve)/.test(second === 'run' ? third : second)
  if (/^(?:flask|fastapi)$/.test(program)) return /^(?:run|dev)$/.test(second) || second.startsWith('-')
  if (/^python/.test(program)) return second === '-m' ? SERVERS.test(third) && third !== 'python' : /\.py$/.test(second)
  if (program === 'nest') return second === 'start'
  if (program === 'bun' || program === 'deno') return /^(?:run|serve|--\w+|.*\.[jt]s)$/.test(second)
  return true
}
