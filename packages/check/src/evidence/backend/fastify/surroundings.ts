/** Around the routes: origins, documentation, proxies. */
import { possibilities, type Value } from '../../source/index.ts'
import { trustsOf } from '../deployment/index.ts'
import type { CorsSetting, Docs, ProxyTrust } from '../facts.ts'
import { callWithoutList, literalOf, originsEntry } from '../literals.ts'
import {
  corsInside,
  corsOfPackage,
  headersByHand,
  originOption,
  originsOf,
  originsOfDelegate,
} from '../origins/index.ts'
import { placeOf, type Reading, writtenAt } from '../reading.ts'
import { byDefault } from '../switches/index.ts'
import { resolve } from './decorators.ts'
import { entryOf, isLiteral, optionOf, textIn } from './expressions.ts'
import { HOOKS, hookGuard } from './guarding.ts'
import type { Guards } from './guards.ts'
import { memberOfInstance } from './instances.ts'
import type { Application, PluginUse, RouteEntry } from './model.ts'
import { isPortcullis } from './portcullis.ts'
import { saysDevelopment, whenAdded } from './when.ts'

export const corsOf = (reading: Reading, app: Application): CorsSetting[] => {
  const settings: CorsSetting[] = []
  for (const plugin of app.plugins) {
    const when = whenAdded(reading, plugin)
    if (when === 'development' || when === 'never') continue
    if (plugin.from === '@fastify/cors' || plugin.from === 'fastify-cors')
      settings.push(...corsSettings(reading, plugin, plugin.settings))
    if (isPortcullis(plugin.from, plugin.path)) {
      const origins = entryOf(entryOf(plugin.settings, 'cors'), 'origins')
      if (origins !== undefined)
        settings.push({
          at: placeOf(reading, origins.at),
          origins: portcullisOrigins(reading, origins),
          what: 'portcullis cors origins',
          credentials: true,
        })
    }
  }
  for (const hook of app.hooks)
    for (const { value } of resolve(reading, app, hook.value)) {
      settings.push(...corsOfPackage(reading, value))
      if (value.kind === 'function') settings.push(...headersByHand(reading, value), ...corsInside(reading, value))
    }
  for (const { handler } of app.routes)
    for (const one of handler === undefined ? [] : possibilities(handler))
      if (one.kind === 'function') settings.push(...headersByHand(reading, one))
  return settings
}

/** Portcullis refuses to start with `*`: a list that can't be read is one. */
const portcullisOrigins = (reading: Reading, origins: Value): CorsSetting['origins'] => {
  const found = originsOf(reading, origins, 'listed')
  return found === 'unknown' ? 'listed' : found
}

const corsSettings = (reading: Reading, plugin: PluginUse, settings: Value | undefined): CorsSetting[] => {
  const at = placeOf(reading, plugin.call.node.at)
  if (settings === undefined)
    return [
      {
        at,
        origins: 'any',
        what: '@fastify/cors without a list',
        credentials: false,
        ...literalOf(callWithoutList(reading, plugin.call.node, '{ origin: ')),
      },
    ]
  return possibilities(settings).map((one): CorsSetting => {
    // A function of the instance gives a delegate: options for each request.
    const delegate = one.kind === 'object' ? one.entries.get('delegator') : one
    if (delegate?.kind === 'function')
      return {
        at,
        origins: originsOfDelegate(reading, delegate),
        what: '@fastify/cors delegate',
        credentials: false,
      }
    if (one.kind !== 'object') return { at, origins: 'unknown', what: '@fastify/cors options', credentials: false }
    const origin = asSetting(one.entries.get('origin'))
    if (origin === undefined && one.rest.length > 0)
      return { at, origins: 'unknown', what: '@fastify/cors options', credentials: false }
    return {
      at: origin === undefined ? at : placeOf(reading, origin.at),
      origins: origin?.kind === 'env' ? originsOf(reading, origin, 'any') : originOption(reading, one, 'any'),
      what: '@fastify/cors origin',
      credentials: isLiteral(one.entries.get('credentials'), true),
      ...literalOf(originsEntry(reading, one, 'origin')),
    }
  })
}

/** `fastify.config.WEB_APP_URL`: a setting, whatever plugin put the settings on the instance. */
const asSetting = (value: Value | undefined): Value | undefined => {
  const member = value && memberOfInstance(value)
  const [object, name = '', ...more] = member?.path ?? []
  return value !== undefined && object === 'config' && more.length === 0 && /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(name)
    ? { kind: 'env', name, at: value.at }
    : value
}

interface Shown {
  readonly path: string
  /** Whether its options switch it on at all. */
  readonly on: (settings: Value | undefined) => Value | boolean
}

const always = () => true

const DOCS: Readonly<Record<string, Shown>> = {
  '@fastify/swagger-ui': { path: '/documentation', on: always },
  '@scalar/fastify-api-reference': { path: '/reference', on: always },
  '@fastify/swagger': { path: '/documentation', on: (settings) => entryOf(settings, 'exposeRoute') ?? false },
  'fastify-swagger': { path: '/documentation', on: (settings) => entryOf(settings, 'exposeRoute') ?? false },
  'fastify-oas': { path: '/documentation', on: (settings) => entryOf(settings, 'exposeRoute') ?? false },
  'fastify-swagger-ui': { path: '/documentation', on: always },
  'fastify-redoc': { path: '/docs', on: always },
  'altair-fastify-plugin': { path: '/altair', on: always },
  mercurius: { path: '/graphiql', on: (settings) => entryOf(settings, 'graphiql', 'ide') ?? false },
}

