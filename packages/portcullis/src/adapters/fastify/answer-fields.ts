import type { IncomingMessage, ServerResponse as NodeResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import { AnswerFields, fieldLines, securityFields } from '../../response/index.ts'
import { ServerResponse } from './node-http.ts'

const FIELDS: unique symbol = Symbol('portcullis.fields')

/** Node's types leave no place for what it takes: headers behind a reason that is undefined. */
type WriteHead = (this: NodeResponse, status: number, reason?: unknown, headers?: unknown) => NodeResponse

/** What is known of an answer until its head is written. */
interface Pending {
  readonly fields: AnswerFields
  /** The `writeHead` that the answer had. */
  readonly writeHead: WriteHead
}

interface Answer extends NodeResponse {
  [FIELDS]?: Pending
  /** The head as Node has written it, to the empty line that ends it. Not documented; express, morgan and on-headers read it too. */
  _header?: string | null
}

const plainWriteHead = ServerResponse.prototype.writeHead as WriteHead

/** Whether this Node keeps the head where it is looked for. */
const canFollow = (() => {
  const probe: Answer = new ServerResponse({
    method: 'GET',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
  } as IncomingMessage)
  probe.writeHead(200)
  return typeof probe._header === 'string' && probe._header.endsWith('\r\n\r\n')
})()

/** Gives an answer the door's header fields, which are put in when its head is written; one that is set by then takes the place of the door's. */
export const giveFields = (reply: FastifyReply, fields: AnswerFields): void => give(reply.raw, fields)

const give = (answer: Answer, fields: AnswerFields): void => {
  const given = answer[FIELDS]
  // An application may route one request twice, from a handler.
  answer[FIELDS] = { fields, writeHead: given?.writeHead ?? (answer.writeHead as WriteHead) }
  if (given === undefined) answer.writeHead = writeHead
}

/** Gives an answer what is known before anybody is: for one that is made before the door has spoken. */
export const giveSecurityFields = (answer: Answer): void => {
  if (answer[FIELDS] === undefined) give(answer, EARLY)
}

const EARLY = new AnswerFields(securityFields, Object.freeze({}))

/** The fields that an answer will have, the door's too: for who puts a whole head together, a proxy. */
export const replyFields = (reply: FastifyReply): Readonly<Record<string, unknown>> => ({
  ...(reply.raw as Answer)[FIELDS]?.fields.all,
  ...reply.getHeaders(),
})

/**
 * Node looks at each field of each answer, and eleven that are the same every time cost an eighth of a whole request. So they are
 * looked at once, and follow the head as the lines they are. Where that can't be they are set one by one: beside a field of the same
 * name, in an answer to `inject`, over HTTP/2, and of a Node that keeps its head elsewhere.
 */
function writeHead(this: Answer, status: number, reason?: unknown, headers?: unknown): NodeResponse {
  const { fields, writeHead: write } = this[FIELDS] as Pending
  // As Node reads them: wrappers hand on what they were not given.
  const said = typeof reason === 'string'
  const given = said ? headers : (headers ?? reason)
  if (!canFollow || write !== plainWriteHead || !isPlain(this, given, fields)) {
    const varied = withVary(this, given, fields.shared.fields['vary'])
    setOneByOne(this, varied, fields)
    // Once a field is set, Node takes a flat list only.
    const flat = isPairs(varied) ? varied.flat() : varied
    return said ? write.call(this, status, reason, flat) : write.call(this, status, flat)
  }
  const lines = fields.shared.lines + fieldLines(fields.own)
  write.call(this, status, reason, headers)
  this._header = `${(this._header as string).slice(0, -2)}${lines}\r\n`
  return this
}

/** Whether nothing is set or given that is one of the door's fields, or might be. */
const isPlain = (answer: Answer, given: unknown, { shared, own }: AnswerFields): boolean => {
  // A Connection field is not only told: Node acts on it.
  if (Array.isArray(given) || answer.getHeaderNames().length > 0 || 'connection' in own) return false
  if (typeof given !== 'object') return true
  for (const name in given) {
    const lower = name.toLowerCase()
    if (lower in shared.fields || lower in own) return false
  }
  return true
}

const setOneByOne = (answer: Answer, given: unknown, fields: AnswerFields): void => {
  const names = namesOf(given)
  for (const [name, value] of Object.entries(fields.all))
    if (!names.has(name) && !answer.hasHeader(name)) answer.setHeader(name, value)
}

/**
 * A `Vary` of the handler's own says more, and takes nothing back (RFC 9110 §12.5.5): without `Origin` a cache would give one page the
 * answer that names another's origin.
 */
const withVary = (answer: Answer, given: unknown, vary: string | undefined): unknown => {
  if (vary === undefined) return given
  const join = (own: unknown): string => {
    const text = [own].flat().join(', ')
    return text.split(',').some((name) => ['*', vary.toLowerCase()].includes(name.trim().toLowerCase()))
      ? text
      : `${text}, ${vary}`
  }
  if (answer.hasHeader('vary')) answer.setHeader('vary', join(answer.getHeader('vary')))
  if (isPairs(given)) return given.map(([name, value]) => [name, isVary(name) ? join(value) : value])
  if (Array.isArray(given))
    return given.map((one, index) => (index % 2 === 1 && isVary(given[index - 1]) ? join(one) : one))
  if (typeof given !== 'object' || given === null) return given
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, isVary(name) ? join(value) : value]))
}

/** writeHead takes names and values in turn, a value may be a list; or pairs. */
const isPairs = (given: unknown): given is readonly (readonly unknown[])[] =>
  Array.isArray(given) && Array.isArray(given[0])

const isVary = (name: unknown): boolean => String(name).toLowerCase() === 'vary'

/** Names in lower case, from what writeHead takes: an object, names and values in turn, or pairs. */
const namesOf = (given: unknown): ReadonlySet<string> => {
  const flat: unknown = isPairs(given) ? given.flat() : given
  const names = Array.isArray(flat)
    ? flat.filter((_, index) => index % 2 === 0)
    : Object.keys(typeof flat === 'object' && flat !== null ? flat : {})
  return new Set(names.map((name) => String(name).toLowerCase()))
}
