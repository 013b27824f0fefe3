import type { ProblemCode } from '../../response/index.ts'
import { problemDocument, securityHeaders } from '../../response/index.ts'

/** A problem document with the fields of every answer, for what is answered without Fastify. */
export const rawProblem = (code: ProblemCode) => {
  const problem = problemDocument(code)
  const body = JSON.stringify(problem)
  const length = String(Buffer.byteLength(body))
  const fields = {
    ...securityHeaders,
    'content-type': 'application/problem+json',
    'content-length': length,
    connection: 'close',
  }
  return { problem, body, fields }
}
