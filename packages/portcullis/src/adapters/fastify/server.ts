import type { Server, ServerResponse } from 'node:http'
import type { Http2Server, Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { ProblemCode } from '../../response/index.ts'
import { problemDocument, securityHeaders } from '../../response/index.ts'
import { METHODS, STATUS_CODES } from './node-http.ts'
import { serversOf } from './servers.ts'

/** The bounds of the server: how long, how much, how many. */
export const serverBounds = Object.freeze({
  /** bytes of the header block: Node's default, which a flag (--max-http-header-size) or an option of the server can raise */
  maxHeaderSize: 16_384,
  /** ms for the header block (slowloris) */
  headersTimeout: 5_000,
  /** ms for the whole request */
  requestTimeout: 10_000,
  /** ms an idle connection is kept */
  keepAliveTimeout: 5_000,
  /** ms between two looks at the deadlines above */
  connectionsCheckingInterval: 1_000,
  /**
   * No bound but the block's 16 KiB: Node drops what is beyond the count without a word, and the last fields are those that
   * the trusted proxy added. A client that sends enough of its own would choose whose quota it uses.
   */
  maxHeadersCount: 0,
  /** connections at once; more are closed as they come */
  maxConnections: 4_096,
})

/** Sets the bounds on a server that does not listen yet, and answers what Node itself refuses with problem documents. */
export const boundServer = (server: Server): void => {
  // Node answers a missing Host with an empty 400, before the door; the door refuses it with a problem.
  Object.assign(server, serverBounds, { requireHostHeader: false })
  server.removeAllListeners('clientError')
  server.on('clientError', answerClientError)
  keepConnections(server)
  // Node would answer 100 before anybody was asked: a refused caller is not invited to send its body (RFC 9110 §10.1.1).
  server.on('checkContinue', (request, response) => server.emit('request', request, response))
  server.on('checkExpectation', (_request, response) => {
    const { problem, body, fields } = rawProblem('expectation-failed')
    response.writeHead(problem.status, fields).end(body)
  })
  if ('updateSettings' in server) boundHttp2(server as unknown as Http2Server)
}

/** What HTTP/1.1 has of itself, or reads from the fields above. */
const boundHttp2 = (server: Http2Server): void => {
  server.updateSettings({ maxHeaderListSize: serverBounds.maxHeaderSize })
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

const byCode: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
}

/** A problem document with the fields of every answer, for what is answered without Fastify. */
const rawProblem = (code: ProblemCode) => {
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

const answerClientError = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy()
    return
  }
  const { problem, body, fields } = rawProblem(byCode[error.code ?? ''] ?? 'malformed-request')
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${head.join('')}\r\n${body}`)
  // end() waits for the peer to close; a peer that never does must not keep the socket.
  setTimeout(() => socket.destroy(), 1_000).unref()
}

/** The connections of each server, which Node itself does not show. */
const connections = new WeakMap<Server, Set<Socket>>()

const keepConnections = (server: Server): void => {
  const open = new Set<Socket>()
  connections.set(server, open)
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
}

/**
 * Cuts what hangs. An answer to HTTP/1.0 has no chunks and may have no length: where its connection merely closed, half of it would look
 * whole, and only a reset shows that it was none (RFC 9112 §8).
 */
const cutConnections = (server: Server): void => {
  for (const socket of connections.get(server) ?? [])
    if (answering(socket)?.req.httpVersion === '1.0') socket.resetAndDestroy()
    else socket.destroy()
}

/** The answer that has a connection: Node keeps it there, which it does not document. */
const answering = (socket: Socket): ServerResponse | undefined =>
  (socket as { readonly _httpMessage?: ServerResponse | null })._httpMessage ?? undefined

/** ms in which connections that are in use learn that they end: long enough for a busy one to carry a request. */
const LEAVING_MS = 500

/** ms between two looks at what is left when nothing new is accepted */
const SWEEP_MS = 100

/**
 * Closes what waits for a next request, or never sent a first: Node does so once, when it stops to listen, and an answer that was begun by then
 * leaves a connection behind on which nothing comes.
 */
const closeUnused = (server: Server, isNewToo: boolean): void => {
  // One of HTTP/2 has none of this.
  server.closeIdleConnections?.()
  for (const socket of connections.get(server) ?? []) if (isNewToo && socket.bytesRead === 0) socket.destroy()
}

/**
 * Ends an application in order. For half a second it goes on, and each answer says that its connection ends: to close a connection
 * that seems idle would lose the request that is on its way on it. Then no new connection, accepted requests are answered, and it is
 * closed. What still hangs at the deadline is cut, so that the process ends in under 10 seconds.
 *
 * @param deadlineMs 8,000 by default, from the call on
 */
export const drain = async (app: FastifyInstance, deadlineMs = 8_000): Promise<void> => {
  const servers = serversOf(app)
  const cut = setTimeout(() => servers.forEach(cutConnections), deadlineMs)
  let sweeping: NodeJS.Timeout | undefined
  try {
    for (const server of servers) {
      for (const socket of connections.get(server) ?? []) lastOf(answering(socket))
      server.prependListener('request', (_request, response) => lastOf(response))
    }
    await sleep(Math.min(LEAVING_MS, deadlineMs))
    const closed = app.close()
    let sweeps = 0
    sweeping = setInterval(() => {
      sweeps += 1
      for (const server of servers) closeUnused(server, sweeps * SWEEP_MS > LEAVING_MS)
    }, SWEEP_MS)
    await closed
  } finally {
    clearTimeout(cut)
    clearInterval(sweeping)
  }
}

/** An answer that says so, unless it has begun. */
const lastOf = (response: ServerResponse | undefined): void => {
  if (response !== undefined) response.shouldKeepAlive = false
}
