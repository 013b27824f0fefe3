import type { ProblemCode } from '../../response/index.ts'
import { problemDocument, securityHeaders } from '../../response/index.ts'

/** A problem document with the fields of every answer, for what is answered without Fastify, and so without the date that Node adds (RFC 9110 §6.6.1). */
export const rawProblem = (code: ProblemCode) => {
  const problem = problemDocument(code)
  const body = JSON.stringify(problem)
  const length = String(Buffer.byteLength(body))
  const fields = {
    ...securityHeaders,
    date: new Date().toUTCString(),
    'content-type': 'application/problem+json',
    'content-length': length,
    connection: 'close',
  }
  return { problem, body, fields }
}
