import type { Counter, Policy, Taken } from '../../layers/limits/index.ts'
import type { DoorParts } from '../order.ts'
import type { Outcome, Step, Visit } from '../visit.ts'
import { limited } from '../visit.ts'

/** The quota of all requests of a client. */
export const clientQuota = ({ counter, clientPolicy }: Pick<DoorParts, 'counter' | 'clientPolicy'>): Step => {
  const policies = [clientPolicy]
  return (visit) => take(counter, visit, policies, 0)
}

/** The quotas that the route names; whatever checks a credential shares one. */
export const routeQuota =
  ({ counter }: Pick<DoorParts, 'counter'>): Step =>
  (visit) => {
    const policies = visit.facts.route?.policies
    return policies === undefined || policies.length === 0 ? undefined : take(counter, visit, policies, 0)
  }

/** A list that is made for one: to push to an empty one makes room for seventeen. */
const note = (visit: Visit, taken: Taken): void => {
  visit.taken = visit.taken.length === 0 ? [taken] : [...visit.taken, taken]
}

/** Takes the quotas in turn, each in one atomic step; the first that is used up refuses. */
const take = (
  counter: Counter,
  visit: Visit,
  policies: readonly Policy[],
  from: number,
): Outcome | Promise<Outcome> => {
  for (let index = from; index < policies.length; index += 1) {
    const policy = policies[index] as Policy
    const verdict = counter.take(policy, visit.client.key)
    if (verdict instanceof Promise) {
      return verdict.then((late) => {
        note(visit, { policy, verdict: late })
        return late.allowed ? take(counter, visit, policies, index + 1) : limited(visit, policy.name)
      })
    }
    note(visit, { policy, verdict })
    if (!verdict.allowed) return limited(visit, policy.name)
  }
  return undefined
}
