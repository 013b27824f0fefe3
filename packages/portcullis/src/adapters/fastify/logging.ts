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

/** Logs a security event: as a warning where somebody should look at it. ASVS 16.3. Never throws: a full log refuses nobody. */
export const logEvent = (log: FastifyBaseLogger, event: SecurityEventName, facts: SecurityFacts): void => {
  try {
    log[ALARMING.has(event) ? 'warn' : 'info']({ event, ...facts }, 'security event')
  } catch {}
}

/** Logs what was thrown, whatever it is. Never throws: an application's own logger may read what can't be read. */
export const logError = (log: FastifyBaseLogger, thrown: unknown, text: string): void => {
  try {
    log.error({ err: thrown }, text)
  } catch {
    try {
      log.error(text)
    } catch {}
  }
}

type LoggedError = Error & {
  readonly code?: string
  readonly severity?: unknown
  readonly errcode?: unknown
  readonly errstr?: unknown
}

const LEFT_OUT = 'A message of the database, which may hold a value: its code says what it was.'

/** PostgreSQL's has a severity. */
const isOfDatabase = ({ code, severity }: LoggedError): boolean => severity !== undefined || code === 'ERR_SQLITE_ERROR'

/** Of SQLite every error has the same `code`; its own number, and what the number means, hold no value and tell a full disk from a lock. */
const messageOfDatabase = ({ errcode, errstr }: LoggedError): string =>
  typeof errcode === 'number' ? `SQLite ${errcode}: ${errstr}` : LEFT_OUT

/** Where an error happened, without its message. */
const framesOf = ({ stack = '' }: LoggedError): string =>
  stack
    .split('\n')
    .filter((line) => /^ +at /.test(line))
    .join('\n')

/** Fastify's own messages name the target of a request (`in "/a?token=…" (GET)`). */
const withoutQueries = (text: string): string => text.replace(/\?[^"\s]+/g, '?…')

/** What else an error carries (SQL, parameters, headers) is left out. */
const described = (error: LoggedError) => {
  const { name: type, code, message, stack = '' } = error
  if (isOfDatabase(error)) return { type, code, message: messageOfDatabase(error), stack: framesOf(error) }
  const kept = String(code).startsWith('FST_') ? withoutQueries : String
  return { type, code, message: kept(message), stack: kept(stack) }
}

/** Of what throws once more when it is read. */
const UNREADABLE = Object.freeze({ type: 'unreadable', message: 'What was thrown can not be read.', stack: '' })

const readable = (thrown: unknown) => {
  try {
    return described(Object(thrown))
  } catch {
    return UNREADABLE
  }
}

/** As header fields are written by Node and by people, as OAuth writes them, and as this library does. */
const REDACTED = [
  ...['authorization', 'Authorization', 'cookie', 'Cookie', 'set-cookie', 'Set-Cookie'],
  ...['password', 'new_password', 'current_password', 'newPassword', 'currentPassword'],
  ...['token', 'access_token', 'refresh_token', 'accessToken', 'refreshToken'],
  'secret',
]

/**
 * pino's options for Fastify's `logger`. Requests are logged by route pattern and id, never by their target: a query may hold a token.
 * Credentials are redacted by their names, two objects deep. ASVS 16.2.5.
 */
export const loggerOptions = (level: string) => ({
  level,
  redact: {
    paths: REDACTED.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
    censor: '[redacted]',
  },
  serializers: {
    req: (request: FastifyRequest) => ({
      id: request.id,
      method: request.method,
      route: request.routeOptions?.url ?? null,
    }),
    err: readable,
  },
  // Where nothing is said beside an error, pino says its message once more, past the serializer.
  hooks: {
    logMethod(this: object, args: unknown[], method: (...args: unknown[]) => void): void {
      const [first, ...rest] = args
      const thrown = first instanceof Error ? first : Object(first).err
      if (rest.length > 0 || thrown === undefined) method.apply(this, args)
      else method.call(this, first instanceof Error ? { err: first } : first, readable(thrown).message)
    },
  },
})
