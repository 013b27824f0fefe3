import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { propertyNames } from '../../layers/validation/index.ts'
import type { ProblemCode, ProblemDocument } from '../../response/index.ts'
import { Problem, problemDocument } from '../../response/index.ts'
import { giveSecurityFields } from './answer-fields.ts'
import type { AnyReply, AnyRequest } from './any-application.ts'
import { logError } from './logging.ts'
import { STATUS_CODES } from './node-http.ts'
import { places } from './schemas.ts'

/** Fastify's own refusals that are ours by another name. Its messages echo what was sent, so none of them goes out. */
const byFastifyCode: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-refused',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed-body',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-body',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-body',
  FST_ERR_BAD_URL: 'malformed-request',
}

const PROBLEM_TYPE = 'application/problem+json'

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
export const sendProblem = (reply: FastifyReply, problem: ProblemDocument): void => {
  reply.code(problem.status).type(PROBLEM_TYPE).serializer(asItIs).send(textOf(problem))
}

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

/**
 * Answers whatever a handler threw: a Problem as it is, a refusal of Fastify's or of its schemas by the table, the rest as 500. Anything
 * can be thrown, also what throws once more when it is read, and Fastify would answer that in its own words. An
 * application's own error handler ends with it.
 */
export const errorHandler = (error: unknown, request: AnyRequest, reply: AnyReply): void =>
  answerError(error, request as FastifyRequest, reply as FastifyReply)

const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
  if (reply.sent) {
    logError(request.log, error, 'something failed after the answer')
    return
  }
  try {
    giveSecurityFields(reply.raw)
    standInForLast(reply)
    answer(error, request, reply)
  } catch (second) {
    logError(request.log, error, 'a handler failed')
    lastHandler(second, request, reply)
  }
}

/** Beneath Fastify, and without anything that was set: its hooks, or a field that Node refuses, may be what failed. */
const lastHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
  logError(request.log, error, 'the problem could not be sent')
  const { raw } = reply
  reply.hijack()
  try {
    for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
    forgetReason(raw)
    // Somebody may have set that the connection ends.
    raw.shouldKeepAlive = false
    const problem = problemDocument('internal')
    const text = textOf(problem)
    raw.writeHead(problem.status, { 'content-type': PROBLEM_TYPE, 'content-length': Buffer.byteLength(text) }).end(text)
  } catch {
    // A part of an answer is out: it is cut, so that nobody takes it for a whole one.
    raw.destroy()
  }
}

const LAST = { func: lastHandler }

/**
 * When a hook fails with the problem too, Fastify goes on to the next error handler, which is its own: that sends the hook's message. It
 * keeps it under a symbol, and has it there by now.
 */
const standInForLast = (reply: FastifyReply): void => {
  const next = Object.getOwnPropertySymbols(reply).find(
    ({ description }) => description === 'fastify.reply.nextErrorHandler',
  )
  if (next !== undefined) Reflect.set(reply, next, LAST)
}

const answer = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
  const known = error instanceof Problem
  const problem = known ? error.document : problemOf(Object(error), request)
  for (const name of Object.keys(reply.getHeaders())) if (OF_SUCCESS.test(name)) reply.removeHeader(name)
  if (known) reply.headers(error.headers)
  for (const [name, value] of Object.entries(WITH_STATUS[problem.status] ?? {}))
    if (!reply.hasHeader(name)) reply.header(name, value)
  setOnRaw(reply)
  forgetReason(reply.raw)
  sendProblem(reply, problem)
  if (!known && problem.status >= 500) logError(request.log, error, 'a handler failed')
}

/** What goes with a status that somebody threw, and says no more of it: RFC 9110, section 15.5.2; and the details of a 429 and a 503 speak of Retry-After. */
const WITH_STATUS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'www-authenticate': 'Bearer' },
  429: { 'retry-after': '60' },
  503: { 'retry-after': '1' },
}

/**
 * What a handler says of the answer that it meant to give: how long a cache may keep it, how it is coded, what it is of, where to go. Left
 * on a failure, a shared cache would give that to everybody (RFC 9111 §4.2.1, RFC 9213), and no client could read it. Whatever else was
 * set stays: cookies, ids, fields of a hook; and a Problem may bring such fields of its own.
 */
const OF_SUCCESS =
  /^(?:cache-control|(?:[\w-]+-)?cdn-cache-control|surrogate-(?:control|key)|x-accel-.*|x-sendfile|pragma|expires|age|etag|last-modified|accept-ranges|location|refresh|(?:repr-)?digest|transfer-encoding|content-.*)$/i

/** Node refuses a field when it is set, or else when the head is written: after hooks that wait, where only Fastify hears of it. */
const setOnRaw = (reply: FastifyReply): void => {
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
}

/** A head that could not be written, or a handler, has left one that goes with another status: `500 OK`. Node chooses anew. */
const forgetReason = (raw: object): void => {
  Reflect.deleteProperty(raw, 'statusMessage')
}

const NO_PARSER = 'the route names this media type in contentTypes, and no parser reads it: app.addContentTypeParser'

const problemOf = (error: FastifyError, request: FastifyRequest): ProblemDocument => {
  if (Array.isArray(error.validation)) {
    const part = error.validationContext ?? 'body'
    const field = fieldsOf(part, request)
    const errors = error.validation.slice(0, 20).map(({ instancePath, keyword }) => ({
      in: places[part],
      field: field(instancePath),
      problem: `does not satisfy ${keyword}`,
    }))
    return problemDocument('invalid', { errors })
  }
  // The door lets through what the route names: its author forgot the parser.
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') request.log.error({ route: request.routeOptions.url }, NO_PARSER)
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

/** Names the fields of one input, as zod's are named: a place in a list, or a name that the schemas have; whatever else came from outside. */
const fieldsOf = (part: string, request: FastifyRequest): ((pointer: unknown) => string) => {
  const names = namesOf(Object(Reflect.get(Object(request.routeOptions.schema), part)), request)
  const sent: unknown = Reflect.get(request, part === 'querystring' ? 'query' : part)
  return (pointer) => {
    let value = sent
    const segments = typeof pointer === 'string' ? pointer.split('/').slice(1) : []
    return segments
      .map((segment) => {
        const name = segment.replaceAll('~1', '/').replaceAll('~0', '~')
        const kept = Array.isArray(value) || names.has(name)
        value = Reflect.get(Object(value), name)
        return kept ? `/${segment}` : '/*'
      })
      .join('')
  }
}

/** The names in a schema, and in those that the application shares, which it may refer to. */
const namesOf = (schema: object, request: FastifyRequest): ReadonlySet<string> => {
  const known = namesKnown.get(schema)
  if (known !== undefined) return known
  const written = [...propertyNames([schema, request.server.getSchemas()])]
  // Fastify asks for header fields in lower case, however they are written.
  const names = new Set([...written, ...written.map((name) => name.toLowerCase())])
  namesKnown.set(schema, names)
  return names
}

const namesKnown = new WeakMap<object, ReadonlySet<string>>()
