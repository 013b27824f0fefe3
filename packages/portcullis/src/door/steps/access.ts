import { decide } from '../../layers/access/index.ts'
import type { Outcome, Step, Visit } from '../visit.ts'
import { refuse, SERVICE } from '../visit.ts'

/** Decides the route's rule for the principal; that of the group where its own 404 handler answers. */
export const access: Step = (visit) => {
  const { principal, facts } = visit
  const rule = facts.route?.rule ?? facts.notFoundRule
  if (principal === undefined || principal === SERVICE || rule === undefined) return undefined
  const decision = decide(rule, principal, facts)
  return decision instanceof Promise ? decision.then((late) => decided(visit, late)) : decided(visit, decision)
}

const decided = (visit: Visit, decision: 200 | 403 | 404): Outcome =>
  decision === 200 ? undefined : refuse(visit, decision === 404 ? 'not-found' : 'forbidden')
