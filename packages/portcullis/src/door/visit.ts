import type { Client } from '../client/index.ts'
import type { Principal } from '../layers/access/index.ts'
import type { Taken } from '../layers/limits/index.ts'
import { RateLimits, rateLimitFields } from '../layers/limits/index.ts'
import type { OwnFields, ProblemCode, ProblemDocument, SharedFields } from '../response/index.ts'
import { AnswerFields, JoinedFields, ownFields, problemDocument, securityFields } from '../response/index.ts'
import type { SecurityEvents } from './events.ts'
import type { Admitted, Refused, RequestFacts } from './request.ts'

/** One request on its way through the door: what the steps before have found out. */
export interface Visit {
  readonly facts: RequestFacts
  readonly events: SecurityEvents
  client: Client
  /** The fields that every answer to this origin has. */
  shared: SharedFields
  taken: readonly Taken[]
  principal: Principal | undefined
}

/** A step goes on (undefined) or refuses. */
export type Outcome = Refused | undefined

/** One step of the way; it answers at once when the store behind it does. A throw is a refusal. */
export type Step = (visit: Visit) => Outcome | Promise<Outcome>

const NOBODY: Client = Object.freeze({ address: '', key: '', viaProxy: false })
const NOTHING: readonly Taken[] = Object.freeze([])
const NO_FIELDS: OwnFields = ownFields({})

/** The bearer of a service key: admitted to one route, no account. */
export const SERVICE: Principal = Object.freeze({ id: 'service', roles: Object.freeze([]), sessionId: '' })

export const arrive = (facts: RequestFacts, events: SecurityEvents): Visit => ({
  facts,
  events,
  client: NOBODY,
  shared: securityFields,
  taken: NOTHING,
  principal: undefined,
})

/** Nothing refused: the request may go on. */
export const admitted = (visit: Visit): Admitted => new Admission(visit)

class Admission implements Admitted {
  readonly admitted = true
  readonly principal: Principal | undefined
  readonly client: Client
  readonly fields: AnswerFields

  constructor({ principal, client, shared, taken }: Visit) {
    this.principal = principal
    this.client = client
    this.fields = new AnswerFields(shared, new RateLimits(taken))
  }

  get headers(): Readonly<Record<string, string>> {
    return this.fields.all
  }
}

/** Answered here. */
export class Refusal implements Refused {
  readonly admitted = false
  readonly status: number
  readonly problem: ProblemDocument | undefined
  readonly fields: AnswerFields
  readonly cause?: unknown

  constructor(answer: Pick<Refused, 'status' | 'problem' | 'fields' | 'cause'>) {
    this.status = answer.status
    this.problem = answer.problem
    this.fields = answer.fields
    if (answer.cause !== undefined) this.cause = answer.cause
  }

  get headers(): Readonly<Record<string, string>> {
    return this.fields.all
  }
}

/** Who, from where, to which route: for events. Ids and patterns only. */
export const about = ({ facts, client, principal }: Visit): Record<string, string | undefined> => ({
  method: facts.method,
  route: facts.route?.path,
  client: client.address,
  actor: principal?.id,
})

/** A refusal carries CORS and the limits too. */
const refusal = ({ shared }: Visit, problem: ProblemDocument, own: OwnFields, cause?: unknown): Refused =>
  new Refusal({ status: problem.status, problem, fields: new AnswerFields(shared, own), cause })

/** Where the client stands, and what a refusal says besides. */
const withLimits = ({ taken }: Visit, fields: OwnFields): OwnFields => new JoinedFields(new RateLimits(taken), fields)

/** Refuses with a problem of the table. */
export const refuse = (visit: Visit, code: ProblemCode, fields = NO_FIELDS): Refused => {
  const problem = problemDocument(code)
  visit.events.publish('refused', { status: problem.status, reason: code, ...about(visit) })
  return refusal(visit, problem, withLimits(visit, fields))
}

/** Refuses whatever was wrong with a credential by one answer; the reason is for the log. RFC 6750 §3. */
export const unauthenticated = (visit: Visit, reason: string): Refused => {
  visit.events.publish('refused', { status: 401, reason, ...about(visit) })
  // §3.1: no error code when no credential was sent; the same one whatever was wrong with it.
  const challenge = reason === 'no-credential' ? CHALLENGE : INVALID_TOKEN
  return refusal(visit, problemDocument('unauthenticated'), withLimits(visit, challenge))
}

const CHALLENGE = ownFields({ 'www-authenticate': 'Bearer' })
const INVALID_TOKEN = ownFields({ 'www-authenticate': 'Bearer error="invalid_token"' })

/** Refuses a client whose quota is used up. */
export const limited = (visit: Visit, policy: string): Refused => {
  visit.events.publish('limited', { policy, ...about(visit) })
  return refusal(visit, usedUp(policy), ownFields(rateLimitFields(visit.taken)))
}

/** One for each policy, and so bounded: their names come from settings and routes. */
const usedUp = (policy: string): ProblemDocument => {
  const known = usedUpOf.get(policy)
  if (known !== undefined) return known
  const problem = Object.freeze(problemDocument('quota-exceeded', { violatedPolicies: [policy] }))
  usedUpOf.set(policy, problem)
  return problem
}

const usedUpOf = new Map<string, ProblemDocument>()

/** Refuses because something behind a step broke: nothing passes by accident. */
export const broken = (visit: Visit, cause: unknown): Refused => {
  visit.events.publish('unavailable', about(visit))
  return refusal(visit, problemDocument('unavailable'), withLimits(visit, AGAIN), cause)
}

const AGAIN = ownFields({ 'retry-after': '1' })
