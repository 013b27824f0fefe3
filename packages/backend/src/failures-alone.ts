import type { FastifyReply, FastifyRequest } from 'fastify'
import { LogController } from 'fastify'

/**
 * Says nothing of each request, and yet what broke in one whose answer had begun. That is a stream's failure: no error handler hears of it, and
 * `disableRequestLogging` leaves it out too, so that somebody's download would break off and no log say why.
 */
export class FailuresAlone extends LogController {
  override streamError(error: Error & { readonly code?: string }, _request: FastifyRequest, reply: FastifyReply): void {
    // The reader went away: nothing failed here.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') reply.log.error({ err: error }, 'an answer broke off')
  }
}
