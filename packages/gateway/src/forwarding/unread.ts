import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** bytes of a refused body that are read and thrown away, so that its connection can go on */
const READ_ON = 65_536

/**
 * Ends the connection of a request that is answered while more of its body comes than is worth reading: Node would go on to read it for
 * as long as an upload may take. An `onSend` hook; an answer of the upstream doesn't come by here.
 */
export const endUnread = (
  { raw }: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void => {
  const { 'transfer-encoding': coding, 'content-length': length = '0' } = raw.headers
  if (!raw.complete && (coding !== undefined || Number(length) > READ_ON)) {
    reply.header('connection', 'close')
    endGently(raw)
  }
  done(null, payload)
}

/** ms in which what still comes is thrown away */
const LINGER_MS = 5_000

/**
 * Ends a connection when its answer is sent, and closes it when the client has ended it too, or a while later: closed with bytes unread it is reset, and a
 * client that is still sending is told of a broken pipe instead of what was wrong (RFC 9112 §9.6).
 */
export const endGently = (raw: IncomingMessage): void => {
  const { socket } = raw
  // What Node calls once the answer has gone.
  socket.destroySoon = () => {
    const late = setTimeout(() => socket.destroy(), LINGER_MS)
    const over = (): void => void socket.destroy()
    socket.once('end', over).once('close', () => clearTimeout(late))
    // What stands behind the body is another request, for which nobody waits any more.
    raw.removeAllListeners('data').once('end', over).resume()
    socket.end()
  }
}

/**
 * Keeps of a body that nobody reads for the moment what came in one read of its connection. Node would go on to 64 KiB, which in chunks of a byte each are
 * as many objects: of a thousand uploads that wait for the upstream they would fill the memory. It has no option that says so of requests alone.
 */
export const keepLittleUnread = (raw: IncomingMessage): void => {
  Object.assign((raw as unknown as { readonly _readableState: object })._readableState, { highWaterMark: 1 })
}
