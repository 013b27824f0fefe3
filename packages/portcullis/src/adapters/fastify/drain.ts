import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AnyApplication } from './any-application.ts'
import { serversOf } from './servers.ts'

/** The connections of each server, which Node itself does not show. */
const connections = new WeakMap<Server, Set<Socket>>()

/** Keeps account of a server's connections from now on. */
export const keepConnections = (server: Server): void => {
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
export const drain = async (app: AnyApplication, deadlineMs = 8_000): Promise<void> => {
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
