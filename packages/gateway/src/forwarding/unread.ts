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
  if (!raw.complete && (coding !== undefined || Number(length) > READ_ON)) reply.header('connection', 'close')
  done(null, payload)
}
