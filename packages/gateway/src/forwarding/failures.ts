import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply } from 'fastify'
import { Problem } from 'portcullis/fastify'
import { isFinal } from './answers.ts'

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code })

export const GONE = failure('CLIENT_GONE', 'the client has gone')
export const LATE = failure('ANSWER_TIMEOUT', 'the upstream did not answer in time')
const NO_STATUS = failure('ANSWER_STATUS', 'the upstream answered with a status that is none')
const CODED = failure('ANSWER_CODING', 'the upstream answered in a transfer coding that nobody asked for')

/**
 * Why an answer that has begun is none. Outside of the five classes (RFC 9110 §15) neither Node nor Fastify sends it. A transfer coding beside `chunked` was
 * not asked for by TE, and ends here: a client would get `gzip, chunked` as if its bytes were the body (RFC 9112 §6.1).
 */
export const whyNone = (status: number, { 'transfer-encoding': coding }: IncomingHttpHeaders): Error | undefined => {
  if (!isFinal(status)) return NO_STATUS
  return coding === undefined || /^(?:chunked|identity)$/i.test(String(coding).trim()) ? undefined : CODED
}

/** undici's errors that say that time ran out. */
const OUT_OF_TIME = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

/** What a log may say of a failure. */
export const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.name

/** What its client is told of a failure: 502, 504, or what was wrong with the request. */
export const problemOf = (error: Error): Error => {
  if (error instanceof Problem) return error
  const late = error === LATE || OUT_OF_TIME.has(codeOf(error))
  return new Problem(late ? 'gateway-timeout' : 'bad-gateway', {}, { 'retry-after': '1', connection: 'close' })
}

/** A failure of our own, without what was set of the answer that could not be made. */
export const answerAnew = (
  reply: FastifyReply,
  given: Record<string, string | number | string[] | undefined>,
): void => {
  try {
    for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
    reply.headers(given).send(new Problem('bad-gateway', {}, { connection: 'close' }))
  } catch {
    reply.raw.destroy()
  }
}
