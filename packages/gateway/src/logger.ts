import type { FastifyRequest } from 'fastify'

/**
 * pino's options. Requests are logged by route pattern and client, never by their target: a query may hold a token.
 */
export const loggerOptions = (level: string) => ({
  level,
  redact: {
    paths: [
      'authorization',
      'cookie',
      'password',
      'token',
      'secret',
      'refresh_token',
      'access_token',
      'new_password',
      'current_password',
    ].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
    censor: '[redacted]',
  },
  serializers: {
    req: (request: FastifyRequest) => ({
      id: request.id,
      method: request.method,
      route: request.routeOptions?.url ?? null,
    }),
    // The name and the place of an error are enough.
    err: (error: Error & { code?: string }) => ({
      type: error.name,
      code: error.code,
      message: error.message,
      stack: error.stack ?? '',
    }),
  },
})
