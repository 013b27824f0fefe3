/** The command `portcullis-check`. */
import { lstatSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { check } from './checklist.ts'
import { type CommandLine, readCommandLine, USAGE } from './command-line.ts'
import { type LivePlan, UsageError } from './evidence/live/index.ts'
import { readText } from './evidence/project/index.ts'
import type { Fix } from './items/index.ts'
import {
  applyFixes,
  bounded,
  diffOf,
  newSince,
  parseSuppressions,
  progress,
  type Report,
  SUPPRESSIONS_FILE,
  type Suppression,
  toHtml,
  toJson,
  toJunit,
  toSarif,
  toTerminal,
  version,
  visible,
} from './report/index.ts'

const run = async (args: readonly string[]): Promise<number> => {
  const command = readCommandLine(args)
  if (command.help) {
    process.stdout.write(USAGE)
    return 0
  }
  if (command.version) {
    process.stdout.write(`${version}\n`)
    return 0
  }
  // Before the work: who misspelt it should not wait for it.
  const suppressions = suppressionsOf(command.folder)
  const baseline =
    command.baseline === undefined ? undefined : { file: command.baseline, read: baselineOf(command.baseline) }
  const working = progress(process.stderr)
  const checked = await check({
    folder: command.folder,
    ...(command.live === undefined ? {} : { live: command.live }),
    origins: command.origins,
    suppressions,
    failOn: command.failOn,
    say: working.say,
    planned: (plan) => {
      working.end()
      if (!command.quiet) process.stderr.write(planPage(plan))
    },
  }).finally(() => working.end())
  if (checked.unasked !== undefined) process.stderr.write(`${asSentence(checked.unasked)}\n`)
  const report = baseline === undefined ? checked.report : sinceBaseline(baseline.file, baseline.read, checked.report)
  if (command.fix) {
    const shown = new Set(
      report.items.flatMap((one) => one.findings.filter((finding) => finding.outcome === 'fail').map(() => one.id)),
    )
    return mend(
      command,
      checked.observations.flatMap((one) =>
        one.fix !== undefined && one.outcome === 'fail' && shown.has(one.id) ? [one.fix] : [],
      ),
      checked.secrets,
    )
  }
  print(command, report)
  return report.verdict.exit
}

const print = (command: CommandLine, report: Report): void => {
  const formats = { json: toJson, sarif: toSarif, junit: toJunit, html: toHtml }
  let onTerminal = true
  for (const [name, file] of command.formats) {
    const text = formats[name](report)
    if (file === undefined) {
      onTerminal = false
      process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
    } else write(`--${name}`, file, text)
  }
  if (onTerminal)
    process.stdout.write(
      toTerminal(report, {
        colour: coloured(),
        ...(process.stdout.columns === undefined ? {} : { width: process.stdout.columns }),
      }),
    )
}

const write = (option: string, file: string, text: string): void => {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new UsageError(
      `${option}=${file} can't be written: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}.`,
    )
  }
}

const coloured = (): boolean => process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === ''

const asSentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${visible(text.slice(1))}.`

/** The paths are those of the backend's own document, which may be hostile to terminals. */
const planPage = (plan: LivePlan): string =>
  `What will be sent:\n${plan.steps
    .map(
      ({ title, requests }) =>
        `  ${title}\n${requests
          .slice(0, 6)
          .map((one) => `    ${bounded(visible(one), 200)}\n`)
          .join('')}${requests.length > 6 ? `    … and ${requests.length - 6} more\n` : ''}`,
    )
    .join('')}\n`

/** The file is the checked folder's, which may be hostile: a link, a pipe or a gigabyte there is not read. */
const suppressionsOf = (folder: string): readonly Suppression[] => {
  const file = join(folder, SUPPRESSIONS_FILE)
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return []
  const text = readText(realpathSync.native(folder), SUPPRESSIONS_FILE)
  if (text === undefined) throw new UsageError(`${file} can't be read: it must be a text file of at most 1 MiB.`)
  const { suppressions, faults } = parseSuppressions(text)
  if (faults.length > 0) throw new UsageError(`${file} can't be used:\n${listed(faults)}`)
  return suppressions
}

const SHOWN_FAULTS = 20

const listed = (faults: readonly string[]): string =>
  [
    ...faults.slice(0, SHOWN_FAULTS),
    ...(faults.length > SHOWN_FAULTS ? [`and ${faults.length - SHOWN_FAULTS} more`] : []),
  ]
    .map((one) => `  - ${one}`)
    .join('\n')

const baselineOf = (file: string): unknown => {
  const wrong = (why: string) =>
    new UsageError(`--baseline ${file}: ${why}. It is the file that an earlier run wrote with --json=FILE.`)
  // A pipe would be waited for; so that nothing but a file is.
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw wrong('there is no such file')
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw wrong('it is not JSON, or cannot be read')
  }
}

const sinceBaseline = (file: string, baseline: unknown, report: Report): Report => {
  try {
    return newSince(baseline, report)
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(`--baseline ${file}: ${error.message}`) : error
  }
}

/** Shows what would change, and changes it once somebody said so. */
const mend = async (command: CommandLine, fixes: readonly Fix[], secrets: ReadonlySet<string>): Promise<number> => {
  if (fixes.length === 0) {
    process.stdout.write('Nothing here is mended by changing one literal.\n')
    return 0
  }
  const folder = resolve(command.folder)
  const texts = new Map<string, string | undefined>()
  const shown = (file: string): string | undefined => {
    if (!texts.has(file)) texts.set(file, readText(realpathSync.native(folder), file))
    return texts.get(file)
  }
  process.stdout.write(diffOf(fixes, shown, secrets))
  if (!command.yes && !(await agreed())) {
    process.stdout.write('\nNothing was changed; --fix --yes changes it.\n')
    return 0
  }
  const { applied, refused } = await applyFixes(folder, fixes, shown)
  process.stdout.write(`\n${applied.length} changed.\n`)
  for (const { fix, because } of refused) process.stderr.write(`${fix.file}: ${because}\n`)
  return refused.length > 0 ? 1 : 0
}

const agreed = async (): Promise<boolean> => {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) return false
  const asking = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(?:es)?$/i.test((await asking.question('\nChange this? [y/N] ')).trim())
  } finally {
    asking.close()
  }
}

// Whoever reads may have read enough: `portcullis-check | head` is no mistake, and the exit code stays what was found.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
process.stderr.on('error', () => {})

const spelledLines = (text: string): string => text.trimEnd().split('\n').map(visible).join('\n')

/** Exit 1 says that the backend fails; a command that could not do its work must not say so. */
const fallen = (error: unknown): void => {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  process.stderr.write(
    `${spelledLines(name === 'UsageError' ? message : `portcullis-check could not finish: ${bounded(message, 300)}`)}\n`,
  )
  process.exitCode = 2
}
process.on('uncaughtException', (error) => {
  fallen(error)
  process.exit()
})

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  fallen(error)
}
