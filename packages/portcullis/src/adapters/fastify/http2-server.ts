import type { Server } from 'node:http'
import type { Http2Server, Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { ProblemCode } from '../../response/index.ts'
import { METHODS } from './node-http.ts'
import { rawProblem } from './raw-problem.ts'

/** Gives a server of HTTP/2 the bounds that one of HTTP/1.1 has of itself, or reads from its own fields. */
export const boundHttp2 = (server: Http2Server, { maxHeaderSize }: { readonly maxHeaderSize: number }): void => {
  server.updateSettings({ maxHeaderListSize: maxHeaderSize })
  const emit = server.emit.bind(server) as (event: string, ...values: readonly unknown[]) => boolean
  server.emit = (event: string, ...values: readonly unknown[]): boolean => {
    if (event !== 'request') return emit(event, ...values)
    const [request, response] = values as [Http2ServerRequest, Http2ServerResponse]
    // Over HTTP/1.1 Node's parser refuses a method that it does not know; over HTTP/2 any goes on, and Fastify answers it before every
    // hook, uncounted, and writes the table of all its routes into the log.
    if (!KNOWN.has(request.method)) {
      answerHttp2(response, 'malformed-request')
      return true
    }
    // A server that speaks both has them by Node for HTTP/1.1.
    if (request.httpVersionMajor === 2) boundBody(request, response, server)
    return emit(event, ...values)
  }
}

/** Node's deadline of a whole request is for HTTP/1.1: over HTTP/2 a body might take for ever. */
const boundBody = (request: Http2ServerRequest, response: Http2ServerResponse, server: Http2Server): void => {
  const { stream } = request
  if (stream.endAfterHeaders) return
  const { requestTimeout } = server as unknown as Server
  // 0 is none, for Node too.
  if (requestTimeout === 0) return
  const late = setTimeout(() => {
    // Or its end would be read as that of the body.
    request.destroy()
    if (!response.headersSent) answerHttp2(response, 'request-timeout')
    stream.close()
  }, requestTimeout)
  const arrived = (): void => clearTimeout(late)
  request.once('end', arrived)
  stream.once('close', arrived)
}

const answerHttp2 = (response: Http2ServerResponse, code: ProblemCode): void => {
  const { problem, body, fields } = rawProblem(code)
  const { connection: _, ...rest } = fields
  response.writeHead(problem.status, rest).end(body)
}

const KNOWN: ReadonlySet<string | undefined> = new Set(METHODS)
