/** What to say where nothing but 404 was answered: `--url` leaves out a prefix, or names another server. */
import type { LiveFacts } from '../../evidence/live/facts.ts'
import { isAlike } from '../../evidence/live/likeness.ts'
import type { Observation } from '../../items/index.ts'
import { shown } from './evidence.ts'
import { observed } from './observe.ts'

const ENOUGH = 10

/** No pass stands on answers that are none of the backend's. */
export const unlessNowhere = (facts: LiveFacts, seen: readonly Observation[]): readonly Observation[] => {
  const { stray } = facts
  if (!isNowhere(facts)) return seen
  const summary = 'every path was answered 404, like one that nobody has: is the path of --url right?'
  return seen.map((one) =>
    one.outcome === 'pass' ? observed(one.id, 'not-proven', summary, [shown(facts, stray)]) : one,
  )
}

const isNowhere = ({ stray, docs, cors, errors, hidden, opened, loginRefused, session }: LiveFacts): boolean => {
  if (stray.status !== 404 || session !== undefined) return false
  const named = [...cors, ...errors, ...opened].map(({ exchange }) => exchange)
  const all = [...docs, ...hidden, ...named, ...(loginRefused === undefined ? [] : [loginRefused])]
  return (
    all.length >= ENOUGH &&
    all.every(({ status }) => status === stray.status) &&
    [...docs, ...hidden].every((one) => isAlike(one, stray))
  )
}
