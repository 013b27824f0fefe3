/**
 * Measures ours beside the others: `npm run bench`, which writes bench/RESULTS.md.
 *
 * command-line.ts says what else can be asked of it.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepAwake } from './awake.ts'
import { build } from './built.ts'
import { type CommandLine, readCommandLine, UsageError, usage } from './command-line.ts'
import { type Contender, type ContenderName, contenders, storeContenders } from './contenders.ts'
import { unmeasurable } from './process.ts'
import { faultsOf, notSecured } from './refuses.ts'
import { goalsTable, report, resultText, tooFar } from './report.ts'
import { usualTokens } from './tokens.ts'
import { versions } from './versions.ts'
import { first } from './works/first.ts'
import { get } from './works/get.ts'
import { growth } from './works/growth.ts'
import { login } from './works/login.ts'
import { memory } from './works/memory.ts'
import { post } from './works/post.ts'
import { refusals } from './works/refusals.ts'
import { starting } from './works/start.ts'
import { stores } from './works/stores.ts'
import type { Plan, Result, Work } from './works/work.ts'

const works: readonly Work[] = [get, post, first, refusals, stores, login, memory, starting, growth]
/** These alone take longer than the short run may, or services that are not everywhere. */
const NOT_IN_SHORT: readonly Work[] = [stores, login, growth]
const FULL = { rounds: 5, seconds: 3 }
const SHORT = { rounds: 3, seconds: 1 }
const SHORT_NAMES: readonly ContenderName[] = ['bare', 'ours', 'fastify']
const NOT_TRIED = [
  'AdonisJS was not tried: its own guards ask a database for each token, and one for signed tokens has to be written by hand in an application of its own kind.',
]

const say = (text: string): void => void process.stderr.write(`${text}\n`)

const choose = (names: readonly string[], short: boolean): readonly Work[] => {
  if (names.length > 0) return works.filter(({ name }) => names.includes(name))
  return works.filter((work) => !short || !NOT_IN_SHORT.includes(work))
}

/** Who may be measured; and why the others may not. */
const admitted = async (names: readonly ContenderName[]) => {
  const good: ContenderName[] = []
  const left: string[] = []
  for (const name of names) {
    const contender: Contender = contenders[name]
    const missing = contender.missing?.()
    const faults = missing === undefined ? await faultsOf(contender) : []
    if (missing !== undefined) left.push(`${contender.title}: ${missing}.`)
    else if (faults.length > 0) left.push(notSecured(contender, faults))
    else good.push(name)
  }
  // A look that finds nothing wrong with one that asks nobody would find nothing wrong with anybody.
  const blind = (await faultsOf({ ...contenders.bare, tokens: usualTokens })).length === 0
  if (blind) throw new Error('The look at what contenders refuse sees nothing.')
  for (const name of ['bare', 'ours'] as const)
    if (!good.includes(name)) throw new Error(`Nothing can be said without ${name}: ${left.join(' ')}`)
  return { good, left }
}

/** What takes a core away for a second is not a slower door: a ratio that is too far is measured once more, and that counts. */
const twiceAtMost = async (work: Work, plan: Plan): Promise<Result> => {
  const result = await work.run(plan)
  if (tooFar([result]).length === 0) return result
  say(`… ${work.name}, once more`)
  return work.run(plan)
}

const measure = async (chosen: readonly Work[], plan: Plan, left: string[]): Promise<readonly Result[]> => {
  const results: Result[] = []
  for (const work of chosen) {
    const missing = await work.missing?.()
    if (missing !== undefined) left.push(`${work.name}: ${missing}`)
    else {
      say(`… ${work.name}`)
      try {
        results.push(await (plan.short ? twiceAtMost(work, plan) : work.run(plan)))
      } catch (error) {
        left.push(`${work.name} could not be measured: ${(error as Error).message}`)
        process.exitCode = 1
      }
    }
  }
  return results
}

const bench = async ({ short, maySleep, rounds, seconds, works: names }: CommandLine): Promise<void> => {
  const usual = short ? SHORT : FULL
  const timing = { rounds: rounds ?? usual.rounds, seconds: seconds ?? usual.seconds }
  const awake = !maySleep && keepAwake()
  say(
    awake
      ? '… no core sleeps meanwhile'
      : '… cores that wait may sleep, which those pay for who are slower than the load',
  )
  build()
  say('… who refuses what must be refused')
  const all = Object.keys(contenders) as ContenderName[]
  const { good, left } = await admitted(short ? SHORT_NAMES : all)
  const results = await measure(choose(names, short), { ...timing, short, names: good }, left)

  if (!short && names.length === 0) {
    const text = report(results, {
      ...timing,
      versions: versions(awake, [...Object.values(contenders), ...Object.values(storeContenders)]),
      left: [...left, ...NOT_TRIED],
      date: new Date().toISOString().slice(0, 10),
    })
    writeFileSync(join(import.meta.dirname, 'RESULTS.md'), text)
    say('bench/RESULTS.md is written')
  }
  process.stdout.write(`${results.map(resultText).join('\n')}\n${goalsTable(results)}\n`)
  for (const line of left) process.stdout.write(`\n${line}\n`)
  const far = short ? tooFar(results) : []
  if (far.length > 0) {
    process.stdout.write(`\nWorse than half the goal, or than half of what was reached:\n${far.join('\n')}\n`)
    process.exitCode = 1
  }
}

const NAMES = works.map(({ name }) => name)
try {
  const command = readCommandLine(process.argv.slice(2), NAMES)
  const unable = unmeasurable()
  if (command.help) process.stdout.write(usage(NAMES))
  else if (unable !== undefined) throw new UsageError(unable)
  else await bench(command)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  say(`${error.message}\n\n${usage(NAMES)}`)
  process.exitCode = 1
}
