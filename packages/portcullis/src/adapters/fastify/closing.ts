import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { giveSecurityFields } from './answer-fields.ts'
import { constructorOptions } from './constructor-options.ts'
import { rawProblem } from './raw-problem.ts'
import { everyServer } from './servers.ts'

/**
 * Closing, Fastify answers by itself, before any hook and with no word of when to come back, what still comes on a connection that is in
 * use. It is answered in its place; where Fastify was told to go on (`return503OnClosing: false`), it gets the fields of every answer.
 */
export const answerWhileClosing = (app: FastifyInstance): void => {
  const goesOn = constructorOptions(app).return503OnClosing === false
  app.addHook('preClose', async () =>
    everyServer(app, (server) => {
      server.prependListener('request', (_request, response) => giveSecurityFields(response))
      // A server of the application's own has another listener, which asks this one.
      if (goesOn || !server.listeners('request').includes(app.routing)) return
      server.removeListener('request', app.routing)
      server.on('request', answerUnavailable)
    }),
  )
}

const answerUnavailable = ({ httpVersionMajor }: IncomingMessage, response: ServerResponse): void => {
  const { problem, body, fields } = rawProblem('unavailable')
  const { connection, ...rest } = fields
  // HTTP/2 has no such field (RFC 9113 §8.2.2).
  const own = httpVersionMajor === 2 ? rest : { ...rest, connection }
  response.writeHead(problem.status, { ...own, 'retry-after': '1' }).end(body)
}
