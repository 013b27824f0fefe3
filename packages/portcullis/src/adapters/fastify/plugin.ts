import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Baseline, BaselineOptions, BodyRule } from '../../door/index.ts'
import { baseline } from '../../door/index.ts'
import { accessTable } from '../../layers/access/index.ts'
import { pruneRegularly } from '../../layers/sessions/index.ts'
import { parseJson } from '../../layers/validation/index.ts'
import { Problem } from '../../response/index.ts'
import { SettingsError } from '../../settings/index.ts'
import type { PortcullisInstance } from './augmentation.ts'
import { answerWhileClosing } from './closing.ts'
import {
  BODY_LIMIT,
  constructorOptions,
  replacedTimeouts,
  surroundingsOf,
  wantsLargerBodies,
} from './constructor-options.ts'
import { keepTick } from './kept-tick.ts'
import { replacePlain404 } from './not-found.ts'
import { pastTheDoor } from './past-the-door.ts'
import { errorHandler } from './replies.ts'
import { ADMITTED, admit } from './requests.ts'
import type { RouteRegister } from './routes.ts'
import { doorRouteOf, routeRegister } from './routes.ts'
import { boundServer, serverFaults } from './server.ts'
import { everyServer } from './servers.ts'
import { showShortLivedTicks } from './short-lived-ticks.ts'
import { endPipelined } from './upgrades.ts'
import { watchOf } from './watch.ts'
import { wholeBody } from './whole-body.ts'

/** The plugin's options: those of the four layers, and what only this adapter has. */
export type PortcullisOptions = BaselineOptions & {
  /** Lets other code answer `Upgrade` requests. Safe only where it asks the door: @fastify/websocket routes its upgrades, a bare `server.on('upgrade')` does not. */
  readonly unsafeAllowUpgradeListeners?: boolean
}

const OWN_OPTIONS = ['unsafeAllowUpgradeListeners'] as const satisfies readonly (keyof PortcullisOptions)[]

/**
 * Hangs the door into a Fastify application: every route, registered anywhere after this, is closed until its own definition
 * opens it. Register it on the application itself, before any route.
 *
 * @throws SettingsError with every mistake in the options; at `ready` with every route that can't be served safely
 */
export const portcullis = async (app: FastifyInstance, options: PortcullisOptions): Promise<void> => {
  const watch = watchOf(app)
  if (watch === undefined) {
    throw new SettingsError([
      "Register portcullis on the application itself, not inside another plugin; and import 'portcullis/fastify' before Fastify() is called, so that no route escapes it.",
    ])
  }
  if (watch.hung !== undefined) throw new SettingsError(['portcullis is registered twice: take one out.'])
  if (watch.early.length > 0) {
    throw new SettingsError([
      ...watch.registrations.faults,
      ...watch.early.map(
        (route) =>
          `${route} was registered before portcullis: register portcullis first, and wait for it (await app.register(portcullis, …)).`,
      ),
    ])
  }

  keepTick()
  showShortLivedTicks()
  const { unsafeAllowUpgradeListeners = false } = options
  // 'false' would be true.
  if (typeof unsafeAllowUpgradeListeners !== 'boolean')
    throw new SettingsError(['unsafeAllowUpgradeListeners takes true or false'])
  const layers = baseline(options, OWN_OPTIONS)
  const routes = routeRegister(layers, surroundingsOf(app, watch.registrations.plugins))
  const ask = admit(layers, watch.registrations)
  watch.hung = { route: routes.see, request: ask }
  answerFrameworkErrors(app, ask)
  everyServer(app, boundServer)
  decorate(app, layers, routes)
  readBodies(app)
  const replaced = hasErrorHandler(app)
  app.setErrorHandler(errorHandler)
  // Fastify binds it.
  const ours = app.errorHandler
  app.addHook('onReady', async () => {
    const { faults, findings } = routes.judge(watch.registrations.findings)
    refuseUnsafeStart(app, layers, [...watch.registrations.faults, ...faults], findings, unsafeAllowUpgradeListeners)
    replacePlain404(watch.contexts)
    if (watch.registrations.plugins.has('@fastify/helmet')) app.log.warn(HELMET)
    if (constructorOptions(app).trustProxy && !options.trustedProxies?.length) app.log.warn(TRUST_PROXY)
    if (wantsLargerBodies(app)) app.log.warn(LARGER_BODIES)
    for (const name of replacedTimeouts(app)) app.log.warn(replacedTimeout(name))
    if ([...watch.contexts].some((context) => context.errorHandler !== ours)) app.log.warn(OWN_ERROR_HANDLER)
    else if (replaced) app.log.warn(REPLACED_ERROR_HANDLER)
  })
  answerWhileClosing(app)
  pruneWhileListening(app, layers)
}

// A field that somebody sets takes the door's place (answer-fields.ts), and all of helmet's are set on every answer.
const HELMET =
  '@fastify/helmet writes its fields over those of the door, and its Content-Security-Policy allows more: take it out, and set what an answer needs besides on that answer.'

const TRUST_PROXY =
  'trustProxy of Fastify() says nothing to the door: behind a proxy all clients are counted as one. List the proxies in trustedProxies.'

const LARGER_BODIES =
  'bodyLimit of Fastify() is not in force: a body has 64 KiB at most, unless its route says otherwise. Give a bodyLimit to each route that takes more.'

