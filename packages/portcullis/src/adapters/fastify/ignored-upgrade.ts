import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Ends the connection with the answer to an Upgrade that is not followed (RFC 9110 §7.8). Of what came in one piece with such a request Node throws
 * away all that stands behind it: a proxy that sends one request after another would take the answer to the next one for that of the lost one.
 */
export const endIgnoredUpgrade = (request: IncomingMessage, response: ServerResponse): void => {
  if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false
}
