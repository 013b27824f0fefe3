/** Measures servers in turn: A B C, A B C … */
import { setTimeout as sleep } from 'node:timers/promises'
import { LIMIT } from './contenders/work.ts'
import type { Answered, Asked } from './load.ts'
import { CONNECTIONS, send } from './load.ts'
import { cpuOf, type Running } from './process.ts'

/** A server under one kind of load. */
export interface Subject {
  readonly name: string
  readonly server: Pick<Running, 'pid' | 'port'>
  /** What is sent in the next run, when it is expected to answer so many requests (0: not known yet). */
  readonly requests: (expected: number) => readonly Asked[]
  /** Whether refusals are what is measured; else a single one makes the run worthless. */
  readonly refusals?: boolean
  /** Whether no request may be sent twice: a run in which they did not suffice is made again with more. */
  readonly once?: boolean
}

/** What each round gave. */
export interface Series {
  /** µs of CPU for each request */
  readonly cpu: number[]
  readonly perSecond: number[]
  /** ms that one request in a hundred took longer than */
  readonly p99: number[]
}

/** How long is measured. */
export interface Rounds {
  readonly rounds: number
  readonly seconds: number
}

/** Of refusals nearly all must be: the quota itself is admitted first. */
const ADMITTED_AT_MOST = 0.2

/** How often a run that says nothing is made again. */
const ATTEMPTS = 4

/** Of its core, that a server under load uses at least: else something else had the machine, and the run is made again. */
const LEAST_SHARE = 0.2

const WARM_UP_SECONDS = 4

/** ms in which a server that has just started has collected its garbage */
const COLLECTED_MS = 300

/**
 * Measures each subject once in every round, after a warm-up that does not count.
 *
 * @throws Error when a subject answered by another status than it should
 */
export const inTurn = async (
  subjects: readonly Subject[],
  { rounds, seconds }: Rounds,
): Promise<Readonly<Record<string, Series>>> => {
  const series: Record<string, Series> = {}
  const rates: Record<string, number> = {}
  for (const subject of subjects) {
    series[subject.name] = { cpu: [], perSecond: [], p99: [] }
    rates[subject.name] = await warmUp(subject, WARM_UP_SECONDS)
  }
  for (let round = 0; round < rounds; round += 1)
    for (const subject of subjects) {
      const { cpu, perSecond, p99 } = await fullRun(subject, seconds, (rates[subject.name] ?? 0) * seconds)
      rates[subject.name] = perSecond
      series[subject.name]?.cpu.push(cpu)
      series[subject.name]?.perSecond.push(perSecond)
      series[subject.name]?.p99.push(p99)
    }
  return series
}

interface Run extends Answered {
  readonly cpu: number
  /** Requests that there were to send. */
  readonly asked: number
  /** Of a core, that the server used. */
  readonly share: number
}

const run = async (subject: Subject, seconds: number, expected: number): Promise<Run> => {
  const { name, server, refusals = false } = subject
  const requests = subject.requests(Math.ceil(expected))
  const before = cpuOf(server.pid)
  const answered = await send({ port: server.port, requests, seconds })
  const used = cpuOf(server.pid) - before
  const refused = answered.refused / answered.requests
  if (refusals ? refused < 1 - ADMITTED_AT_MOST : refused > 0)
    throw new Error(
      `${name}: ${answered.refused} of ${answered.requests} requests were refused; is this core so fast that the limit of ${LIMIT} a second is reached?`,
    )
  return { ...answered, cpu: used / answered.requests, asked: requests.length, share: used / (seconds * 1e6) }
}

/**
 * First the server collects all its garbage, as those do by themselves that have more to remember than these: while they start, or after a
 * while. `process.nextTick` is slower from then on (docs/decisions.md, "A tick is kept"), and a server so small that it comes to no full
 * collection would be measured in a state that no real one is in.
 */
const warmUp = async (subject: Subject, seconds: number): Promise<number> => {
  process.kill(subject.server.pid, 'SIGUSR2')
  await sleep(COLLECTED_MS)
  return await warmOnce(subject, seconds)
}

/** As much CPU as an undisturbed run takes, however many runs that needs; answers the rate of the last. */
const warmOnce = async (subject: Subject, seconds: number): Promise<number> => {
  let used = 0
  let perSecond = 0
  for (let attempt = 0; attempt < ATTEMPTS && used < seconds / 2; attempt += 1) {
    const made = await run(subject, seconds, 0)
    used += made.share * seconds
    perSecond = made.perSecond
  }
  return perSecond
}

const fullRun = async (subject: Subject, seconds: number, expected: number): Promise<Run> => {
  let wanted = expected
  let starved: Run | undefined
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const made = await run(subject, seconds, wanted)
    // Each connection had one under way at the end, which was not counted.
    const sufficed = subject.once !== true || made.requests + CONNECTIONS <= made.asked
    const whole = sufficed && made.lost === 0 && made.requests > 0
    if (whole && made.share >= LEAST_SHARE) return made
    if (whole) starved = made
    wanted = Math.max(wanted, made.requests * 2)
  }
  // Its CPU time was counted all the same; the median may yet be of better rounds.
  if (starved !== undefined) return starved
  throw new Error(`${subject.name}: requests were not answered, or there were not enough of them`)
}
