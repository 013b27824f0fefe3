/** What to say where something began to refuse whoever asks so much: its refusals are none of the backend's. */
import { wasAnswered } from '../../evidence/live/exchange.ts'
import type { LiveFacts } from '../../evidence/live/facts.ts'
import type { ItemId, Observation } from '../../items/index.ts'
import { shown } from './evidence.ts'
import { isBusy, observed } from './observe.ts'

/** Judged by what was answered before, or by a login that worked. */
const STANDS: ReadonlySet<ItemId> = new Set(['default-deny', 'jwt-expiry', 'jwt-payload', 'weak-key', 'cookie-flags'])

/** Passes, and the logins that nothing limits, are not proven once a path that nobody has is answered in another way. */
export const unlessChanged = (facts: LiveFacts, seen: readonly Observation[]): readonly Observation[] => {
  const { stray, strayAgain } = facts
  if (strayAgain === undefined || !wasAnswered(strayAgain) || isBusy(strayAgain)) return seen
  if (strayAgain.status === stray.status) return seen
  const summary = `a path that nobody has was answered ${stray.status}, and ${strayAgain.status} later: something in front began to refuse`
  const evidence = [shown(facts, stray), shown(facts, strayAgain, { request: 'the same, later' })]
  return seen.map((one) => (restsOnRefusals(one) ? observed(one.id, 'not-proven', summary, evidence) : one))
}

const restsOnRefusals = ({ id, outcome }: Observation): boolean =>
  !STANDS.has(id) && (outcome === 'pass' || (id === 'auth-rate-limit' && outcome === 'fail'))
