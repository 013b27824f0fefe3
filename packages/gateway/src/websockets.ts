import type { IncomingMessage } from 'node:http'
import { request as httpRequest, ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { authenticated } from 'portcullis/access'
import { Problem } from 'portcullis/fastify'
import type { Access } from './access.ts'
import { readTemplate } from './document/templates.ts'
import { cleanAnswer, isFinal } from './forwarding/answers.ts'
import type { Upstream } from './forwarding/upstream.ts'
import type { Settings } from './settings.ts'

/** The connection of an upgrade, on the request that asks for it. */
const UPGRADE: unique symbol = Symbol('portcullis.upgrade')
type Upgraded = IncomingMessage & { [UPGRADE]?: { readonly socket: Duplex; readonly head: Buffer } }

/** Whether a request asks for a WebSocket on a listed path: every other Upgrade field is ignored (h2c smuggling). */
export const isWebSocket = (access: Access, raw: IncomingMessage): boolean =>
  raw.method === 'GET' &&
  // RFC 9110 §7.8: of an older client, a proxy that asks in HTTP/1.0, the field is ignored.
  raw.httpVersion === '1.1' &&
  raw.headers.upgrade?.toLowerCase() === 'websocket' &&
  raw.headers['content-length'] === undefined &&
  raw.headers['transfer-encoding'] === undefined &&
  access.webSockets.includes((raw.url ?? '').split('?', 1)[0] ?? '')

/** Sends an upgrade the way of every request, so that the door judges it: as @fastify/websocket does. */
export const routeUpgrade = (
  raw: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  routing: (raw: IncomingMessage, response: ServerResponse) => void,
): void => {
  const upgraded: Upgraded = raw
  upgraded[UPGRADE] = { socket, head }
  socket.on('error', () => socket.destroy())
  // An error that is thrown at an event of Node's has nobody to catch it, and would end the process.
  try {
    const response = new ServerResponse(raw)
    response.shouldKeepAlive = false
    // Throws while an earlier request of this connection is unanswered: a handshake that waited for no answer (RFC 6455 §4.1) ends it.
    response.assignSocket(socket as never)
    // A refused peer that never closes its side would keep the connection: nothing looks after an upgraded socket.
    response.on('finish', () => socket.end(() => socket.destroy()))
    routing(raw, response)
  } catch {
    socket.destroy()
  }
}

/** The routes of WebSockets: closed unless the settings open them, like every other. */
export const webSocketRoutes =
  (options: {
    readonly access: Access
    readonly upstream: Upstream
    readonly settings: Settings
    outgoing(request: FastifyRequest, isPublic: boolean): string[]
    isKnownOrigin(origin: string): boolean
  }) =>
  async (app: FastifyInstance): Promise<void> => {
    for (const path of options.access.webSockets) {
      const template = readTemplate(path)
      const rule = options.access.rules.get(`GET ${path}`) ?? authenticated
      const limit = options.access.limits.get(`GET ${path}`)
      app.get(
        template.url,
        // HEAD too, by Fastify: without it HEAD /chat/admin would fall to the rule of /chat/{room}.
        { config: { access: rule, ...(limit === undefined ? {} : { limit }) } },
        (request, reply) => {
          const upgrade = (request.raw as Upgraded)[UPGRADE]
          const { origin } = request.headers
          if (upgrade === undefined) throw new Problem('malformed-request')
          // A page of another origin can open a WebSocket without asking: no preflight guards it.
          if (origin !== undefined && !options.isKnownOrigin(origin)) throw new Problem('origin-refused')
          const fields = options.outgoing(request, rule.kind === 'public')
          tunnel(request, reply, { ...upgrade, fields, target: path, ...options })
        },
      )
    }
  }

/** ms that one side has to close when the other has. */
const CLOSING_MS = 5_000

/** What of the upstream's 101 goes to the client. */
const HANDSHAKE = ['sec-websocket-accept', 'sec-websocket-protocol', 'sec-websocket-extensions']

/** Asks the upstream for the same upgrade, and joins the two connections: no frame is held. */
const tunnel = (
  request: FastifyRequest,
  reply: FastifyReply,
  options: {
    readonly socket: Duplex
    readonly head: Buffer
    readonly fields: readonly string[]
    readonly target: string
    readonly upstream: Upstream
    readonly settings: Settings
  },
): void => {
  const { upstream, socket, settings } = options
  // Gone while the door asked its store: 'close' has been, and nothing would end the upstream's side.
  if (socket.destroyed) return
  socket.once('close', upstream.tunnels.enter(request.client.key))
  const ask = upstream.origin.startsWith('https:') ? httpsRequest : httpRequest
  const asked = ask(upstream.origin + upstream.prefix + options.target, {
    agent: false,
    headers: [
      ...options.fields,
      'host',
      new URL(upstream.origin).host,
      'connection',
      'upgrade',
      'upgrade',
      'websocket',
    ],
  })
  // In all, not between two bytes: 103s without an end, or a head a byte at a time, would hold it.
  const late = setTimeout(() => fail('gateway-timeout'), upstream.answerMs)
  const fail = (problem: 'bad-gateway' | 'gateway-timeout'): void => {
    clearTimeout(late)
    asked.destroy()
    if (!reply.sent) reply.send(new Problem(problem, {}, { 'retry-after': '1' }))
    else socket.destroy()
  }
  asked.on('error', () => fail('bad-gateway'))
  socket.once('close', () => {
    clearTimeout(late)
    asked.destroy()
  })
  asked.once('response', (answer) => {
    clearTimeout(late)
    answer.resume()
    const { statusCode = 0 } = answer
    if (!isFinal(statusCode)) return fail('bad-gateway')
    const status = Math.max(statusCode, 400)
    const { type, body } = cleanAnswer(status, undefined, undefined)
    reply.code(status).type(type).send(body)
  })
  asked.once('upgrade', (answer, behind, first) => {
    clearTimeout(late)
    if (socket.destroyed || answer.headers.upgrade?.toLowerCase() !== 'websocket') {
      behind.destroy()
      return fail('bad-gateway')
    }
    reply.hijack()
    const lines = HANDSHAKE.flatMap((name) =>
      answer.headers[name] === undefined ? [] : [`${name}: ${answer.headers[name]}`],
    )
    reply.raw.detachSocket(socket as never)
    socket.write(
      ['HTTP/1.1 101 Switching Protocols', 'connection: Upgrade', 'upgrade: websocket', ...lines, '', ''].join('\r\n'),
    )
    join(socket, options.head, behind, first, settings.WEBSOCKET_MINUTES * 60_000)
  })
  asked.end()
  request.raw.socket.setTimeout(0)
}

const join = (socket: Duplex, head: Buffer, behind: Duplex, first: Buffer, lifetimeMs: number): void => {
  const both = [socket, behind]
  // The session was judged when it opened: one that was revoked since must not go on for ever.
  const ending = setTimeout(() => end(), lifetimeMs)
  ending.unref()
  const end = (): void => {
    clearTimeout(ending)
    for (const one of both) one.destroy()
  }
  // A side may never close that was told of the other's end: a client that has gone would keep its place, and a connection behind.
  const closing = (): void => void setTimeout(end, CLOSING_MS).unref()
  for (const one of both) one.once('end', closing).once('close', end).on('error', end)
  if (head.length > 0) behind.write(head)
  if (first.length > 0) socket.write(first)
  socket.pipe(behind)
  behind.pipe(socket)
}
