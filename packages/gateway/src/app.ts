import type { FastifyInstance, FastifyRequest } from 'fastify'
import Fastify, { LogController } from 'fastify'
import type { BaselineOptions, SecurityEvents } from 'portcullis'
import { accountRoutes, accounts } from 'portcullis/accounts'
import { loggerOptions, metrics, portcullis, routesOf } from 'portcullis/fastify'
import type { Access } from './access.ts'
import type { CompiledDocument } from './document/compiled.ts'
import { validator } from './document/validator.ts'
import { requestFields } from './forwarding/fields.ts'
import { forward } from './forwarding/forward.ts'
import { endUnread } from './forwarding/unread.ts'
import { health } from './health.ts'
import type { Send } from './routes.ts'
import { operationRoutes } from './routes.ts'
import type { OwnSessions, Shared } from './shared.ts'
import { webSocketRoutes } from './websockets.ts'

/** The longest value in a path; Fastify takes 100. */
const LONGEST_VALUE = 1_024

/**
 * One document as an application: the door, the accounts, the document's operations. It is built anew for each new document, over
 * what is shared, and does not listen.
 */
export const buildApp = async (
  shared: Shared,
  compiled: CompiledDocument,
  access: Access,
): Promise<FastifyInstance> => {
  const { settings, events, sessions } = shared
  const app = Fastify({
    logger: loggerOptions(settings.LOG_LEVEL),
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request costs as much as its values' check; what is logged here names its route.
    childLoggerFactory: (logger) => logger,
    return503OnClosing: false,
    // How long a document takes depends on what else is answered meanwhile.
    pluginTimeout: 0,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
    routerOptions: { maxParamLength: LONGEST_VALUE },
  })
  const common: LayerOptions = {
    mode: settings.development ? 'development' : 'production',
    cors: {
      origins: settings.CORS_ORIGINS,
      allowedHeaders: [...headersOf(compiled), ...settings.CORS_ALLOWED_HEADERS],
      exposedHeaders: settings.CORS_EXPOSED_HEADERS,
    },
    trustedProxies: settings.TRUSTED_PROXIES,
    forwardedHeader: settings.FORWARDED_HEADER,
    limits: {
      client: settings.LIMIT_CLIENT,
      credentials: settings.LIMIT_CREDENTIALS,
      refresh: settings.LIMIT_REFRESH,
      account: settings.LIMIT_ACCOUNT,
      counter: shared.counter,
    },
    // The document is not ours to mend: what it leaves open is shown at the start, and bounded by the body's limit.
    validation: { waive: compiled.unbounded.flatMap(({ name }) => [name, name.replace(/^GET /, 'HEAD ')]) },
    events,
  }
  const unsafeAllowUpgradeListeners = access.webSockets.length > 0
  await app.register(portcullis, { ...common, ...judgesOf(shared), unsafeAllowUpgradeListeners })
  app.addHook('onSend', endUnread)
  const { answers, figures } = shared
  metrics(app, { path: '/-/metrics', token: settings.METRICS_TOKEN, figures, answers })
  const isKnownOrigin = (origin: string): boolean => settings.CORS_ORIGINS.includes(origin)
  if (sessions.kind === 'own') await ownAccounts(app, shared, sessions, isKnownOrigin)
  await app.register(health(sessions.kind === 'own' ? sessions.ping : async () => {}))
  const fieldsOf = requestFields({
    identityNames: shared.identity.names,
    forwardedHeader: settings.FORWARDED_HEADER,
    ownCookie: shared.upstream.ownCookie,
  })
  const passes = settings.PASS_AUTHORIZATION === 'yes'
  const outgoing = (request: FastifyRequest, isPublic: boolean, described = NONE): string[] => {
    const fields = fieldsOf(request.raw, request.client, described)
    for (const [name, value] of Object.entries(shared.identity.fields(isPublic ? undefined : request.principal)))
      fields.push(name, value)
    const { authorization } = request.raw.headers
    if (passes && !isPublic && authorization !== undefined) fields.push('authorization', authorization)
    return fields
  }
  const send: Send = (request, reply, call, isPublic) => {
    const fields = outgoing(request, isPublic, call.headers)
    if (call.contentType !== undefined) fields.push('content-type', call.contentType)
    if (call.contentLength !== undefined) fields.push('content-length', call.contentLength)
    forward(request, reply, shared.upstream, { target: call.target, fields, body: call.body, isPublic })
  }
  const { served: operations, document } = compiled
  await app.register(
    operationRoutes({ operations, access, validator: validator(document), uploadLimit: settings.UPLOAD_LIMIT, send }),
  )
  await app.register(webSocketRoutes({ access, upstream: shared.upstream, settings, outgoing, isKnownOrigin }))
  if (access.docs && settings.development)
    app.get('/openapi.json', { config: { access: 'public' } }, async () => compiled.document)
  await app.ready()
  return app
}

const NONE: ReadonlySet<string> = new Set()

/** What the document describes as a header parameter: a browser asks before it sends one (Fetch §4.8), and would be told that none is known. */
const headersOf = ({ served }: CompiledDocument): ReadonlySet<string> =>
  new Set(
    served
      .flatMap(({ parameters }) => parameters.filter(({ place }) => place === 'header'))
      .map(({ name }) => name.toLowerCase())
      // What no field can be called is not asked for either.
      .filter((name) => /^[\w-]+$/.test(name)),
  )

type Judges = Pick<BaselineOptions, 'sessions' | 'identify'> & BaselineOptions
type LayerOptions = Omit<BaselineOptions, 'sessions' | 'identify'>

/** Who verifies tokens and knows accounts. */
const judgesOf = ({ settings, sessions }: Shared): Judges =>
  sessions.kind === 'own'
    ? {
        sessions: { secret: settings.JWT_SECRET, store: sessions.sessions },
        identify: (userId: string) => sessions.accounts.identity(userId),
      }
    : { sessions: { foreign: sessions.tokens } }

/** Under /auth alone: /users and the rest of the paths are the upstream's. */
const ownAccounts = async (
  app: FastifyInstance,
  { counter, events }: Shared,
  { accounts: store, hasher }: OwnSessions,
  isKnownOrigin: (origin: string) => boolean,
): Promise<void> => {
  const people = accounts({
    store,
    sessions: app.portcullis.sessions,
    hasher,
    counter,
    limits: app.portcullis.limits,
    events: (events satisfies SecurityEvents).publish,
  })
  const definitions = accountRoutes(people).map((route) =>
    route.path.startsWith('/auth/') ? route : { ...route, path: `/auth${route.path}` },
  )
  await app.register(routesOf(definitions, isKnownOrigin))
}
