/** What a kind of work is: something that is measured, and what it says of the goals. */
import type { Contender, ContenderName } from '../contenders.ts'
import { contenders } from '../contenders.ts'
import type { GoalId } from '../goals.ts'
import type { Rounds, Series, Subject } from '../measure.ts'
import { inTurn } from '../measure.ts'
import { type Running, start } from '../process.ts'
import { digits, ratios, spreadText } from '../statistics.ts'
import { secret } from '../tokens.ts'

/** How a work is run. */
export interface Plan extends Rounds {
  /** Fewer peers, less time. */
  readonly short: boolean
  /** Those that may be measured: present, and secured where they should be. */
  readonly names: readonly ContenderName[]
}

/** A table, as Markdown wants it. */
export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What was measured. */
export interface Result {
  readonly title: string
  /** Sentences under the title. */
  readonly about: string
  readonly table: Table
  /** What each round gave for a goal. */
  readonly figures: Partial<Readonly<Record<GoalId, readonly number[]>>>
}

/** A kind of work. */
export interface Work {
  readonly name: string
  /** Why it can't be measured here; undefined when it can. */
  missing?(): Promise<string | undefined> | string | undefined
  run(plan: Plan): Promise<Result>
}

/** Servers, and what else ends with the work that started it: the last first, so that nobody is connected to what is dropped. */
export class Servers implements AsyncDisposable {
  readonly #ends: (() => unknown)[] = []

  /** Does this in the end. */
  after(end: () => unknown): void {
    this.#ends.unshift(end)
  }

  /** Starts a contender, with settings of its own. */
  async start(contender: Pick<Contender, 'command'>, env: Readonly<Record<string, string>> = {}): Promise<Running> {
    const running = await start(contender.command, { JWT_SECRET: secret, ...env })
    this.after(() => running.stop())
    return running
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends) await end()
  }
}

/** Those of these names that contend in a work. */
export const contending = (
  work: NonNullable<Contender['contends']>[number],
  names: readonly ContenderName[],
): readonly ContenderName[] => names.filter((name) => (contenders[name] as Contender).contends?.includes(work))

/** Starts contenders and measures them in turn; what is sent to each is made from it. */
export const contend = async (
  names: readonly ContenderName[],
  rounds: Rounds,
  load: (contender: Contender) => Pick<Subject, 'requests' | 'once'>,
): Promise<Readonly<Record<string, Series>>> => {
  await using servers = new Servers()
  const subjects: Subject[] = []
  for (const name of names) {
    const contender: Contender = contenders[name]
    subjects.push({ name, server: await servers.start(contender), ...load(contender) })
  }
  return await inTurn(subjects, rounds)
}

/** One row for each contender; the ratio is of CPU, to the bare one. */
export const seriesTable = (
  series: Readonly<Record<string, Series>>,
  titles: Readonly<Record<string, string>>,
): Table => ({
  head: ['', 'µs of CPU a request', '× bare', 'requests a second', 'p99, ms'],
  rows: Object.entries(series).map(([name, { cpu, perSecond, p99 }]) => {
    const bare = series['bare']
    const times = bare === undefined ? [] : cpu.map((value, round) => value / (bare.cpu[round] ?? Number.NaN))
    return [titles[name] ?? name, spreadText(cpu), spreadText(times), spreadText(perSecond), digits(Math.max(...p99))]
  }),
})

/** What ours costs over a bare Fastify that does for itself what ours does for the application around it. */
export const overTuned = ({ ours, 'bare-tuned': tuned }: Readonly<Record<string, Series>>): string =>
  ours === undefined || tuned === undefined
    ? ''
    : ` Ours also does two things for the application around it, which save as much as most of the door costs (docs/decisions.md): over a bare Fastify that does them for itself, it is ${spreadText(ratios(ours.cpu, tuned.cpu))} ×.`

/** The titles of all contenders. */
export const titles: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(contenders).map(({ name, title }) => [name, title]),
)
