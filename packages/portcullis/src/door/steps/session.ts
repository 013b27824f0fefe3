import { createHash, timingSafeEqual } from 'node:crypto'
import { authenticated } from '../../layers/access/index.ts'
import type { IssuerVerified, Verified } from '../../layers/sessions/index.ts'
import { bearerToken } from '../../layers/sessions/index.ts'
import type { DoorParts } from '../order.ts'
import type { Outcome, Step, Visit } from '../visit.ts'
import { SERVICE, unauthenticated } from '../visit.ts'

/**
 * Demands a session unless the route's rule is public. A request that matched no route needs one too, so that nobody can list
 * the routes from outside.
 */
export const session =
  ({ tokens, sessions }: Pick<DoorParts, 'tokens' | 'sessions'>): Step =>
  (visit) => {
    const { route, notFoundRule, credentials, headers } = visit.facts
    const rule = route?.rule ?? notFoundRule ?? authenticated
    if (rule.kind === 'public') return undefined
    if (credentials > 1) return unauthenticated(visit, 'two-credentials')
    const field = headers['authorization']
    // What was verified before had its form: the commonest request is done here.
    const recalled = typeof field === 'string' ? tokens.recall?.(field) : undefined
    if (recalled !== undefined) return recognise(visit, recalled, sessions)
    const token = bearerToken(field)
    if (token === undefined) return unauthenticated(visit, 'no-credential')
    if (token === null) return unauthenticated(visit, 'malformed-credential')
    if (rule.kind === 'service-key' && timingSafeEqual(createHash('sha256').update(token).digest(), rule.digest)) {
      visit.principal = SERVICE
      return undefined
    }
    const verified = tokens.verify(token)
    return verified instanceof Promise
      ? verified.then((late) => recognise(visit, late, sessions))
      : recognise(visit, verified, sessions)
  }

const NO_ROLES: readonly string[] = Object.freeze([])

const recognise = (
  visit: Visit,
  verified: Verified | IssuerVerified,
  sessions: DoorParts['sessions'],
): Outcome | Promise<Outcome> => {
  if (!verified.ok) return unauthenticated(visit, verified.reason)
  const { claims } = verified
  // Our own tokens say nothing of roles: those are asked for in the next step.
  visit.principal = { id: claims.sub, roles: 'roles' in claims ? claims.roles : NO_ROLES, sessionId: claims.sid }
  const active = sessions.check(claims)
  if (active instanceof Promise)
    return active.then((late) => (late === true ? undefined : unauthenticated(visit, 'session-over')))
  return active === true ? undefined : unauthenticated(visit, 'session-over')
}
