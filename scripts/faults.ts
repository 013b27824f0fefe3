/**
 * The long fault tests, and a table of what they showed: `npm run test:faults [-- WORD…]`, WORD being a part of a file's name.
 *
 * Each file stands for a promise of the README, by its number.
 */
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { run } from 'node:test'

const root = join(import.meta.dirname, '..')
const ROUNDS = '100'

/** A file of packages/*\/test/faults, and the promises it holds the program to. */
const PROMISES: Readonly<Record<string, string>> = {
  'database-locked': '7',
  'key-rotation': '2',
  'kill9-backend': '7',
  'kill9-move': '7',
  'kill9-storage': '7',
  'login-flood': '6',
  'parallel-logins-over-processes': '4',
  'postgres-lost': '9',
  'postgres-revocation': '12',
  'redis-lost': '8',
  'redis-memory': '4',
  'redis-refusing': '8',
  'redis-slow': '8',
  'redis-two-processes': '4',
  'refresh-over-processes': '3',
  'revocation-over-processes': '12',
  sigterm: 'server',
  'slow-connections': 'server',
}

const nameOf = (file: string): string => basename(file, '.test.ts')
const all = globSync('packages/*/test/faults/*.test.ts', { cwd: root }).sort()
const strangers = [
  ...all.map(nameOf).filter((name) => PROMISES[name] === undefined),
  ...Object.keys(PROMISES).filter((name) => !all.some((file) => nameOf(file) === name)),
]
if (strangers.length > 0) throw new Error(`scripts/faults.ts and the fault tests differ: ${strangers.join(', ')}`)

const words = process.argv.slice(2)
const files = all.filter((file) => words.length === 0 || words.some((word) => nameOf(file).includes(word)))
if (files.length === 0) throw new Error(`No fault test has a name like that; there are ${all.map(nameOf).join(', ')}.`)

interface Row {
  readonly promise: string
  readonly fault: string
  readonly verdict: string
  readonly figures: string[]
}

const rows: Row[] = []
const reasons: string[] = []
const row = (verdict: string, { name, file }: { name: string; file?: string | undefined }): void => {
  process.stderr.write(`${verdict}: ${name}\n`)
  rows.push({ promise: PROMISES[nameOf(file ?? '')] ?? '', fault: name, verdict, figures: [] })
}
const SUMMARY = /^(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /

process.env['FAULT_ROUNDS'] ??= ROUNDS
const tests = run({
  cwd: root,
  files: files.map((file) => join(root, file)),
  concurrency: 1,
  timeout: 3_000_000,
  execArgv: ['--conditions=source'],
})
tests.on('test:pass', (passed) => {
  if (passed.nesting === 0)
    row(passed.skip === undefined || passed.skip === false ? 'holds' : `not run: ${passed.skip}`, passed)
})
tests.on('test:fail', (failed) => {
  if (failed.nesting !== 0) return
  row('FAILS', failed)
  reasons.push(`${failed.name}\n${failed.details.error.cause ?? failed.details.error}`)
})
tests.on('test:diagnostic', ({ message, nesting }) => {
  if (nesting === 0 && !SUMMARY.test(message)) rows.at(-1)?.figures.push(message)
})
for await (const _ of tests);

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const lines = rows.map(
  ({ promise, fault, figures, verdict }) =>
    `| ${cell(fault)} | ${promise} | ${cell(figures.join('; '))} | ${cell(verdict)} |`,
)
process.stdout.write(`\n| fault | promise | figure | verdict |\n|---|---|---|---|\n${lines.join('\n')}\n`)
if (reasons.length > 0) process.stderr.write(`\n${reasons.join('\n\n')}\n`)
process.exitCode = reasons.length > 0 ? 1 : 0
