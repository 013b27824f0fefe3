/** Which guard covers a FastAPI route: a middleware, the application's, its routers', its own. */
import { type Call, type Located, lastName, type Node, type Scope, walkBody } from '../../source/index.ts'
import { methodFaults } from '../exceptions/index.ts'
import type { GlobalGuard, Place, Route } from '../facts.ts'
import { asksOnly, guardIn, isOpenToAll, refusalIn } from '../guards/index.ts'
import { faultsOf, isAbout, namesOnly, type PathRules, pathRules, valuesOf } from '../python/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isUp } from '../switches/index.ts'
import type { Application, Inclusion, Mounted } from './application.ts'
import { askedByView } from './class-views.ts'
import { type DependencyGuard, dependenciesFor, guardOf, listedDependencies } from './dependencies.ts'
import { backendOf, type Middleware } from './middleware.ts'
import { refusesOnSocket } from './socket-guards.ts'

interface Covering {
  readonly at: Place
  readonly what: string
  readonly rules: PathRules
  /** Undefined: every application. */
  readonly app: Call | undefined
  /** A dependency of the application: what is mounted in it, and its documentation, is not asked for it. */
  readonly dependency: boolean
  readonly faults: readonly { readonly what: string; readonly at: Place }[]
  readonly asksOnly?: true
}

export interface Guarding {
  readonly covering: readonly Covering[]
  readonly guards: readonly GlobalGuard[]
  readonly of: (route: Mounted) => Pick<Route, 'guard' | 'guardAt' | 'openedByName'>
}

const NO_RULES: PathRules = { open: [], only: [] }

const refusing =
  (reading: Reading) =>
  (nodes: readonly Node[], scope: Scope): boolean => {
    if (refusalIn(reading, nodes, scope)) return true
    let found = false
    walkBody(nodes, (node) => {
      if (found || node.kind !== 'call') return
      const callee = reading.evaluator.value(node.callee, reading.program.scopeOf(node) ?? scope)
      found = callee.kind === 'function' && guardIn(reading, callee) !== undefined
    })
    return found
  }

export const guardingOf = (
  reading: Reading,
  application: Application,
  middleware: readonly Middleware[],
  routes: readonly Mounted[],
): Guarding => {
  const covering = [
    ...middleware.flatMap((one) => byMiddleware(reading, one)),
    ...byApplication(reading, application),
  ].map((one) => judged(one, routes))
  const holding = covering.length > 0 ? undefined : holdingInclusion(reading, application, routes)
  const guards: GlobalGuard[] = covering.map(({ at, what, faults, asksOnly: asks }) => ({
    at,
    what,
    faults,
    ...(asks === undefined ? {} : { asksOnly: asks }),
  }))
  if (holding) guards.push({ at: holding.at, what: holding.what, faults: [] })
  const own = (route: Mounted) => ownGuard(reading, route)
  return {
    covering,
    guards,
    of: (route) => {
      let exempt: Place | undefined
      let byName = false
      for (const one of covering) {
        if (!covers(one, route)) continue
        const open = one.rules.open.filter((test) => isAbout(test, route.path, route.handler.methods[0]))
        if (open[0] !== undefined) {
          exempt = open[0].at
          byName ||= namesOnly(open)
        } else if (one.faults.some(({ what }) => what === LISTS_PRIVATE)) {
          if (one.rules.only.some((test) => isAbout(test, route.path, route.handler.methods[0])))
            return { guard: 'group', guardAt: one.at }
        } else return { guard: 'global', guardAt: one.at }
      }
      const { plain } = route.handler
      const group = plain ? undefined : groupGuard(reading, application, route)
      if (group && holding && route.inclusions.includes(holding.inclusion))
        return { guard: 'global', guardAt: holding.at }
      if (group) return { guard: 'group', guardAt: group }
      const found = own(route)
      if (found) return { guard: 'own', guardAt: found }
      if (exempt) return { guard: 'exempt', guardAt: exempt, ...(byName ? { openedByName: true } : {}) }
      return holding && !plain && route.apps.includes(holding.inclusion.parent)
        ? { guard: 'exempt', guardAt: holding.at }
        : { guard: 'none' }
    },
  }
}

const covers = ({ app, dependency }: Covering, { apps, handler }: Mounted): boolean => {
  // Starlette's HTTP middleware sees no websockets.
  if (!dependency && handler.methods.includes('WEBSOCKET')) return false
  if (dependency && handler.plain) return false
  return app === undefined || (dependency ? apps.at(-1) === app : apps.includes(app))
}

