import type { Server, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import type { AnyApplication } from './any-application.ts'
import { answering, connectionsOf } from './connections.ts'
import { serversOf } from './servers.ts'

/**
 * Cuts what hangs. An answer to HTTP/1.0 has no chunks and may have no length: where its connection merely closed, half of it would look
 * whole, and only a reset shows that it was none (RFC 9112 §8).
 */
const cutConnections = (server: Server): void => {
  // Over TLS an end that was not announced shows by itself, and what carries it was cut before it.
  for (const socket of connectionsOf(server))
    if (!(socket instanceof TLSSocket) && answering(socket)?.req.httpVersion === '1.0') socket.resetAndDestroy()
    else socket.destroy()
}

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
  for (const socket of connectionsOf(server)) if (isNewToo && socket.bytesRead === 0) socket.destroy()
}

/**
 * Node takes an answer for done once it was handed over, and would close its connection, as idle, with all that its reader has not taken yet:
 * half of it, which to HTTP/1.0 looks whole. While any answer is on its way, none is closed.
 */
const keepUnsent = (server: Server): void => {
  const close = server.closeIdleConnections?.bind(server)
  if (close === undefined) return
  server.closeIdleConnections = () => {
    if (![...connectionsOf(server)].some(({ writableLength }) => writableLength > 0)) close()
  }
}

/**
 * Ends an application in order. For half a second it goes on, and each answer says that its connection ends: to close a connection
 * that seems idle would lose the request that is on its way on it. Then no new connection, accepted requests are answered, and it is
 * closed. What still hangs at the deadline is cut, so that the process ends in under 10 seconds.
 *
 * @param deadlineMs 8,000 by default, from the call on
 */
export const drain = async (app: AnyApplication, deadlineMs = 8_000): Promise<void> => {
  const servers = serversOf(app)
  const cut = setTimeout(() => servers.forEach(cutConnections), deadlineMs)
  let sweeping: NodeJS.Timeout | undefined
  try {
    for (const server of servers) {
      keepUnsent(server)
      for (const socket of connectionsOf(server)) lastOf(answering(socket))
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
