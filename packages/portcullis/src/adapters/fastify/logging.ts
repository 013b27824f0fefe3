import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { SecurityEventName, SecurityFacts } from '../../door/index.ts'

/** Events that somebody should look at; the rest is the daily weather. */
const ALARMING: ReadonlySet<SecurityEventName> = new Set<SecurityEventName>([
  'refresh-reused',
  'unavailable',
  'limits-degraded',
  'limits-recovered',
  'issuer-unreachable',
  'issuer-recovered',
  'roles-changed',
  'account-disabled',
])

/** Logs a security event: as a warning where somebody should look at it. ASVS 16.3. */
export const logEvent = (log: FastifyBaseLogger, event: SecurityEventName, facts: SecurityFacts): void =>
  log[ALARMING.has(event) ? 'warn' : 'info']({ event, ...facts }, 'security event')

/**
 * pino's options for Fastify's `logger`. Requests are logged by route pattern and id, never by their target: a query may hold a token.
 * Credentials are redacted by their names, two objects deep. ASVS 16.2.5.
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
    // A storage's message may hold a value: what else an error carries (SQL, parameters, headers) is left out.
    err: (error: Error & { code?: string }) => ({
      type: error.name,
      code: error.code,
      message: error.message,
      stack: error.stack ?? '',
    }),
  },
})
