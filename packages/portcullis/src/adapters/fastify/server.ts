import type { Server } from 'node:http'
import type { Http2Server } from 'node:http2'
import type { Socket } from 'node:net'
import type { ProblemCode } from '../../response/index.ts'
import { answering, keepConnections } from './connections.ts'
import { boundHttp2 } from './http2-server.ts'
import { STATUS_CODES } from './node-http.ts'
import { rawProblem } from './raw-problem.ts'

/** The bounds of the server: how long, how much, how many. */
export const serverBounds = Object.freeze({
  /** bytes of the header block: Node's default, which a flag (--max-http-header-size) or an option of the server can raise */
  maxHeaderSize: 16_384,
  /** ms for the header block (slowloris), and before it for a TLS handshake */
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
  boundHandshake(server)
  keepConnections(server)
  // Node would answer 100 before anybody was asked: a refused caller is not invited to send its body (RFC 9110 §10.1.1).
  server.on('checkContinue', (request, response) => server.emit('request', request, response))
  // Nor 417 to everybody, as often as they like.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  if ('updateSettings' in server) boundHttp2(server as unknown as Http2Server, serverBounds)
}

/** ms that Node waits for a TLS handshake where nobody says anything. */
const NODES_HANDSHAKE = 120_000

/**
 * Before its header block a client of TLS has a handshake to do. Who does none would keep a connection for two minutes, and with all of them
 * everybody out. Node keeps that time under a symbol once a server is made; what its owner said of it stays.
 */
const boundHandshake = (server: object): void => {
  const kept = Object.getOwnPropertySymbols(server).find(({ description }) => description === 'handshake-timeout')
  if (kept !== undefined && Reflect.get(server, kept) === NODES_HANDSHAKE)
    Reflect.set(server, kept, serverBounds.headersTimeout)
}

/** What flags of Node do to every server, its owner may have asked for this one alone: Node's flags show nothing of it. */
const UNSAFE: readonly (readonly [option: string, values: readonly unknown[], why: string])[] = [
  ['insecureHTTPParser', [true], 'lets requests be smuggled'],
  ['minVersion', ['TLSv1', 'TLSv1.1'], 'lets in TLS that is broken (RFC 8996)'],
]

/** What makes a server unsafe to serve from, as a sentence each. */
export const serverFaults = (server: object): readonly string[] =>
  UNSAFE.filter(([option, values]) => values.includes(Reflect.get(server, option))).map(
    ([option, , why]) => `${option}, which the server was made with, ${why}: take it out.`,
  )

const byCode: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
}

const answerClientError = (error: NodeJS.ErrnoException, socket: Socket): void => {
  // Into an answer that has begun nothing is written.
  if (error.code === 'ECONNRESET' || !socket.writable || answering(socket)?.headersSent) {
    socket.destroy()
    return
  }
  const { problem, body, fields } = rawProblem(byCode[error.code ?? ''] ?? 'malformed-request')
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${head.join('')}\r\n${body}`)
  // end() waits for the peer to close; a peer that never does must not keep the socket.
  setTimeout(() => socket.destroy(), 1_000).unref()
}
