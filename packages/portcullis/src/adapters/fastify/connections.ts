import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** The connections of each server, which Node itself does not show; one of TLS is there twice, as what carries it and as what writes. */
const connections = new WeakMap<Server, Set<Socket>>()

/** Keeps account of a server's connections from now on, and cuts those whose clients don't read. */
export const keepConnections = (server: Server): void => {
  const open = new Set<Socket>()
  connections.set(server, open)
  const keep = (socket: Socket): void => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  }
  server.on('connection', keep)
  server.on('secureConnection', keep)
  cutUnread(server, open)
}

export const connectionsOf = (server: Server): ReadonlySet<Socket> => connections.get(server) ?? new Set()

/** The answer that has a connection: Node keeps it there, which it does not document. */
export const answering = (socket: Socket): ServerResponse | undefined =>
  (socket as { readonly _httpMessage?: ServerResponse | null })._httpMessage ?? undefined

/** ms between two looks at answers that wait for their readers: the system takes large ones in pieces of a megabyte, seconds apart */
const LOOK_MS = 30_000

/** bytes that one gets on by in that time: 2 kbit/s, less than any line that people read by */
const PROGRESS = 8_192

/**
 * Requests are cheap to send and their answers wait in memory: a client that reads none of them would keep them and its connection for
 * good, and with all connections everybody out (API4:2023). An answer that has nothing to say, an event stream, waits for nobody.
 */
const cutUnread = (server: Server, open: ReadonlySet<Socket>): void => {
  let waiting = new Map<Socket, { readonly taken: number; readonly left: number }>()
  const look = (): void => {
    const before = waiting
    waiting = new Map()
    for (const socket of open) {
      const left = socket.writableLength
      if (left === 0) continue
      const taken = bytesTaken(socket)
      const then = before.get(socket)
      if (then !== undefined && taken - then.taken < Math.min(PROGRESS, then.left)) socket.destroy()
      else waiting.set(socket, { taken, left })
    }
  }
  let looking: NodeJS.Timeout | undefined
  server.on('listening', () => {
    looking ??= setInterval(look, LOOK_MS).unref()
  })
  server.on('close', () => {
    clearInterval(looking)
    looking = undefined
  })
}

/** Of what was written, the bytes that the system has taken: of a large one Node says only at its end that it is gone, and keeps these. */
const bytesTaken = (socket: Socket): number => {
  const { _bytesDispatched, _handle } = socket as {
    readonly _bytesDispatched?: number
    readonly _handle?: { readonly writeQueueSize?: number } | null
  }
  return (_bytesDispatched ?? 0) - (_handle?.writeQueueSize ?? 0)
}
