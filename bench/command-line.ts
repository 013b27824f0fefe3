import { parseArgs } from 'node:util'

export interface CommandLine {
  readonly help: boolean
  readonly short: boolean
  readonly maySleep: boolean
  /** how often; at least 1, as usual where it is not said */
  readonly rounds: number | undefined
  /** how long a round measures, at least 1 */
  readonly seconds: number | undefined
  /** names of the works that are asked for; none for all */
  readonly works: readonly string[]
}

/** The command was typed wrong: its message is all that whoever typed it needs. */
export class UsageError extends Error {}

export const usage = (works: readonly string[]): string => `npm run bench -- [options] [work …]

Measures ours beside the others. All works: about 20 minutes, and bench/RESULTS.md is written. Named ones are printed alone.

  works        ${works.join(', ')}
  --short      less time and fewer peers; exit 1 when a ratio is worse than half its goal, twice
  --rounds N   how often each is measured (5; 3 with --short)
  --seconds N  how long each time (3; 1 with --short)
  --may-sleep  let cores that wait sleep, which those pay for who are slower than the load
  --help
`

const options = {
  help: { type: 'boolean', short: 'h', default: false },
  short: { type: 'boolean', default: false },
  'may-sleep': { type: 'boolean', default: false },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
} as const

/** @throws UsageError for an option, a number or a work that is not there, all that is wrong with the words at once */
export const readCommandLine = (args: readonly string[], known: readonly string[]): CommandLine => {
  const { values, positionals } = parsed(args)
  const faults = positionals.filter((name) => !known.includes(name)).map((name) => `There is no work "${name}".`)
  for (const name of ['rounds', 'seconds'] as const)
    if (!/^[1-9]\d{0,5}$/.test(values[name] ?? '1')) faults.push(`--${name} takes a whole number from 1.`)
  if (faults.length > 0) throw new UsageError(faults.join('\n'))
  return {
    help: values.help,
    short: values.short,
    maySleep: values['may-sleep'],
    rounds: counted(values.rounds),
    seconds: counted(values.seconds),
    works: positionals,
  }
}

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

const counted = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))