const replacedTimeout = (name: string): string =>
  `${name} of Fastify() is not in force, the door has its own: set app.server.${name} after portcullis is registered.`

const OWN_ERROR_HANDLER =
  "The application has an error handler of its own, which answers refused values too, and may tell what was thrown: let it end with errorHandler(error, request, reply) of 'portcullis/fastify'."

const REPLACED_ERROR_HANDLER =
  'The error handler that was set before portcullis was registered is not used: set it after, and let it end with errorHandler.'

/** Fastify keeps it under a symbol. */
const hasErrorHandler = (app: FastifyInstance): boolean =>
  Object.getOwnPropertySymbols(app).some(
    (symbol) => symbol.description === 'fastify.errorHandlerAlreadySet' && Reflect.get(app, symbol) === true,
  )

const pruneWhileListening = (app: FastifyInstance, layers: Baseline): void => {
  let stop = async (): Promise<void> => {}
  app.addHook('onListen', async () => {
    const failed = (err: unknown): void => app.log.error({ err }, 'expired sessions were not pruned')
    stop = pruneRegularly(layers.pruneSessions, failed)
  })
  // Before the application's own onClose, which may close the store.
  app.addHook('preClose', async () => stop())
}

const decorate = (app: FastifyInstance, layers: Baseline, routes: RouteRegister): void => {
  const instance: PortcullisInstance = {
    sessions: layers.sessions,
    accessTable: () => accessTable(routes.entries),
    limits: { account: layers.policies.account },
    events: layers.events,
    jwks: layers.jwks,
    keys: layers.keys,
    rotateKeys: layers.rotateKeys,
  }
  app.decorate('portcullis', instance)
  app.decorateRequest(ADMITTED, undefined)
  app.decorateRequest('principal', {
    getter(this: FastifyRequest) {
      const admitted = this[ADMITTED]
      if (admitted?.principal === undefined)
        throw new TypeError(`request.principal was read ${admitted === undefined ? OF_REFUSED : ON_PUBLIC}`)
      return admitted.principal
    },
  })
  app.decorateRequest('client', {
    getter(this: FastifyRequest) {
      return (
        this[ADMITTED]?.client ?? layers.client(this.raw.socket.remoteAddress, this.raw.headers[layers.forwardedHeader])
      )
    },
  })
}

const ON_PUBLIC = 'on a public route, where nobody is asked who they are.'
const OF_REFUSED =
  'of a request that the door has not admitted: hooks such as onSend and onResponse run for those too, so read it where a handler runs.'

const mayBeNothing = (body: BodyRule | undefined): boolean => body?.taken !== true || body.optional

/** Fastify's own parsers take text/plain, duplicate names and any depth. */
const readBodies = (app: FastifyInstance): void => {
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser('application/json', (request, payload, done) => {
    const rule = doorRouteOf(request)?.body
    wholeBody(payload, rule?.limit ?? BODY_LIMIT, request.headers['content-length'], (error, bytes = NOTHING) => {
      if (error !== null) return done(error, undefined)
      // Clients that name JSON whatever they send, and send nothing where nothing is asked for (axios, DELETE; a refresh by cookie).
      if (bytes.length === 0 && mayBeNothing(rule)) return done(null, undefined)
      const parsed = parseJson(bytes)
      if (parsed.ok) done(null, parsed.value)
      else done(new Problem('malformed-body'), undefined)
    })
  })
}

const NOTHING = Buffer.alloc(0)

/**
 * Fastify answers a target that it can't decode, or whose value is longer than its router takes, before any hook, echoing it:
 * 414 there and 401 elsewhere would show which paths have parameters. `frameworkErrors` is an option of the constructor; the
 * plugin sets it afterwards where nobody has.
 */
const answerFrameworkErrors = (app: FastifyInstance, ask: ReturnType<typeof admit>): void => {
  const options = constructorOptions(app)
  if (options.frameworkErrors) return
  options.frameworkErrors = (_error: Error, request: FastifyRequest, reply: FastifyReply) =>
    ask(request, reply, () => {})
}

/** The last look before the application serves anybody. */
const refuseUnsafeStart = (
  app: FastifyInstance,
  layers: Baseline,
  faults: string[],
  findings: readonly string[],
  allowUpgrades: boolean,
): void => {
  if (!layers.development) faults.push(...findings, ...serverFaults(app.server))
  faults.push(...pastTheDoor(app))
  if (allowUpgrades) app.server.prependListener('upgrade', endPipelined)
  else {
    if (app.server.listenerCount('upgrade') > 0) {
      faults.push(
        "Something listens for the server's 'upgrade' event and could answer past the door; if it asks the door (as @fastify/websocket does), set unsafeAllowUpgradeListeners.",
      )
    }
    // A listener that is added later gets nothing either: the request goes the way of every other.
    everyServer(app, (server) => Object.assign(server, { shouldUpgradeCallback: () => false }))
  }
  if (faults.length > 0) throw new SettingsError(faults)
  for (const warning of [...layers.warnings, ...(layers.development ? findings : [])]) app.log.warn(warning)
}

// What fastify-plugin sets: the plugin works on the application it is registered on, not on a context of its own.
Object.assign(portcullis, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'portcullis',
  [Symbol.for('plugin-meta')]: { name: 'portcullis', fastify: '5.x' },
})
