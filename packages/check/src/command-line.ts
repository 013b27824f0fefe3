/** What was typed after `portcullis-check`. */
import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { isPlainOrigin } from './evidence/backend/index.ts'
import { type LiveOptions, UsageError } from './evidence/live/index.ts'
import type { FailOn } from './report/index.ts'

export const USAGE = `portcullis-check [FOLDER] [--url URL]

Proves the security baseline of an HTTP backend, from its source, its git history and, with --url, the running backend.

  portcullis-check                              this folder
  portcullis-check ../some-api                  another one
  portcullis-check . --url http://127.0.0.1:3000 --login '{"email":"me@example.com","password":"…"}'

  --url URL             also probe the backend that runs there
  --openapi PATH        its OpenAPI document: a path of the backend, or a file (else the usual places are tried)
  --login JSON          the body of a login that works
  --origin ORIGIN       an origin it is meant to allow, for the probes and for --fix; may be given several times
  --allow-writes        also send what may change data
  --i-own-this-host     needed for any host that is not this machine

  --json[=FILE]  --sarif[=FILE]  --junit[=FILE]  --html[=FILE]
                        the report in that format, to FILE or instead of the page
  --baseline FILE       report only what is new since that --json report
  --fail-on WHAT        fail (default), warn, not-proven or never
  --fix                 show the mends that are one literal as a diff, and offer to make them (--yes makes them)
  --quiet               do not print what will be sent
  --version             say which release this is

Exit: 0 all proven, 1 a failure, 2 not used right, 3 only warnings or not proven.
`

type Format = 'json' | 'sarif' | 'junit' | 'html'

export interface CommandLine {
  readonly help: boolean
  readonly version: boolean
  readonly folder: string
  readonly live: LiveOptions | undefined
  /** What --fix lists. */
  readonly origins: readonly string[]
  readonly formats: ReadonlyMap<Format, string | undefined>
  readonly baseline: string | undefined
  readonly failOn: FailOn
  readonly fix: boolean
  readonly yes: boolean
  readonly quiet: boolean
}

const FORMATS: readonly Format[] = ['json', 'sarif', 'junit', 'html']
const FAIL_ON: readonly FailOn[] = ['fail', 'warn', 'not-proven', 'never']

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  url: { type: 'string' },
  openapi: { type: 'string' },
  login: { type: 'string' },
  origin: { type: 'string', multiple: true },
  'allow-writes': { type: 'boolean' },
  'i-own-this-host': { type: 'boolean' },
  baseline: { type: 'string' },
  'fail-on': { type: 'string' },
  fix: { type: 'boolean' },
  yes: { type: 'boolean' },
  quiet: { type: 'boolean' },
} as const

/** parseArgs, with its complaints in our words. */
const parsed = (args: string[]) => {
  try {
    return parseArgs({ args, allowPositionals: true, options: OPTIONS })
  } catch (error) {
    const [, option] = /'(-[^' ]*)/.exec((error as Error).message) ?? []
    const { code } = error as NodeJS.ErrnoException
    if (option === undefined || code === undefined) throw error
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw new UsageError(`There is no option ${option}.${nearest(option)}\n\n${MORE}`)
    const name = /^-+([\w-]*)/.exec(option)?.[1] ?? ''
    const takes = Object.entries(OPTIONS).find(([one]) => one === name)?.[1].type === 'string'
    throw new UsageError(
      `${option} ${takes ? 'needs a value (one that starts with - is written --name=-value)' : 'takes no value'}.\n\n${MORE}`,
    )
  }
}

const MORE = 'portcullis-check --help says more.'

const nearest = (option: string): string => {
  const typed = option.replace(/^-+/, '').replace(/=.*$/, '').slice(0, 40)
  const [best] = [...FORMATS, ...Object.keys(OPTIONS)]
    // The start of a name is that name: --base is no --url that was spelt badly.
    .map((name) => ({ name, distance: name.startsWith(typed) ? 0 : distanceOf(typed, name) }))
    .sort((a, b) => a.distance - b.distance)
  return typed.length > 2 && best !== undefined && best.distance <= Math.max(2, Math.floor(typed.length / 3))
    ? ` Did you mean --${best.name}?`
    : ''
}

/** How many letters differ (Levenshtein). */
const distanceOf = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const above = row
    row = [i]
    for (let j = 1; j <= b.length; j += 1)
      row.push(
        Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      )
  }
  return row.at(-1) ?? 0
}