const DOCUMENT =
  /(?:^|\/)(?:openapi(?:\.(?:json|ya?ml))?|swagger(?:\.(?:json|ya?ml))?|api-?docs?(?:\.json)?|docs|documentation|redoc|reference|graphiql|playground)\/?$/i

/** What may as well list somebody's documents: there the handler has to say what it answers. */
const ANY_DOCUMENTS = /(?:^|\/)(?:docs|documentation|reference|playground)\/?$/i

const answersPage = (reading: Reading, { handler }: RouteEntry): boolean =>
  possibilities(handler ?? { kind: 'unknown', at: { file: '', line: 0, start: 0, end: 0 } }).some(
    (one) =>
      one.kind !== 'function' ||
      /swagger|open_?api|redoc|scalar|rapidoc|stoplight|text\/html|sendFile|\.html|redirect|spec\b/i.test(
        writtenAt(reading, one),
      ),
  )

export const docsOf = (reading: Reading, app: Application, guards: Guards): Docs[] => {
  const docs: Docs[] = []
  for (const plugin of app.plugins) {
    const shown = DOCS[plugin.from]
    if (shown === undefined) continue
    const on = shown.on(plugin.settings)
    const given = on === true ? 'always' : on === false ? 'never' : switched(reading, plugin, on)
    if (given === 'never' && on === false) continue
    const path = textIn(entryOf(plugin.settings, 'routePrefix', 'prefix')) ?? shown.path
    docs.push({
      at: placeOf(reading, plugin.call.node.at),
      path,
      when: whenShown(reading, app, guards, plugin, path, given),
    })
  }
  for (const route of app.routes) {
    if (!DOCUMENT.test(route.url) || !(route.methods.includes('GET') || route.methods.includes('ALL'))) continue
    if (ANY_DOCUMENTS.test(route.url) && !answersPage(reading, route)) continue
    docs.push({ at: placeOf(reading, route.call.node.at), path: route.url, when: whenRoute(reading, guards, route) })
  }
  return docs
}

/** `graphiql: env.isDevelopment`. */
const switched = (reading: Reading, plugin: PluginUse, value: Value): Docs['when'] => {
  const written = optionOf(reading, plugin.options, 'graphiql', 'ide', 'exposeRoute')
  if (written !== undefined && saysDevelopment(reading, written.node, written.scope)) return 'development'
  const set = written && byDefault(reading, written.node, written.scope)
  if (set !== undefined) return set ? 'always' : 'never'
  const states = possibilities(value).map((one): Docs['when'] => {
    if (one.kind === 'literal') return one.value ? 'always' : 'never'
    return one.kind === 'env' ? 'never' : one.kind === 'object' ? 'always' : 'unknown'
  })
  return states.every((one) => one === states[0]) ? (states[0] ?? 'unknown') : 'unknown'
}

const whenShown = (
  reading: Reading,
  app: Application,
  guards: Guards,
  plugin: PluginUse,
  path: string,
  given: Docs['when'],
): Docs['when'] => {
  if (given === 'development' || given === 'never') return given
  if (guards.holds(plugin.context, path)) return 'guarded'
  const own = ownGuard(reading, app, plugin)
  if (own !== undefined) return own
  const when = whenAdded(reading, plugin)
  return when === 'production' ? 'always' : when === 'always' ? given : when
}

/** `uiHooks: { onRequest: fastify.basicAuth }`. One that is only a way of a choice, `password ? fastify.basicAuth : undefined`, may not be there. */
const ownGuard = (reading: Reading, app: Application, plugin: PluginUse): 'guarded' | 'unknown' | undefined => {
  const hooks = entryOf(plugin.settings, 'uiHooks', 'hooks')
  const ways = HOOKS.map((name) =>
    [entryOf(hooks, name) ?? entryOf(plugin.settings, name)]
      .flatMap((one) => (one === undefined ? [] : possibilities(one)))
      .map((one) => hookGuard(reading, app, one) !== undefined),
  )
  if (ways.some((one) => one.length > 0 && one.every(Boolean))) return 'guarded'
  return ways.some((one) => one.some(Boolean)) ? 'unknown' : undefined
}

const whenRoute = (reading: Reading, guards: Guards, route: RouteEntry): Docs['when'] => {
  const { guard } = guards.of(route)
  if (guard === 'global' || guard === 'group' || guard === 'own') return 'guarded'
  const when = whenAdded(reading, route)
  return when === 'production' ? 'always' : when
}

export const proxiesOf = (reading: Reading, app: Application): ProxyTrust[] => {
  const proxies: ProxyTrust[] = []
  const given = entryOf(app.options, 'trustProxy')
  if (given !== undefined)
    for (const trust of trustsOf(reading, given))
      proxies.push({ at: placeOf(reading, given.at), framework: 'fastify', trust })
  for (const plugin of app.plugins) {
    if (!isPortcullis(plugin.from, plugin.path)) continue
    const proxy = entryOf(plugin.settings, 'trustedProxies')
    proxies.push({
      at: placeOf(reading, proxy?.at ?? plugin.call.node.at),
      framework: 'fastify',
      trust: proxy === undefined ? 'none' : listedProxies(proxy),
    })
  }
  return proxies.filter(
    (one, index) =>
      proxies.findIndex(
        (other) => other.at.file === one.at.file && other.at.line === one.at.line && other.trust === one.trust,
      ) === index,
  )
}

/** Portcullis takes a list and refuses one that trusts everybody. */
const listedProxies = (value: Value): ProxyTrust['trust'] =>
  possibilities(value).some((one) => one.kind === 'list' && one.items.length === 0) ? 'none' : 'listed'
