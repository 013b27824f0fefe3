import { createHash, timingSafeEqual } from 'node:crypto'
import type { Client, ClientReader } from '../client/index.ts'
import type { Principal } from '../layers/access/index.ts'
import { authenticated, decide } from '../layers/access/index.ts'
import type { Counter, Policy, Taken } from '../layers/limits/index.ts'
import { rateLimitFields } from '../layers/limits/index.ts'
import type { AccessTokens, Sessions } from '../layers/sessions/index.ts'
import { bearerToken } from '../layers/sessions/index.ts'
import type { Cors, ProblemCode } from '../response/index.ts'
import { problemDocument, securityHeaders } from '../response/index.ts'
import { judgeContent } from './content.ts'
import type { SecurityEvents } from './events.ts'
import type { Admission, Refused, RequestFacts } from './request.ts'
import { isPlainTarget } from './target.ts'

/** Looks an account up on the server. Null when there is none, or it is disabled. */
export type Identify = (userId: string) => Identity | null | undefined | Promise<Identity | null | undefined>

/** What is known of an account: its id and, when it has any, its roles. */
export interface Identity {
  readonly id: string | number
  readonly roles?: readonly string[]
}

/** The layers, prepared at start. */
export interface DoorParts {
  readonly client: ClientReader
  /** The one header field that trusted proxies write. */
  readonly forwardedHeader: string
  readonly cors: Cors
  readonly counter: Counter
  readonly clientPolicy: Policy
  readonly tokens: AccessTokens
  readonly sessions: Pick<Sessions, 'check'>
  readonly identify: Identify
  readonly events: SecurityEvents
}

/** The door: the facts of a request in, an admission out. Answers at once when every store does. */
export type Door = (facts: RequestFacts) => Admission | Promise<Admission>

/** One request on its way. */
interface Visit {
  readonly facts: RequestFacts
  client: Client
  cors: Readonly<Record<string, string>>
  readonly taken: Taken[]
  principal: Principal | undefined
}

/** Goes on (undefined) or refuses. */
type Outcome = Refused | undefined
type Step = (visit: Visit) => Outcome | Promise<Outcome>

/**
 * Builds the door. `way` is the way of a request, in the order it runs; each step goes on or refuses, and a step that throws
 * has refused: a broken store answers 503, and nothing passes by accident.
 */
