import type { IncomingMessage } from 'node:http'
import { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { AnswerFields } from '../../response/index.ts'
import { fieldLines } from '../../response/index.ts'

const FIELDS: unique symbol = Symbol('portcullis.fields')

interface Answer extends ServerResponse {
  [FIELDS]?: AnswerFields
  /** The head as Node has written it, to the empty line that ends it. Not documented; express, morgan and on-headers read it too. */
  _header?: string | null
}

const plainWriteHead = ServerResponse.prototype.writeHead

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

/**
 * Gives an answer the door's header fields; one that a handler sets itself takes the place of the door's.
 *
 * Fastify and Node look at each field of each answer, and eleven that are the same every time cost an eighth of a whole request. So
 * they are looked at once, and follow the head as the lines they are. Where that can't be (an answer to `inject`, over HTTP/2, of a
 * class of its own, of a Node that keeps its head elsewhere) they are set one by one.
 */
export const giveFields = (reply: FastifyReply, fields: AnswerFields): void => {
  const answer: Answer = reply.raw
  // A Connection field is not only told: Node acts on it.
  if (!canFollow || answer.constructor !== ServerResponse || 'connection' in fields.own) {
    reply.headers(fields.all)
    return
  }
  answer[FIELDS] = fields
  answer.writeHead = writeHead
}

/** Takes the door's fields back from an answer, for who puts the whole head together himself: a proxy. */
export const takeFields = (reply: FastifyReply): Readonly<Record<string, unknown>> => {
  const answer: Answer = reply.raw
  const fields = answer[FIELDS]
  if (fields === undefined) return reply.getHeaders()
  answer.writeHead = plainWriteHead
  return { ...fields.all, ...reply.getHeaders() }
}

function writeHead(this: Answer, status: number, ...rest: unknown[]): ServerResponse {
  const fields = this[FIELDS] as AnswerFields
  const given = rest.at(-1)
  if (!this.getHeaderNames().length && !Array.isArray(given) && !saysOne(given, fields)) {
    const lines = fields.shared.lines + fieldLines(fields.own)
    plainWriteHead.call(this, status, ...(rest as []))
    this._header = `${(this._header as string).slice(0, -2)}${lines}\r\n`
    return this
  }
  const said = namesOf(given)
  for (const [name, value] of Object.entries(fields.all))
    if (!said.has(name) && !this.hasHeader(name)) this.setHeader(name, value)
  return plainWriteHead.call(this, status, ...(rest as []))
}

/** Whether one of the door's fields is among those that were given. */
const saysOne = (given: unknown, { shared, own }: AnswerFields): boolean => {
  if (typeof given !== 'object') return false
  for (const name in given) {
    const lower = name.toLowerCase()
    if (lower in shared.fields || lower in own) return true
  }
  return false
}

/** Names in lower case, from what writeHead takes: an object, names and values in turn, or pairs. */
const namesOf = (given: unknown): ReadonlySet<string> => {
  const names = Array.isArray(given)
    ? Array.isArray(given[0])
      ? given.map(([name]) => name)
      : given.filter((_, index) => index % 2 === 0)
    : Object.keys(typeof given === 'object' && given !== null ? given : {})
  return new Set(names.map((name) => String(name).toLowerCase()))
}
