import type { IncomingMessage } from 'node:http'

/** What Node has for this, and does not document; a Node without it goes its usual way. */
interface Request extends IncomingMessage {
  /** Called when the answer is out and nobody has read the body. */
  _dump?(): void
  /** What its option `optimizeEmptyRequests` does to a request. */
  _dumpAndCloseReadable?(): void
  /** How many events somebody listens for. To ask `eventNames` costs more than all the rest. */
  readonly _eventsCount?: number
}

/**
 * Lets a request that has no body (RFC 9112 section 6.3) end with its answer. Node reads each body to its end once the answer is out, also
 * where there is none: two turns and three events that nobody hears, a seventh of the cost of a request. Its option for that closes
 * each request before anybody sees it, and whoever waits for the `close` of one (a stream of events whose reader may go) waits for
 * ever; here it is closed where Node would begin to read, and only when nobody listens.
 */
export const endWithAnswer = (request: Request): void => {
  const { headers } = request
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) request._dump = dump
}

function dump(this: Request): void {
  const close = this._eventsCount === 0 ? this._dumpAndCloseReadable : undefined
  if (close !== undefined) close.call(this)
  else Object.getPrototypeOf(this)._dump?.call(this)
}
