import type { IncomingMessage, ServerResponse as NodeResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import { AnswerFields, ownFields, securityFields } from '../../response/index.ts'
import type { AnyReply } from './any-application.ts'
import { ServerResponse } from './node-http.ts'

const FIELDS: unique symbol = Symbol('portcullis.fields')

/** Node's types leave no place for what it takes: headers behind a reason that is undefined. */
type WriteHead = (this: NodeResponse, status: number, reason?: unknown, headers?: unknown) => NodeResponse

/** What is known of an answer until its head is written. */
interface Pending {
  readonly fields: AnswerFields
  /** The `writeHead` that the answer had. */
  readonly writeHead: WriteHead
  /** What stands behind the head's first line. */
  lines: string
}

/** Puts a head together: its first line, with the end of that, and the fields that were given. */
type StoreHeader = (this: NodeResponse, firstLine: string, headers: unknown) => void

/** What Node has and does not document. */
interface Answer extends NodeResponse {
  [FIELDS]?: Pending
  _storeHeader?: StoreHeader
  /** The head as it was put together. */
  readonly _header?: string | null
}

const plainWriteHead = ServerResponse.prototype.writeHead as WriteHead
const plainStoreHeader = (ServerResponse.prototype as Answer)._storeHeader as StoreHeader

/** Whether this Node puts a head together in the way that is taken here. */
const canInsert = (() => {
  const request = { method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 } as IncomingMessage
  const probe: Answer = new ServerResponse(request)
  probe._storeHeader = (firstLine, headers) => plainStoreHeader?.call(probe, `${firstLine}probe: 1\r\n`, headers)
  probe.writeHead(200)
  return probe._header?.startsWith('HTTP/1.1 200 OK\r\nprobe: 1\r\n') === true
})()

/** Gives an answer the door's header fields, which are put in when its head is written; one that is set by then takes the place of the door's. */
export const giveFields = (reply: FastifyReply, fields: AnswerFields): void => give(reply.raw, fields)

const give = (answer: Answer, fields: AnswerFields): void => {
  const given = answer[FIELDS]
  // An application may route one request twice, from a handler.
  answer[FIELDS] = { fields, writeHead: given?.writeHead ?? (answer.writeHead as WriteHead), lines: '' }
  if (given === undefined) answer.writeHead = writeHead
}

/** Gives an answer what is known before anybody is: for one that is made before the door has spoken. */
export const giveSecurityFields = (answer: Answer): void => {
  if (answer[FIELDS] === undefined) give(answer, EARLY)
}

const EARLY = new AnswerFields(securityFields, ownFields({}))

/** The fields that an answer will have, the door's too: for who puts a whole head together, a proxy. */
export const replyFields = (reply: AnyReply): Readonly<Record<string, unknown>> => ({
  ...(reply.raw as Answer)[FIELDS]?.fields.all,
  ...reply.getHeaders(),
})

/**
 * Node looks at each field of each answer, and eleven that are the same every time cost an eighth of a whole request. So they are
 * looked at once, and stand in the head as the lines they are, behind its first. Where that can't be they are set one by one: beside
 * a field of the same name, in an answer to `inject`, over HTTP/2, and of a Node that puts its heads together in another way.
 */
function writeHead(this: Answer, status: number, reason?: unknown, headers?: unknown): NodeResponse {
  const pending = this[FIELDS] as Pending
  const { fields, writeHead: write } = pending
  // As Node reads them: wrappers hand on what they were not given.
  const said = typeof reason === 'string'
  const given = said ? headers : (headers ?? reason)
  const own = canInsert && write === plainWriteHead && isPlain(this, given, fields) ? fields.own.lines : undefined
  pending.lines = own === undefined ? '' : fields.shared.lines + own
  if (own !== undefined) {
    this._storeHeader = storeHeader
    return write.call(this, status, reason, headers)
  }
  const varied = withVary(this, given, fields.shared.fields['vary'])
  setOneByOne(this, varied, fields)
  // Once a field is set, Node takes a flat list only.
  const flat = isPairs(varied) ? varied.flat() : varied
  return said ? write.call(this, status, reason, flat) : write.call(this, status, flat)
}

function storeHeader(this: Answer, firstLine: string, headers: unknown): void {
  plainStoreHeader.call(this, firstLine + (this[FIELDS] as Pending).lines, headers)
}

/** Whether nothing is set or given that is one of the door's fields, or might be. */
const isPlain = (answer: Answer, given: unknown, { shared, own }: AnswerFields): boolean => {
  if (Array.isArray(given) || answer.getHeaderNames().length > 0) return false
  if (typeof given !== 'object') return true
  for (const name in given) {
    // Nearly every answer has these two, and the door's are never among them.
    if (name === 'content-type' || name === 'content-length') continue
    const lower = name.toLowerCase()
    if (lower in shared.fields || lower in own.fields) return false
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
