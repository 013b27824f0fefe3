/** The mark by which a finding is known again: in suppressions, in a baseline, in SARIF. Moving code keeps it. */
import { createHash } from 'node:crypto'
import type { Evidence, Observation } from '../items/index.ts'

/** What one side saw: the source, the history, the running backend. */
export interface Side {
  readonly name: string
  readonly observations: readonly Observation[]
}

export interface Marked {
  readonly side: string
  readonly fingerprint: string
  readonly observation: Observation
}

const normal = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** `/users/42/orders` and `/users/{id}/orders` are one place; so is any path that a probe made up. v1 stays v1. */
const segment = (text: string): string =>
  /^[:{]/.test(text) || (/\d/.test(text) && !/^v\d+$/i.test(text)) ? '{}' : text

const template = (request: string): string => {
  const [method = '', target = ''] = normal(request).split(' ')
  const path = target.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#,].*$/, '')
  return `${method} ${path.split('/').map(segment).join('/')}`
}

const withoutNumbers = (text: string): string => normal(text.replace(/\d+/g, ''))

/** What stays the same while the finding is the same: never a line number, a commit or a count. */
const lasting = (evidence: Evidence | undefined, summary: string): readonly string[] => {
  if (evidence?.kind === 'source') return ['source', evidence.file, normal(evidence.text)]
  if (evidence?.kind === 'exchange') return ['exchange', template(evidence.request)]
  return ['note', withoutNumbers(evidence?.text ?? summary)]
}

const keyOf = ({ id, evidence, summary }: Observation): string => JSON.stringify([id, ...lasting(evidence[0], summary)])

/** Among equal ones: the tree before history, then from the top of the file, then by what is said. */
const place = ({ evidence: [first], summary }: Observation): readonly [string, number, string] =>
  first?.kind === 'source' ? [first.commit ?? '', first.line, summary] : ['', 0, summary]

const byPlace = (a: Marked, b: Marked): number => {
  const [commitA, lineA, summaryA] = place(a.observation)
  const [commitB, lineB, summaryB] = place(b.observation)
  return inOrder(commitA, commitB) || lineA - lineB || inOrder(summaryA, summaryB)
}

/** By code units, the same everywhere. */
export const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** Every observation of every side once, with its mark. */
export const marked = (sides: readonly Side[]): readonly Marked[] => {
  const once = new Map<string, Marked>()
  for (const { name, observations } of sides)
    for (const observation of observations) {
      const { id, outcome, summary, evidence } = observation
      const same = JSON.stringify([name, id, outcome, summary, evidence])
      if (!once.has(same)) once.set(same, { side: name, fingerprint: '', observation })
    }
  const passed = [...once.values()].filter(({ observation }) => !isFinding(observation))
  const findings = [...once.values()].filter(({ observation }) => isFinding(observation))
  const equal = Map.groupBy(findings, ({ observation }) => keyOf(observation))
  return [
    ...passed,
    ...[...equal].flatMap(([key, ones]) =>
      ones.sort(byPlace).map((one, ordinal) => ({ ...one, fingerprint: digest(`${key}${ordinal}`) })),
    ),
  ]
}

/** What asks something of somebody. */
export const isFinding = ({ outcome }: Pick<Observation, 'outcome'>): boolean =>
  outcome === 'fail' || outcome === 'warn' || outcome === 'not-proven'
