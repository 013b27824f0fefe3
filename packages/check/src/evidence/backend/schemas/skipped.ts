/**
 * Validations that a request may go past: they are asked only where somebody has set something, `if (process.env.VALIDATE === 'on')
 * schema.parse(req.body)`, or where whoever calls wants them to be, `if (!req.query.force) …`.
 */
import { type Node, walk } from '../../source/index.ts'
import { type Condition, conditionsOf } from '../conditions.ts'
import { isAsked, letsThrough, NONE } from '../guards/index.ts'
import { type Reading, whenMet } from '../reading.ts'
import { holds, restAfter } from '../statements.ts'
import { isOff } from '../switches/index.ts'
import { type From, type Origins, readsInput } from './origins.ts'

export interface Skipped {
  /** The test that decides. */
  readonly at: Node
  readonly by: 'setting' | 'caller'
}

/**
 * @param subject what is validated
 * @param others what is validated beside it: of two ways that are both checked none is skipped
 * @param isCalled whether a handler calls the function, and goes on where that comes back
 */
export const skippedBy = (
  reading: Reading,
  origins: Origins,
  { subject, from, others, isCalled }: Validation,
): Skipped | undefined => {
  for (const one of conditionsOf(reading, subject)) {
    const decider = reading.program.parentOf(one.test)
    if (decider === undefined || decider === origins.fn || !holds(origins.fn, decider)) continue
    const by = decidedBy(reading, origins, one, from)
    if (by === undefined) continue
    const ways = waysPast(origins, decider, subject)
    if (ways.some((way) => others.some((other) => holds(way, other)))) continue
    const comesBack = isCalled && ways.every(({ kind }) => kind === 'return')
    if (comesBack || ways.some((way) => takes(reading, origins, way))) return { at: one.test, by }
  }
  return
}

/** Whether what comes after a call reads what was sent, or lets the request on. */
export const isTakenAfter = (reading: Reading, origins: Origins, call: Node): boolean =>
  (restAfter(origins.fn.body, call) ?? []).some((one) => takes(reading, origins, one))

const takes = (reading: Reading, origins: Origins, way: Node): boolean => readsInput(origins, way) || lets(reading, way)

interface Validation {
  readonly subject: Node
  readonly from: From | 'all'
  readonly others: readonly Node[]
  readonly isCalled: boolean
}

const decidedBy = (
  reading: Reading,
  origins: Origins,
  condition: Condition,
  from: From | 'all',
): Skipped['by'] | undefined => {
  if (whenMet(reading, condition) === 'development' || isOff(reading, condition)) return 'setting'
  // `if (req.query.q) …`: where there is none there is nothing to look at.
  return isAsked(condition.test, condition.scope, reading) && !asksPart(origins, condition.test, from)
    ? 'caller'
    : undefined
}

const asksPart = (origins: Origins, test: Node, from: From | 'all'): boolean => {
  let found = false
  walk([test], (one) => {
    const origin = origins.of(one)
    found ||= origin?.kind === 'input' && (from === 'all' || origin.from === from)
    return !found
  })
  return found
}

/** What runs where the test falls the other way: its other branch, and all that comes after it. */
const waysPast = ({ fn }: Origins, decider: Node, subject: Node): readonly Node[] => {
  if (decider.kind === 'if' && !holds(decider, subject)) return decider.consequent
  const other =
    decider.kind === 'if'
      ? [decider.consequent, decider.alternate]
      : decider.kind === 'conditional'
        ? [[decider.consequent], [decider.alternate]]
        : []
  const rest = restAfter(fn.body, decider) ?? fn.body.filter((one) => one.at.start > decider.at.end)
  return [...other.filter((way) => !way.some((one) => holds(one, subject))).flat(), ...rest]
}

const lets = (reading: Reading, way: Node): boolean => {
  let found = false
  walk([way], (one) => {
    found ||= letsThrough(reading, one, 'next', NONE)
    return !found
  })
  return found
}
