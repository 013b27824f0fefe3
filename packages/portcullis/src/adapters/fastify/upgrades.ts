import type { IncomingMessage, ServerResponse as Response } from 'node:http'
import type { Socket } from 'node:net'
import { ServerResponse } from './node-http.ts'

/**
 * Ends the connection of an upgrade with the answer that it gets instead (RFC 9110 §7.8). Of what came in one piece with such a request Node
 * throws away all that stands behind it: a proxy that sends one request after another would take the answer to the next one for that of the
 * lost one. And Node looks after no connection that it handed to a listener for upgrades: it has no deadline, and stays when its client goes.
 * Each refusal, a 429 too, would keep one, until all the server's are taken and nobody gets in. An upgrade that is taken has no answer of the
 * server's, and is not touched.
 */
export const endUpgrade = (request: IncomingMessage, response: Response): void => {
  if (request.headers.upgrade === undefined) return
  response.shouldKeepAlive = false
  if (isHandedOver(request)) response.once('finish', () => request.socket.destroySoon())
}

/** Node says so of the requests that it hands to whoever listens for upgrades, and of no others. */
const isHandedOver = (request: IncomingMessage & { readonly upgrade?: boolean }): boolean => request.upgrade === true

/**
 * Ends the connection of an upgrade that waited for no answer to the request before it (RFC 6455 §4.1). @fastify/websocket gives it no
 * response of its own, so nobody answers it, and it would stay open for ever.
 */
export const endPipelined = (request: IncomingMessage, socket: Socket): void => {
  const probe = new ServerResponse(request)
  try {
    probe.assignSocket(socket)
    probe.detachSocket(socket)
  } catch {
    socket.destroy()
  }
}
