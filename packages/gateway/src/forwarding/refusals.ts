import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { replyFields } from 'portcullis/fastify'
import { cleanAnswer, REFUSAL_BYTES, uncoded } from './answers.ts'

/** An error answer, gathered to be cleaned. */
export interface Refusal {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  chunks: Buffer[] | undefined
  bytes: number
}

/** Begins one. */
export const startRefusal = (status: number, headers: IncomingHttpHeaders): Refusal => ({
  status,
  headers,
  chunks: [],
  bytes: 0,
})

/** Takes a part of it; false when it is longer than is looked at. */
export const keepRefusal = (refusal: Refusal, chunk: Buffer): boolean => {
  refusal.bytes += chunk.length
  if (refusal.bytes > REFUSAL_BYTES) refusal.chunks = undefined
  refusal.chunks?.push(chunk)
  return refusal.bytes <= REFUSAL_BYTES
}

/** The fields of an answer, of the upstream's own and the door's. */
export type AnswerFields = (
  upstream: IncomingHttpHeaders,
  door: Readonly<Record<string, unknown>>,
) => Record<string, string | string[]>

/** Answers with what may be said of it. */
export const refuse = (
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
  fieldsOf: AnswerFields,
): void => {
  const { status, headers, chunks } = refusal
  if (status >= 500)
    request.log.warn({ status, route: request.routeOptions.url ?? null }, 'the upstream answered with an error')
  const { type, body } = cleanAnswer(
    status,
    headers['content-type'],
    chunks === undefined ? undefined : uncoded(Buffer.concat(chunks), headers['content-encoding']),
  )
  const fields = fieldsOf(status >= 500 ? saidOfFailure(headers) : headers, replyFields(reply))
  for (const name of ['content-length', 'content-encoding', 'etag', 'last-modified']) delete fields[name]
  // That of a 416 says how long the whole is, and nothing of a body: RFC 9110 §15.5.17.
  if (status !== 416) delete fields['content-range']
  if (!request.raw.complete) fields['connection'] = 'close'
  reply.code(status).headers(fields).type(type).send(body)
}

/** When to ask again. In the other fields frameworks tell what went wrong: X-Exception, X-Debug-Exception, X-Error-Message. */
const saidOfFailure = ({ 'retry-after': retry }: IncomingHttpHeaders): IncomingHttpHeaders =>
  retry === undefined ? {} : { 'retry-after': retry }
