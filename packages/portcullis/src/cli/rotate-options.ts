import type { Algorithm } from '../layers/sessions/index.ts'
import { readAlgorithm } from './algorithm.ts'
import { readArguments } from './arguments.ts'
import { UsageError } from './usage-error.ts'

export const USAGE = `portcullis keys rotate [--file PATH [--url URL]...] [options]

Replaces the key that signs, so that nobody is logged out: a new key is added, put first, and the others are taken out after an
access token's lifetime. It may be stopped at any moment and run again: the file says how far it is.

  --file PATH            the file that JWT_SECRET_FILE names; without it the steps are written down for JWT_SECRET
  --url URL              a process to check each step on, by its /metrics (METRICS_TOKEN from the environment): one for each
                         process, not the balancer before them. Without it one step is done a run, and you check
  --alg ALG              HS256, EdDSA or ES256; that of the key that signs now by default
  --token-minutes N      how long an access token lives: 1 to 60, 15 by default
  --timeout-seconds N    how long a process may take to follow a step: 5 to 3600, 300 by default
  --retire-now           for a key that leaked: the others are taken out at once. Who has a token of theirs gets 401 and refreshes;
                         no session ends
`

/** What was asked for. */
export interface RotateOptions {
  readonly file: string | undefined
  readonly urls: readonly string[]
  readonly alg: Algorithm | undefined
  readonly minutes: number
  readonly seconds: number
  readonly retireNow: boolean
}
/** @throws UsageError that says what to type instead; undefined when help was asked for */
export const readOptions = (args: readonly string[]): RotateOptions | undefined => {
  const { values } = readArguments(
    {
      args: [...args],
      options: {
        file: { type: 'string' },
        url: { type: 'string', multiple: true, default: [] },
        alg: { type: 'string' },
        'token-minutes': { type: 'string', default: '15' },
        'timeout-seconds': { type: 'string', default: '300' },
        'retire-now': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    },
    USAGE,
  )
  if (values.help === true) return undefined
  const { file, url: urls, alg } = values
  if (file === '' || (file === undefined && (urls.length > 0 || values['retire-now'])))
    throw new UsageError('--url and --retire-now need --file PATH: a variable is changed by whoever deploys it.')
  for (const url of urls)
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw new UsageError('--url takes the address of a process: http://127.0.0.1:3000')
  return {
    file,
    urls,
    alg: alg === undefined ? undefined : readAlgorithm(alg, USAGE),
    minutes: whole('--token-minutes', values['token-minutes'], 1, 60),
    seconds: whole('--timeout-seconds', values['timeout-seconds'], 5, 3600),
    retireNow: values['retire-now'],
  }
}

const whole = (name: string, text: string, min: number, max: number): number => {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max)) throw new UsageError(`${name} takes a whole number from ${min} to ${max}`)
  return value
}

/** A path as a shell takes it. */
export const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)
