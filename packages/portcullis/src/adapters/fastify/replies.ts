import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { ProblemCode, ProblemDocument } from '../../response/index.ts'
import { Problem, problemDocument } from '../../response/index.ts'
import { logError } from './logging.ts'
import { STATUS_CODES } from './node-http.ts'

/** Fastify's own refusals that are ours by another name. Its messages echo what was sent, so none of them goes out. */
const byFastifyCode: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-refused',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed-body',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-body',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-body',
  FST_ERR_BAD_URL: 'malformed-request',
}

/** Those whose sentence is true of any handler: that of `conflict` speaks of accounts. */
const byStatus: Readonly<Record<number, ProblemCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  413: 'body-too-large',
  415: 'media-type-refused',
  503: 'unavailable',
}

/**
 * Sends a problem document. By a serializer of its own: to other text Fastify adds a charset, which application/problem+json has not
 * (RFC 9457 §6.1); and bytes, which it leaves alone, Node would write apart from the head.
 */
export const sendProblem = (
  reply: FastifyReply,
  problem: ProblemDocument,
  headers: Readonly<Record<string, string>> = NO_HEADERS,
): void => {
  reply.code(problem.status)
  if (headers !== NO_HEADERS) reply.headers(headers)
  reply.type('application/problem+json').serializer(asItIs).send(textOf(problem))
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})
const asItIs = (text: string): string => text

const textOf = (problem: ProblemDocument): string => {
  const known = texts.get(problem)
  if (known !== undefined) return known
  const text = JSON.stringify(problem)
  // The table's own: the same object each time.
  if (Object.isFrozen(problem)) texts.set(problem, text)
  return text
}

const texts = new WeakMap<ProblemDocument, string>()

/** Answers whatever a handler threw: a Problem as it is, a refusal of Fastify's or of its schemas by the table, the rest as 500. */
export const errorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
  if (reply.sent) {
    logError(request.log, error, 'something failed after the answer')
    return
  }
  if (error instanceof Problem) {
    sendProblem(reply, error.document, error.headers)
    return
  }
  const problem = safely(error)
  if (problem.status >= 500) logError(request.log, error, 'a handler failed')
  sendProblem(reply, problem, problem.status === 503 ? { 'retry-after': '1' } : {})
}

/** Anything can be thrown, also what throws once more when it is read: Fastify would answer that with its text. */
const safely = (error: unknown): ProblemDocument => {
  try {
    return problemOf(Object(error))
  } catch {
    return problemDocument('internal')
  }
}

const problemOf = (error: FastifyError): ProblemDocument => {
  if (Array.isArray(error.validation)) {
    const errors = error.validation
      .slice(0, 20)
      .map(({ instancePath, keyword }) => ({ field: instancePath, problem: `does not satisfy ${keyword}` }))
    return problemDocument('invalid', { errors })
  }
  const known = Object.hasOwn(byFastifyCode, error.code) ? byFastifyCode[error.code] : undefined
  if (known !== undefined) return problemDocument(known)
  const status = Number.isInteger(error.statusCode) ? Number(error.statusCode) : 500
  return (status >= 400 && status < 500) || status === 503 ? problemOfStatus(status) : problemDocument('internal')
}

/** What somebody threw with a status: the status is theirs, the text the table's. `throw new Problem(…)` says more. */
const problemOfStatus = (status: number): ProblemDocument => {
  const code = byStatus[status]
  if (code !== undefined) return problemDocument(code)
  const title = STATUS_CODES[status] ?? 'Refused'
  return { type: 'about:blank', title, status, detail: title }
}