export const door = (parts: DoorParts): Door => {
  const { counter, events } = parts

  const client: Step = (visit) => {
    visit.client = parts.client(visit.facts.peer, visit.facts.headers[parts.forwardedHeader])
    return undefined
  }

  const target: Step = (visit) => (isPlainTarget(visit.facts.target) ? undefined : refuse(visit, 'malformed-request'))

  const crossOrigin: Step = (visit) => {
    const { headers, method, route } = visit.facts
    visit.cors = parts.cors.fields(headers['origin'])
    if (method !== 'OPTIONS') return undefined
    const preflight = parts.cors.preflight(headers['origin'], headers['access-control-request-method'])
    if (preflight !== undefined)
      return { admitted: false, status: 204, problem: undefined, headers: { ...securityHeaders, ...preflight } }
    if (headers['access-control-request-method'] !== undefined) return refuse(visit, 'origin-refused')
    // A route that the application registered for OPTIONS is judged like any other.
    return route === undefined ? refuse(visit, 'method-refused') : undefined
  }

  const clientQuota: Step = (visit) => take(visit, [parts.clientPolicy])

  const session: Step = (visit) => {
    const rule = visit.facts.route?.rule ?? authenticated
    if (rule.kind === 'public') return undefined
    if (visit.facts.credentials > 1) return unauthenticated(visit, 'two-credentials')
    const token = bearerToken(visit.facts.headers['authorization'])
    if (token === undefined) return unauthenticated(visit, 'no-credential')
    if (token === null) return unauthenticated(visit, 'malformed-credential')
    if (rule.kind === 'service-key' && timingSafeEqual(createHash('sha256').update(token).digest(), rule.digest)) {
      visit.principal = SERVICE
      return undefined
    }
    const verified = parts.tokens.verify(token)
    if (!verified.ok) return unauthenticated(visit, verified.reason)
    const { sub, sid } = verified.claims
    visit.principal = { id: sub, roles: [], sessionId: sid }
    const active = parts.sessions.check(verified.claims)
    if (active instanceof Promise)
      return active.then((late) => (late === true ? undefined : unauthenticated(visit, 'session-over')))
    return active === true ? undefined : unauthenticated(visit, 'session-over')
  }

  const identity: Step = (visit) => {
    const { principal } = visit
    if (principal === undefined || principal === SERVICE) return undefined
    const found = parts.identify(principal.id)
    return found instanceof Promise
      ? found.then((late) => recognise(visit, principal, late))
      : recognise(visit, principal, found)
  }

  const recognise = (visit: Visit, { id, sessionId }: Principal, found: Identity | null | undefined): Outcome => {
    if (found === null || found === undefined) return unauthenticated(visit, 'no-account')
    if (String(found.id) !== id) throw new TypeError('identify() answered with another account than it was asked for.')
    const roles = found.roles ?? []
    // 'superadmin'.includes('admin') is true: only a list of roles may be asked.
    if (!Array.isArray(roles)) throw new TypeError('identify() must answer roles as a list of names.')
    visit.principal = { id, roles, sessionId }
    return undefined
  }

  const access: Step = (visit) => {
    const { principal, facts } = visit
    if (principal === undefined || principal === SERVICE || facts.route === undefined) return undefined
    const decision = decide(facts.route.rule, principal, facts)
    return decision instanceof Promise ? decision.then((late) => decided(visit, late)) : decided(visit, decision)
  }

  const decided = (visit: Visit, decision: 200 | 403 | 404): Outcome =>
    decision === 200 ? undefined : refuse(visit, decision === 404 ? 'not-found' : 'forbidden')

  const routeQuota: Step = (visit) => {
    const policies = visit.facts.route?.policies
    return policies === undefined || policies.length === 0 ? undefined : take(visit, policies)
  }

  const content: Step = (visit) => {
    const { route, headers } = visit.facts
    const problem = route === undefined ? undefined : judgeContent(headers, route.body)
    return problem === undefined ? undefined : refuse(visit, problem)
  }

  const way: readonly Step[] = [
    client,
    target,
    crossOrigin,
    clientQuota,
    session,
    identity,
    access,
    routeQuota,
    content,
  ]

  /** Takes the quotas in turn; the first that is used up refuses. */
  const take = (visit: Visit, policies: readonly Policy[], from = 0): Outcome | Promise<Outcome> => {
    for (let index = from; index < policies.length; index += 1) {
      const policy = policies[index] as Policy
      const verdict = counter.take(policy, visit.client.key)
      if (verdict instanceof Promise) {
        return verdict.then((late) => {
          visit.taken.push({ policy, verdict: late })
          return late.allowed ? take(visit, policies, index + 1) : limited(visit, policy)
        })
      }
      visit.taken.push({ policy, verdict })
      if (!verdict.allowed) return limited(visit, policy)
    }
    return undefined
  }

  const limited = (visit: Visit, policy: Policy): Refused => {
    events.publish('limited', { policy: policy.name, ...about(visit) })
    return refusal(visit, 'quota-exceeded', {}, [policy.name])
  }

  const unauthenticated = (visit: Visit, reason: string): Refused => {
    events.publish('refused', { status: 401, reason, ...about(visit) })
    // RFC 6750 §3.1: no error code when no credential was sent; the same one whatever was wrong with it.
    return refusal(visit, 'unauthenticated', {
      'www-authenticate': reason === 'no-credential' ? 'Bearer' : 'Bearer error="invalid_token"',
    })
  }

  const refuse = (visit: Visit, code: ProblemCode): Refused => {
    const refused = refusal(visit, code)
    events.publish('refused', { status: refused.status, reason: code, ...about(visit) })
    return refused
  }

  const broken = (visit: Visit, cause: unknown): Refused => {
    events.publish('unavailable', about(visit))
    return { ...refusal(visit, 'unavailable', { 'retry-after': '1' }), cause }
  }

  const walk = (visit: Visit, from: number): Admission | Promise<Admission> => {
    for (let index = from; index < way.length; index += 1) {
      const outcome = (way[index] as Step)(visit)
      if (outcome instanceof Promise) return outcome.then((late) => late ?? walk(visit, index + 1))
      if (outcome !== undefined) return outcome
    }
    return { admitted: true, principal: visit.principal, client: visit.client, headers: fields(visit) }
  }

  return (facts) => {
    const visit: Visit = { facts, client: NOBODY, cors: NO_FIELDS, taken: [], principal: undefined }
    try {
      const admission = walk(visit, 0)
      return admission instanceof Promise ? admission.catch((cause: unknown) => broken(visit, cause)) : admission
    } catch (cause) {
      return broken(visit, cause)
    }
  }
}

const NOBODY: Client = { address: '', key: '', viaProxy: false }
const NO_FIELDS: Readonly<Record<string, string>> = Object.freeze({})
const SERVICE: Principal = Object.freeze({ id: 'service', roles: Object.freeze([]), sessionId: '' })

const fields = (visit: Visit): Record<string, string> => ({
  ...securityHeaders,
  ...visit.cors,
  ...rateLimitFields(visit.taken),
})

const refusal = (
  visit: Visit,
  code: ProblemCode,
  more: Readonly<Record<string, string>> = NO_FIELDS,
  violatedPolicies?: readonly string[],
): Refused => {
  const problem = problemDocument(code, violatedPolicies === undefined ? {} : { violatedPolicies })
  return { admitted: false, status: problem.status, problem, headers: { ...fields(visit), ...more } }
}

const about = ({ facts, client, principal }: Visit): Record<string, string | undefined> => ({
  method: facts.method,
  route: facts.route?.path,
  client: client.address,
  actor: principal?.id,
})
