import type { Principal } from '../../layers/access/index.ts'
import type { DoorParts } from '../order.ts'
import type { Outcome, Step, Visit } from '../visit.ts'
import { SERVICE, unauthenticated } from '../visit.ts'

/** What is known of an account: its id and, when it has any, its roles. */
export interface Identity {
  readonly id: string | number
  readonly roles?: readonly string[]
}

/** Looks an account up on the server. Null when there is none, or it is disabled. */
export type Identify = (userId: string) => Identity | null | undefined | Promise<Identity | null | undefined>

/** Asks the server who the account is now: its token says nothing of roles, and can't be old. */
export const identity =
  ({ identify }: Pick<DoorParts, 'identify'>): Step =>
  (visit) => {
    const { principal } = visit
    if (identify === undefined || principal === undefined || principal === SERVICE) return undefined
    const found = identify(principal.id)
    return isLater(found)
      ? Promise.resolve(found).then((late) => recognise(visit, principal, late))
      : recognise(visit, principal, found)
  }

/** What Prisma, Drizzle, Knex and Mongoose answer is no Promise, and asks the database only when somebody calls its `then`. */
const isLater = (found: ReturnType<Identify>): found is Promise<Identity | null | undefined> =>
  typeof Object(found).then === 'function'

const recognise = (visit: Visit, { id, sessionId }: Principal, found: Identity | null | undefined): Outcome => {
  if (found === null || found === undefined) return unauthenticated(visit, 'no-account')
  if (found.id !== id && String(found.id) !== id)
    throw new TypeError(
      'identify() answered another account than it was asked for: its `id` must be the one that was asked.',
    )
  const roles = found.roles ?? []
  // 'superadmin'.includes('admin') is true: only a list of roles may be asked.
  if (!Array.isArray(roles)) throw new TypeError('identify() must answer roles as a list of names.')
  visit.principal = { id, roles, sessionId }
  return undefined
}
