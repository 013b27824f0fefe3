import type { Client } from '../client/index.ts'
import type { AccessRule, Principal, RuleRequest } from '../layers/access/index.ts'
import type { Policy } from '../layers/limits/index.ts'
import type { AnswerFields, ProblemDocument } from '../response/index.ts'
import type { BodyRule } from './steps/content.ts'

/** Header fields by lower-case name, as `node:http` gives them. */
export type HeaderFields = Readonly<Record<string, string | undefined>>

/** What the door knows of a route, compiled at start. */
export interface DoorRoute {
  /** The pattern, `/orders/:id`, for events. */
  readonly path: string
  readonly rule: AccessRule
  /** The quotas of this route, taken after the rule was decided. */
  readonly policies: readonly Policy[]
  readonly body: BodyRule
}

/** The facts of a request that an adapter hands over. */
export interface RequestFacts extends RuleRequest {
  /** The request target as it came on the wire. */
  readonly target: string
  /** The peer's address; undefined for a unix socket. */
  readonly peer: string | undefined
  readonly headers: HeaderFields
  /** How many Authorization fields were sent: `headers` shows one of them only. */
  readonly credentials: number
  /** How many Host fields were sent; likewise. */
  readonly hosts: number
  /** '1.1', '1.0', '2.0' */
  readonly httpVersion: string
  /** A body follows that neither Content-Length nor Transfer-Encoding tells of, as HTTP/2 may have it (RFC 9113 §8.1.1). */
  readonly unannounced: boolean
  /** Undefined when no route matched. */
  readonly route: DoorRoute | undefined
  /** The rule of the group whose own 404 handler answers when no route matched; a session is needed in any case. */
  readonly notFoundRule: AccessRule | undefined
}

/** The request may go on to its handler. */
export interface Admitted {
  readonly admitted: true
  /** Undefined on public routes only. */
  readonly principal: Principal | undefined
  readonly client: Client
  readonly fields: AnswerFields
  /** Every header field to send, put together when it is read. */
  readonly headers: Readonly<Record<string, string>>
}

/** The request is answered here. */
export interface Refused {
  readonly admitted: false
  readonly status: number
  /** Undefined for the 204 that answers a preflight. */
  readonly problem: ProblemDocument | undefined
  readonly fields: AnswerFields
  /** Every header field to send, put together when it is read. */
  readonly headers: Readonly<Record<string, string>>
  /** For the log, never for the caller. */
  readonly cause?: unknown
}

/** What the door answers: one of two, nothing else. */
export type Admission = Admitted | Refused