const isFolder = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  } catch {
    return false
  }
}

/** Why a folder can't be checked. An empty name is what a shell makes of a variable that nobody set. */
const wrongWith = (folder: string): string | undefined => {
  if (folder === '') return 'The folder has an empty name: leave it out to check this one.'
  try {
    const found = statSync(folder, { throwIfNoEntry: false })
    if (found === undefined) return `${folder} is no folder: there is nothing of that name.`
    if (!found.isDirectory()) return `${folder} is no folder, it is a file.`
    accessSync(folder, constants.R_OK | constants.X_OK)
    return
  } catch {
    return `${folder} can't be read: this user has no permission to.`
  }
}

/** @throws UsageError with all that is wrong */
export const readCommandLine = (args: readonly string[]): CommandLine => {
  const formats = new Map<Format, string | undefined>()
  // `--json` alone prints, `--json=FILE` writes: an option whose value may be left out is none that parseArgs knows.
  const emptied: string[] = []
  const rest = args.filter((one) => {
    const format = FORMATS.find((name) => one === `--${name}` || one.startsWith(`--${name}=`))
    if (format === undefined) return true
    const file = one.includes('=') ? one.slice(one.indexOf('=') + 1) : undefined
    if (file === '') emptied.push(`--${format}= names no file.`)
    formats.set(format, file === '' ? undefined : file)
    return false
  })
  const { values, positionals } = parsed(rest)
  const folder = positionals[0] ?? '.'
  const failOn = FAIL_ON.find((one) => one === (values['fail-on'] ?? 'fail'))
  const faults: string[] = emptied
  if (positionals.length > 1) faults.push(`One folder at a time: ${positionals.join(', ')}.`)
  if (failOn === undefined) faults.push(`--fail-on is one of ${FAIL_ON.join(', ')}.`)
  if (values.url === undefined)
    for (const name of ['openapi', 'login', 'origin', 'allow-writes', 'i-own-this-host'] as const)
      if (values[name] !== undefined && !(name === 'origin' && values.fix === true))
        faults.push(
          `--${name} needs --url${name === 'origin' ? ', or --fix, which lists it' : ': it is about a running backend'}.`,
        )
  if ([...formats.values()].filter((file) => file === undefined).length > 1)
    faults.push('One format can be printed; write the others to files: --json --html=report.html')
  if (values.fix === true)
    for (const one of values.origin ?? [])
      if (!isPlainOrigin(one))
        faults.push(`--origin ${one} is no origin that can be listed: https://app.example.com is one.`)
  if (values.yes === true && values.fix !== true) faults.push('--yes is about --fix.')
  // An option whose value may be left out cannot take the next word for it.
  const bare = [...formats].find(([, file]) => file === undefined)?.[0]
  const taken = positionals.find((one) => !isFolder(one))
  if (bare !== undefined && taken !== undefined) faults.push(`To write the report to a file: --${bare}=${taken}`)
  for (const [format, file] of formats)
    if (file !== undefined && file !== '' && !isFolder(dirname(file)))
      faults.push(`--${format}=${file}: there is no folder ${dirname(file)}.`)
  if (values.fix === true && formats.size > 0)
    faults.push('--fix shows a diff and no report: give it without --json, --sarif, --junit and --html.')
  const folderFault = values.help === true ? undefined : wrongWith(folder)
  if (folderFault !== undefined) faults.push(folderFault)
  if (faults.length > 0) throw new UsageError(`${faults.join('\n')}\n\n${MORE}`)
  return {
    help: values.help === true,
    version: values.version === true,
    folder,
    live:
      values.url === undefined
        ? undefined
        : {
            url: values.url,
            allowWrites: values['allow-writes'] === true,
            iOwnThisHost: values['i-own-this-host'] === true,
            ...(values.openapi === undefined ? {} : { openapi: values.openapi }),
            ...(values.login === undefined ? {} : { login: values.login }),
            ...(values.origin === undefined ? {} : { origins: values.origin }),
          },
    origins: values.fix === true ? (values.origin ?? []) : [],
    formats,
    baseline: values.baseline,
    failOn: failOn ?? 'fail',
    fix: values.fix === true,
    yes: values.yes === true,
    quiet: values.quiet === true,
  }
}
