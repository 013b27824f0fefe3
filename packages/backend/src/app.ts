import type { FastifyInstance } from 'fastify'
import Fastify from 'fastify'
import { securityEvents } from 'portcullis'
import { accountRoutes, accounts, passwordHasher } from 'portcullis/accounts'
import { figuresOf, logEvent, loggerOptions, metrics, portcullis, routesOf, zodOnly } from 'portcullis/fastify'
import { memoryCounter } from 'portcullis/limits'
import { JWKS_SECONDS } from 'portcullis/sessions'
import { openRedis, type Storage } from 'portcullis/storage'
import { docs } from './docs.ts'
import { FailuresAlone } from './failures-alone.ts'
import { health } from './health.ts'
import { followKeyFile, keyFileFigures } from './key-file-watch.ts'
import type { NotesSchema } from './notes.ts'
import { notes } from './notes.ts'
import type { Settings } from './settings.ts'

/**
 * The ready backend: the plugin, the accounts and an example resource over one storage, and Redis when it is set. Does not listen.
 */
export const buildApp = async (settings: Settings, storage: Storage<NotesSchema>): Promise<FastifyInstance> => {
  const app = Fastify({
    schemaController: zodOnly,
    logger: loggerOptions(settings.LOG_LEVEL),
    // Security events are logged; a line for each request would cost more than the door.
    logController: new FailuresAlone({ disableRequestLogging: true }),
    return503OnClosing: false,
  })
  const events = securityEvents((event, facts) => logEvent(app.log, event, facts))
  const redis =
    settings.REDIS_URL === undefined
      ? undefined
      : await openRedis(settings.REDIS_URL, {
          onState: (state, reason) => events.publish(`limits-${state}`, { reason }),
        })
  const memory = memoryCounter()
  const counter = redis?.counter ?? memory
  // Who hears of a change looks at once; who does not, looks soon.
  storage.onChange(() => redis?.announce())
  redis?.onAnnounced(() => void storage.catchUp())
  app.addHook('onClose', async () => redis?.close())
  const hasher = passwordHasher(settings.PASSWORD_PEPPER === undefined ? {} : { pepper: settings.PASSWORD_PEPPER })

  await app.register(portcullis, {
    mode: settings.development ? 'development' : 'production',
    sessions: {
      secret: settings.secrets,
      issuer: settings.JWT_ISSUER,
      audience: settings.JWT_AUDIENCE,
      accessTokenMinutes: settings.ACCESS_TOKEN_MINUTES,
      refreshTokenDays: settings.REFRESH_TOKEN_DAYS,
      retryWindowSeconds: settings.REFRESH_RETRY_SECONDS,
      store: storage.sessions,
    },
    identify: (userId) => storage.accounts.identity(userId),
    cors: { origins: settings.CORS_ORIGINS },
    trustedProxies: settings.TRUSTED_PROXIES,
    forwardedHeader: settings.FORWARDED_HEADER,
    limits: {
      client: settings.LIMIT_CLIENT,
      credentials: settings.LIMIT_CREDENTIALS,
      refresh: settings.LIMIT_REFRESH,
      account: settings.LIMIT_ACCOUNT,
      counter,
    },
    events,
  })

  const people = accounts({
    store: storage.accounts,
    sessions: app.portcullis.sessions,
    hasher,
    counter,
    limits: app.portcullis.limits,
    events: events.publish,
  })

  const keyFile =
    settings.JWT_SECRET_FILE === undefined
      ? undefined
      : followKeyFile(app, settings.JWT_SECRET_FILE, [settings.PASSWORD_PEPPER ?? '', settings.METRICS_TOKEN ?? ''])

  if (settings.development) docs(app)
  metrics(app, {
    path: '/metrics',
    token: settings.METRICS_TOKEN,
    figures: () => [...keyFileFigures(keyFile), ...figuresOf({ hasher, memory, redis, storage })],
  })
  await app.register(health(storage.ping))
  await app.register(routesOf(accountRoutes(people), (origin) => settings.CORS_ORIGINS.includes(origin)))
  await app.register(notes(storage.database))
  // A file may hold another kind of key tomorrow, and routes are registered at the start.
  if (keyFile !== undefined || app.portcullis.keys().some(({ alg }) => alg !== 'HS256')) {
    app.get(
      '/.well-known/jwks.json',
      { config: { access: 'public' }, schema: { summary: 'The public keys of access tokens' } },
      async (_request, reply) => {
        reply.header('cache-control', `public, max-age=${JWKS_SECONDS}`)
        return app.portcullis.jwks()
      },
    )
  }
  return app
}