/** What a middleware refuses without a credential. */
const byMiddleware = (reading: Reading, one: Middleware): readonly Covering[] => {
  if (!isUp(reading, one.call.node)) return []
  const callee = one.name === 'AuthenticationMiddleware' ? backendOf(reading, one) : one.function
  const at = placeOf(reading, one.call.node.at)
  if (callee === undefined) {
    const guard =
      one.value.kind === 'function' || one.value.kind === 'class' || one.value.kind === 'instance'
        ? undefined
        : externalMiddleware(one)
    return guard ? [{ at, what: one.name, rules: NO_RULES, app: one.app, dependency: false, faults: [] }] : []
  }
  const acts = refusing(reading)
  const guard = guardIn(reading, callee)
  const refuses = refusalIn(reading, callee.node.body, callee.scope)
  if (
    !refuses ||
    (guard === undefined &&
      !/auth|jwt|token|session|login|guard|api_?key/i.test(`${one.name} ${callee.node.name ?? ''}`)) ||
    guard?.optional ||
    isOpenToAll(reading, callee, 'next')
  )
    return []
  // Starlette's backend lets through whom it returns nothing for.
  if (one.name === 'AuthenticationMiddleware' && returnsNothing(callee.node.body)) return []
  return [
    {
      at,
      what: one.name || 'middleware',
      rules: pathRules(reading, callee, acts),
      app: one.app,
      dependency: false,
      faults: methodFaults(reading, callee, 'next'),
      ...(asksOnly(reading, callee) ? { asksOnly: true as const } : {}),
    },
  ]
}

const externalMiddleware = ({ name, value }: Middleware): boolean =>
  value.kind === 'external' &&
  /auth|jwt|api_?key|keycloak|oidc/i.test(name) &&
  !/^(?:AuthenticationMiddleware)$/.test(name)

const returnsNothing = (body: readonly Node[]): boolean => {
  let found = false
  walkBody(body, (node) => {
    if (
      node.kind === 'return' &&
      (node.value === undefined || (node.value.kind === 'literal' && node.value.value === null))
    )
      found = true
  })
  return found
}

/** FastAPI(dependencies=[Depends(guard)]) */
const byApplication = (reading: Reading, { units }: Application): readonly Covering[] =>
  [...units.values()]
    .filter((one) => one.isApp)
    .flatMap((unit) => {
      const guard = firstGuard(reading, unit.dependencies)
      if (guard === undefined) return []
      const rules = guard.value.kind === 'function' ? pathRules(reading, guard.value, refusing(reading)) : NO_RULES
      const methods = guard.value.kind === 'function' ? methodFaults(reading, guard.value, 'end') : []
      const faults = guard.bare ? [{ what: 'it asks for a credential and verifies nothing', at: guard.at }] : methods
      return [
        {
          at: placeOf(reading, unit.dependencies[0]?.node.at ?? unit.call.node.at),
          what: guard.what,
          rules,
          app: unit.call.node,
          dependency: true,
          faults,
        },
      ]
    })

const firstGuard = (reading: Reading, items: readonly Located[]): DependencyGuard | undefined => {
  for (const one of listedDependencies(reading, items)) {
    const guard = guardOf(reading, one)
    if (guard) return guard
  }
  return
}

const LISTS_PRIVATE = 'it guards only the paths that it lists: what is added tomorrow is open'

const HARMLESS =
  /^\/?$|\/(?:health\w*|ping|status|live(?:ness)?|ready|readiness|metrics|version|docs|redoc|openapi\.json|favicon\.ico)\/?$/

/** The faults of its own list; a single prefix that holds every route is as good as none. */
const judged = (one: Covering, routes: readonly Mounted[]): Covering => {
  const { open, only } = one.rules
  const faults = [...one.faults, ...faultsOf(open)]
  const outside = routes.filter(
    (route) =>
      covers(one, route) &&
      !only.some((test) => isAbout(test, route.path, route.handler.methods[0])) &&
      !HARMLESS.test(route.path),
  )
  const [first] = only
  const isWhole = only.length === 1 && first?.kind === 'prefix' && first.values.length === 1 && outside.length === 0
  if (only.length === 0 || isWhole) return { ...one, rules: { open, only: [] }, faults }
  return { ...one, faults: [...faults, { what: LISTS_PRIVATE, at: first?.at ?? one.at }] }
}

/** A guard that looks at the credential it asks for: a scheme of the framework's alone takes any text. */
const looking = (reading: Reading, items: readonly Located[]): DependencyGuard | undefined =>
  listedDependencies(reading, items)
    .map((one) => guardOf(reading, one))
    .find((one) => one !== undefined && !one.bare)

