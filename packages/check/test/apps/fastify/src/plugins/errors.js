import { STATUS_CODES } from 'node:http'
import fp from 'fastify-plugin'

const fieldOf = ({ instancePath, params }, part) =>
  [part, ...instancePath.split('/').filter(Boolean), params.missingProperty].filter(Boolean).join('.')

export const errors = fp(async (app) => {
  app.setErrorHandler((error, request, reply) => {
    if (error.validation) {
      const fields = error.validation.map((one) => fieldOf(one, error.validationContext))
      return reply.code(400).send({ error: 'Bad Request', fields })
    }
    const status = error.statusCode >= 400 && error.statusCode < 500 ? error.statusCode : 500
    if (status === 500) request.log.error(error)
    return reply.code(status).send({ error: STATUS_CODES[status] })
  })

  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'Not Found' }))
})
