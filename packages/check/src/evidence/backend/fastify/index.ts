/** Fastify: its applications as they are put together, and what that says of routes, guards, limits and the rest. */
import type { Value } from '../../source/index.ts'
import { BETTER_AUTH, signInsBelow } from '../better-auth/index.ts'
import type { FrameworkFacts, Route } from '../facts.ts'
import { asLogin } from '../guards/index.ts'
import { askedBy, countingFor } from '../limits/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { debugOf } from './answers.ts'
import { assemble, assembleBelowNest } from './applications.ts'
import { entryOf, isLiteral, optionValue, textIn } from './expressions.ts'
import { HOOKS } from './guarding.ts'
import { type Guards, guardsOf } from './guards.ts'
import { inputsOf } from './inputs.ts'
import { issuersOf } from './issuers.ts'
import { limitsOf } from './limits.ts'
import type { Application, RouteEntry } from './model.ts'
import { corsOf, docsOf, proxiesOf } from './surroundings.ts'
import { whenAdded } from './when.ts'

export const readFastify = (reading: Reading): FrameworkFacts => {
  const all = assemble(reading).map((app) => factsOf(reading, app))
  return {
    routes: all.flatMap((one) => one.routes),
    limiters: all.flatMap((one) => one.limiters),
    guards: all.flatMap((one) => one.guards),
    cors: all.flatMap((one) => one.cors),
    docs: all.flatMap((one) => one.docs),
    debug: all.flatMap((one) => one.debug),
    proxies: all.flatMap((one) => one.proxies),
    issuers: all.flatMap((one) => one.issuers ?? []),
    cookies: all.flatMap((one) => one.cookies ?? []),
    unreadRoutes: all.flatMap((one) => one.unreadRoutes ?? []),
  }
}

/** What is put on the instance below a Nest application by hand: no guard, pipe or throttler of Nest's stands before it. */
export const readBelowNest = (reading: Reading): Pick<FrameworkFacts, 'routes' | 'limiters' | 'docs'> => {
  const all = assembleBelowNest(reading).map((app) => {
    const routes = app.routes.filter((one) => whenAdded(reading, one) !== 'development')
    return factsOf(reading, { ...app, routes })
  })
  return {
    routes: all.flatMap((one) => one.routes),
    // Plugins of other packages have routes that nobody sees: what covers none here may cover those.
    limiters: all.flatMap((one) => one.limiters).filter((one) => one.mounted !== 'nowhere'),
    docs: all.flatMap((one) => one.docs),
  }
}

const handlersOf = (reading: Reading, { options, handler }: RouteEntry): readonly Value[] =>
  [...HOOKS.map((name) => optionValue(reading, options, name)), handler].filter((one) => one !== undefined)

const factsOf = (reading: Reading, app: Application): FrameworkFacts => {
  const guards = guardsOf(reading, app)
  const limits = limitsOf(reading, app)
  const answered = new Set(app.routes.map(({ url }) => url))
  const routes = app.routes.flatMap((route): Route[] => {
    const handed = route.methods.some((one) => /^(?:POST|ALL)$/.test(one))
      ? signInsBelow(reading, route.handler, route.url)
      : []
    const facts = {
      framework: 'fastify' as const,
      at: placeOf(reading, route.call.node.at),
      limiters: [...limits.of(route), ...askedBy(reading, route.handler)],
      // What better-auth is handed it checks itself.
      inputs: handed.length > 0 ? [] : inputsOf(reading, app, route),
      ...guards.of(route),
      ...asLogin(reading, handlersOf(reading, route)),
    }
    return [
      ...route.methods.map((method): Route => {
        const limiters = facts.limiters.map((one) => countingFor(reading, one, { path: route.url, method }))
        return { ...facts, limiters, method, path: route.url, handler: route.handlerName }
      }),
      // What has a route of its own is answered by that one, wherever it stands.
      ...handed
        .filter((path) => !answered.has(path))
        .map((path): Route => ({ ...facts, method: 'POST', path, handler: BETTER_AUTH })),
    ]
  })
  return {
    routes: [...routes, ...graphql(reading, app, guards)],
    limiters: limits.limiters(),
    guards: guards.guards,
    cors: corsOf(reading, app),
    docs: docsOf(reading, app, guards),
    debug: debugOf(reading, app),
    proxies: proxiesOf(reading, app),
    issuers: issuersOf(reading, app),
    // The refresh cookie's flags are known with the routes.
    cookies: app.accounts.map((at) => ({ at: placeOf(reading, at), missing: [] })),
    unreadRoutes: app.unreadDefinitions.map(({ call }) => placeOf(reading, call.node.at)),
  }
}

/** Mercurius answers one path; what its arguments may be is the GraphQL schema's to say. */
const graphql = (reading: Reading, app: Application, guards: Guards): Route[] =>
  app.plugins
    .filter((one) => one.from === 'mercurius' && !isLiteral(entryOf(one.settings, 'routes'), false))
    .map((plugin) => {
      const at = placeOf(reading, plugin.call.node.at)
      const path = textIn(entryOf(plugin.settings, 'path')) ?? '/graphql'
      const held = guards.holds(plugin.context, path)
      return {
        framework: 'fastify',
        method: 'POST',
        path,
        at,
        guard: held ? (plugin.context === app.root ? 'global' : 'group') : 'none',
        limiters: [],
        inputs: [{ from: 'body', at, problems: [], unread: "GraphQL's arguments are not read" }],
        handler: 'mercurius',
      }
    })
