import type { ClientReader } from '../client/index.ts'
import type { Counter, Policy } from '../layers/limits/index.ts'
import type { IssuerTokens, IssuerVerified, Sessions, Verified } from '../layers/sessions/index.ts'
import type { Cors } from '../response/index.ts'
import type { SecurityEvents } from './events.ts'
import { inTime } from './in-time.ts'
import type { Admission, RequestFacts } from './request.ts'
import { access } from './steps/access.ts'
import { client } from './steps/client.ts'
import { content } from './steps/content.ts'
import { crossOrigin, otherOptions } from './steps/cross-origin.ts'
import type { Identify } from './steps/identity.ts'
import { identity } from './steps/identity.ts'
import { clientQuota, routeQuota } from './steps/quota.ts'
import { session } from './steps/session.ts'
import { target } from './steps/target.ts'
import type { Step, Visit } from './visit.ts'
import { admitted, arrive, broken } from './visit.ts'

/** The layers, prepared at start. */
export interface DoorParts {
  readonly client: ClientReader
  /** The one header field that trusted proxies write. */
  readonly forwardedHeader: string
  readonly cors: Cors
  readonly counter: Counter
  readonly clientPolicy: Policy
  readonly tokens: {
    verify(token: string): Verified | ReturnType<IssuerTokens['verify']>
    /** What `verify` would answer to the token of this Authorization field, where it remembers it. */
    recall?(authorization: string): Verified | IssuerVerified | undefined
  }
  readonly sessions: Pick<Sessions, 'check'>
  /** Undefined where the token's issuer is believed. */
  readonly identify: Identify | undefined
  readonly events: SecurityEvents
}

/** The door: the facts of a request in, an admission out. Answers at once when every store does. */
export type Door = (facts: RequestFacts) => Admission | Promise<Admission>

/**
 * Builds the door. `way` is the way of a request, in the order it runs; each step goes on or refuses. A step that throws has
 * refused: a broken store answers 503, and so does one that answers nothing in time; nothing passes by accident.
 */
export const door = (parts: DoorParts): Door => {
  const way: readonly Step[] = [
    client(parts), //        who is calling, behind the trusted proxies
    crossOrigin(parts), //   CORS fields; a preflight is answered here
    clientQuota(parts), //   429
    otherOptions, //         403, 405: OPTIONS that is no preflight of a known origin
    target, //               400 for a path with two readings
    session(parts), //       401 unless the rule is public
    identity(parts), //      401; the roles as the server knows them now
    access, //               403, or 404 where existence is hidden
    routeQuota(parts), //    429
    content, //              400, 413, 415, 417 before a byte of the body is read
  ]

  const walk = (visit: Visit, from: number): Admission | Promise<Admission> => {
    for (let index = from; index < way.length; index += 1) {
      const outcome = (way[index] as Step)(visit)
      if (outcome === undefined) continue
      return outcome instanceof Promise ? outcome.then((late) => late ?? walk(visit, index + 1)) : outcome
    }
    return admitted(visit)
  }

  return (facts) => {
    const visit = arrive(facts, parts.events)
    try {
      const admission = walk(visit, 0)
      return admission instanceof Promise
        ? inTime(admission).catch((cause: unknown) => broken(visit, cause))
        : admission
    } catch (cause) {
      return broken(visit, cause)
    }
  }
}
