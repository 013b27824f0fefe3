import type { ParseArgsConfig } from 'node:util'
import { parseArgs } from 'node:util'
import { didYouMean, misused } from './usage-error.ts'

/**
 * `parseArgs`, which foresees a slip.
 *
 * @throws UsageError for an option that is not there, or a word that none is asked for; what `parseArgs` throws for the rest
 */
export const readArguments = <T extends ParseArgsConfig>(config: T, usage: string): ReturnType<typeof parseArgs<T>> => {
  try {
    return parseArgs(config)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // Node repeats the word, which may be a password in the wrong place.
    if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') throw misused('There is a word too many.', usage)
    if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw error
    const [, typed = ''] = /^Unknown option '(--?[^'=]*)/.exec(message) ?? []
    const known = Object.keys(config.options ?? {}).map((name) => `--${name}`)
    throw misused(`There is no option of that name${didYouMean(typed, known)}`, usage)
  }
}