/** The guard of a router, or of its inclusion. */
const groupGuard = (reading: Reading, { units }: Application, { routers, inclusions }: Mounted): Place | undefined => {
  for (const one of inclusions) if (looking(reading, one.dependencies)) return placeOf(reading, one.call.node.at)
  for (const router of routers) {
    const unit = units.get(router)
    if (unit && looking(reading, unit.dependencies)) return placeOf(reading, unit.call.node.at)
  }
  return
}

const PUBLIC =
  /log_?in|sign_?in|sign_?up|sign_?out|log_?out|register|token|refresh|password|verify|confirm|activate|oauth|callback|auth|health|ping|status|ready|live|metrics|version|docs|openapi|root|index|webhook|captcha/i

/** The one inclusion, with a guard, that holds every router but those of public routes. */
const holdingInclusion = (
  reading: Reading,
  application: Application,
  routes: readonly Mounted[],
): { inclusion: Inclusion; at: Place; what: string } | undefined => {
  const { inclusions, units } = application
  const candidates = inclusions.filter((one) => {
    const isTop =
      units.get(one.parent)?.isApp ||
      inclusions.some(({ parent, child }) => child === one.parent && units.get(parent)?.isApp)
    const child = units.get(one.child)
    const guarded = looking(reading, one.dependencies) ?? (child && looking(reading, child.dependencies))
    return isTop && guarded !== undefined && inclusions.some(({ parent }) => parent === one.child)
  })
  const [inclusion] = candidates
  if (inclusion === undefined || candidates.length > 1) return
  const outside = routes
    .filter((route) => route.apps.includes(inclusion.parent) || route.routers.includes(inclusion.parent))
    .filter((route) => !route.inclusions.includes(inclusion))
  if (
    outside.some(
      (route) => !PUBLIC.test(`${route.path} ${route.handler.function?.node.name ?? ''}`) && route.path !== '/',
    )
  )
    return
  const guard =
    looking(reading, inclusion.dependencies) ?? looking(reading, units.get(inclusion.child)?.dependencies ?? [])
  return { inclusion, at: placeOf(reading, inclusion.call.node.at), what: guard?.what ?? 'router dependency' }
}

const WRAPPERS = /requires?$|login_?required|jwt_?required|auth(?:enticated|orized?|_required)?$|permission|role/i

/** Its own: of its decorator, its parameters, or what wraps it. */
const ownGuard = (reading: Reading, { handler }: Mounted): Place | undefined => {
  const listed = firstGuard(reading, handler.dependencies)
  if (listed) return placeOf(reading, handler.call.node.at)
  const callee = handler.function
  if (callee === undefined) return
  const own = callee.node.parameters.map((parameter) => ({ parameter, scope: callee.scope }))
  for (const { parameter, scope } of [...own, ...askedByView(reading, handler)]) {
    for (const value of dependenciesFor(reading, parameter, scope))
      if (guardOf(reading, value)) return placeOf(reading, parameter.target.at)
  }
  for (const { node, scope } of handler.wrappers) {
    const name = lastName(node.kind === 'call' ? node.callee : node) ?? ''
    if (!WRAPPERS.test(name)) continue
    const values = valuesOf(reading, node.kind === 'call' ? node.callee : node, scope)
    if (values.some((one) => one.kind === 'external' || one.kind === 'unknown' || guardIn(reading, one) !== undefined))
      return placeOf(reading, node.at)
  }
  if (handler.methods.includes('WEBSOCKET') && refusesOnSocket(reading, callee)) return placeOf(reading, callee.node.at)
  return asksInBody(reading, callee.node.body)
}

/** `Authorize.jwt_required()` of fastapi-jwt-auth. */
const asksInBody = (reading: Reading, body: readonly Node[]): Place | undefined => {
  let found: Place | undefined
  walkBody(body, (node) => {
    if (
      node.kind === 'call' &&
      node.callee.kind === 'member' &&
      /^(?:fresh_)?jwt_required$|^jwt_refresh_token_required$/.test(lastName(node.callee) ?? '')
    )
      found ??= placeOf(reading, node.at)
  })
  return found
}

/** Whether what the application itself serves at a path, its documentation, is behind a guard: a middleware's alone is. */
export const guardsPath = ({ covering }: Pick<Guarding, 'covering'>, apps: readonly Call[], path: string): boolean =>
  covering.some(
    (one) =>
      !one.dependency &&
      (one.app === undefined || apps.includes(one.app)) &&
      !one.rules.open.some((test) => isAbout(test, path)) &&
      (one.rules.only.length === 0 || one.rules.only.some((test) => isAbout(test, path))),
  )
