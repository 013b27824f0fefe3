/** Measures servers in turn: A B C, A B C … */
import type { Asked } from './load.ts'
import { send } from './load.ts'
import { cpuOf, type Running } from './process.ts'

/** A server under one kind of load. */
export interface Subject {
  readonly name: string
  readonly server: Pick<Running, 'pid' | 'port'>
  /** What is sent in the next run, when it is expected to answer so many requests (0: not known yet). */
  readonly requests: (expected: number) => readonly Asked[]
  /** Whether refusals are what is measured; else a single one makes the run worthless. */
  readonly refusals?: boolean
}

/** What each round gave, by the subject's name. */
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
  const once = async (subject: Subject, forSeconds: number) => {
    const { name, server, requests, refusals = false } = subject
    const asked = requests(Math.ceil((rates[name] ?? 0) * forSeconds))
    const before = cpuOf(server.pid)
    const answered = await send({ port: server.port, requests: asked, seconds: forSeconds })
    const cpu = (cpuOf(server.pid) - before) / answered.requests
    const share = answered.refused / answered.requests
    if (refusals ? share < 1 - ADMITTED_AT_MOST : share > 0)
      throw new Error(`${name}: ${answered.refused} of ${answered.requests} requests were refused`)
    rates[name] = answered.perSecond
    return { cpu, ...answered }
  }
  for (const subject of subjects) {
    series[subject.name] = { cpu: [], perSecond: [], p99: [] }
    await once(subject, Math.min(2, seconds))
  }
  for (let round = 0; round < rounds; round += 1)
    for (const subject of subjects) {
      const { cpu, perSecond, p99 } = await once(subject, seconds)
      series[subject.name]?.cpu.push(cpu)
      series[subject.name]?.perSecond.push(perSecond)
      series[subject.name]?.p99.push(p99)
    }
  return series
}
