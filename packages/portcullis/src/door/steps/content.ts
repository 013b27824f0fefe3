import { isJson } from '../../layers/validation/index.ts'
import type { ProblemCode } from '../../response/index.ts'
import type { HeaderFields, RequestFacts } from '../request.ts'
import type { Step } from '../visit.ts'
import { refuse } from '../visit.ts'

/** What a route takes as its body. */
export interface BodyRule {
  /** False when the route has no body schema: then any body is refused. */
  readonly taken: boolean
  /** True when nothing may be sent in its place: of a refresh whose token is in the cookie. */
  readonly optional: boolean
  /** bytes */
  readonly limit: number
  /** Media types besides JSON that the route names: `multipart/form-data`. The schema is the route's, whatever the type. */
  readonly contentTypes: readonly string[]
}

/** Refuses a body that the route does not take, and what it is sent on a condition that nobody here meets. */
export const content: Step = (visit) => {
  const { route, headers, unannounced } = visit.facts
  if (route === undefined) return undefined
  const problem = expectsMore(visit.facts) ? 'expectation-failed' : judgeContent(headers, route.body, unannounced)
  return problem === undefined ? undefined : refuse(visit, problem)
}

/** RFC 9110 §10.1.1: of HTTP/1.0 none is heard. */
const expectsMore = ({ headers, httpVersion }: RequestFacts): boolean =>
  headers['expect'] !== undefined && httpVersion !== '1.0' && headers['expect'].toLowerCase() !== '100-continue'

/** Whether a body follows (RFC 9112 section 6.3), by the header fields or, where they don't tell of it, by what else is known. */
export const hasBody = (headers: HeaderFields, unannounced: boolean): boolean =>
  unannounced || headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

/**
 * Judges a body by its header fields, before a byte of it is read.
 *
 * @param unannounced whether one follows that they don't tell of
 * @returns the problem, or undefined when the body may be read (or there is none)
 */
export const judgeContent = (headers: HeaderFields, rule: BodyRule, unannounced: boolean): ProblemCode | undefined => {
  if (!hasBody(headers, unannounced)) return undefined
  if (!rule.taken) return 'unexpected-body'
  // A coding would hide the body from its limit (a gzip bomb) and from the schema.
  const coding = headers['content-encoding']
  if (coding !== undefined && coding !== 'identity') return 'media-type-refused'
  if (!isTaken(headers['content-type'], rule)) return 'media-type-refused'
  const isLong = headers['transfer-encoding'] === undefined && Number(headers['content-length']) > rule.limit
  return isLong ? 'body-too-large' : undefined
}

const isTaken = (contentType: string | undefined, rule: BodyRule): boolean => {
  if (isJson(contentType)) return true
  const essence = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  return essence !== undefined && rule.contentTypes.includes(essence)
}
