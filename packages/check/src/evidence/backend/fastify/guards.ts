/** The guards of an application's hooks, and which of its routes each one holds. */
import { lastName, type Node, possibilities, type Value, walk } from '../../source/index.ts'
import { type Asked, checks, unmarked } from '../exceptions/index.ts'
import type { GlobalGuard, Place, Route } from '../facts.ts'
import { exceptionFaults } from '../guards/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isChosenOff } from '../switches/index.ts'
import { cameTo, entryOf, isLiteral, optionOf, optionValue, textIn } from './expressions.ts'
import { HOOKS, type HookGuard, hookGuard } from './guarding.ts'
import { type Added, type Application, type Context, isWithin, type RouteEntry, sees } from './model.ts'
import { isPortcullis, isPublicAccess } from './portcullis.ts'
import { whenAdded } from './when.ts'

interface Holding {
  readonly added: Added
  readonly context: Context
  readonly guard: HookGuard
  readonly value: Value | undefined
  /** It only looks at routes that were there when it was added. */
  readonly onRoute: boolean
  /** It holds only routes whose config asks for it. */
  readonly asked: boolean
  readonly portcullis: boolean
}

type Guarded = Pick<Route, 'guard' | 'guardAt' | 'openedByName'>

export interface Guards {
  readonly of: (route: RouteEntry) => Guarded
  readonly guards: readonly GlobalGuard[]
  /** Whether whatever is registered in a context, under this path, is held by a guard above it. */
  readonly holds: (context: Context, url: string) => boolean
}

export const guardsOf = (reading: Reading, app: Application): Guards => {
  const all = holdingsOf(reading, app)
  const routes = app.routes.map((route) => [route, guardedBy(reading, app, all, route)] as const)
  const found = new Map(routes)
  const promoted = onlyPublicBeside(routes)
  const guards = all.filter(
    (one) => (one.context === app.root && !one.asked) || (promoted !== undefined && samePlace(one.guard.at, promoted)),
  )
  return {
    of: (route) => {
      const one = found.get(route) ?? { guard: 'none' }
      if (promoted === undefined || one.guard === 'own') return one
      if (one.guard === 'group') return { ...one, guard: 'global' }
      return one.guard === 'none' ? { guard: 'exempt', guardAt: promoted } : one
    },
    guards: unique(
      guards.map(({ guard, value }) => ({
        at: guard.at,
        what: guard.what,
        faults: value === undefined ? [] : faultsOf(reading, app, value),
      })),
    ),
    holds: (context, url) =>
      all.some(
        (one) =>
          isWithin(context, one.context) &&
          !one.asked &&
          (one.guard.function === undefined ||
            checks(reading, one.guard.function, { config: undefined, url, method: 'GET' })),
      ),
  }
}

/**
 * An exception by a prefix is a fault where it can pass what it doesn't name. `/auth/login` that no other route begins with
 * passes only what it says.
 */
const faultsOf = (reading: Reading, app: Application, value: Value): GlobalGuard['faults'] => {
  const faults = exceptionFaults(reading, value)
  const prefixes = new Set<string>()
  if (value.kind === 'function')
    walk(value.node.body, (node) => {
      const [first] = node.kind === 'call' && lastName(node.callee) === 'startsWith' ? node.args : []
      if (first?.kind === 'literal' && typeof first.value === 'string') prefixes.add(first.value)
    })
  const exact =
    prefixes.size > 0 &&
    [...prefixes].every((prefix) =>
      app.routes.filter((one) => one.url.startsWith(prefix)).every((one) => one.url === prefix),
    )
  return exact ? faults.filter((one) => !/how the path begins/.test(one.what)) : faults
}

const samePlace = (one: Place, other: Place): boolean => one.file === other.file && one.line === other.line

const unique = (all: readonly GlobalGuard[]): GlobalGuard[] =>
  all.filter((one, index) => all.findIndex((other) => samePlace(one.at, other.at)) === index)

/** For development only, or for whoever switches it on. */
const isOff = (reading: Reading, added: Added): boolean => /^(?:development|never)$/.test(whenAdded(reading, added))

/** `app.addHook('onRequest', process.env.AUTH === 'on' ? guard : noop)`. */
const isLeftOff = (reading: Reading, app: Application, given: Node | undefined): boolean =>
  given !== undefined && isChosenOff(reading, given, (one) => hookGuard(reading, app, one) !== undefined)

const holdingsOf = (reading: Reading, app: Application): Holding[] => {
  const ofHooks = app.hooks.flatMap((hook): Holding[] => {
    const onRoute = hook.name === 'onRoute'
    if ((!HOOKS.includes(hook.name) && !onRoute) || isOff(reading, hook)) return []
    const guard = onRoute ? addedToRoutes(reading, app, hook.value) : hookGuard(reading, app, hook.value)
    if (guard === undefined || isLeftOff(reading, app, hook.call.node.args[1])) return []
    const asked = guard.function !== undefined && !checks(reading, guard.function, unmarked)
    return [
      {
        added: hook,
        context: hook.context,
        guard,
        value: onRoute ? hook.value : (guard.function ?? hook.value),
        onRoute,
        asked,
        portcullis: false,
      },
    ]
  })
  const ofPlugins = app.plugins.flatMap((plugin): Holding[] => {
    if (isOff(reading, plugin)) return []
    const at = placeOf(reading, plugin.call.node.at)
    const base = { added: plugin, context: plugin.context, value: undefined, onRoute: false, asked: false }
    if (isPortcullis(plugin.from, plugin.path))
      return [{ ...base, portcullis: true, guard: { at, what: 'portcullis', optional: false, function: undefined } }]
    const addsHook =
      /^(?:@fastify\/|fastify-)bearer-auth$/.test(plugin.from) && !isLiteral(entryOf(plugin.settings, 'addHook'), false)
    return addsHook
      ? [{ ...base, portcullis: false, guard: { at, what: plugin.from, optional: false, function: undefined } }]
      : []
  })
  return [...ofPlugins, ...ofHooks]
}

/** An onRoute hook that gives each route the guard: `route.onRequest = [authenticate]`. */
const addedToRoutes = (reading: Reading, app: Application, value: Value): HookGuard | undefined => {
  for (const one of possibilities(value)) {
    if (one.kind !== 'function') continue
    let found: HookGuard | undefined
    walk(one.node.body, (node) => {
      if (
        node.kind !== 'assign' ||
        node.target.kind !== 'member' ||
        node.value === undefined ||
        !HOOKS.includes(lastName(node.target) ?? '')
      )
        return
      walk([node.value], (part) => {
        if (
          found !== undefined ||
          (part.kind !== 'name' && part.kind !== 'member' && part.kind !== 'call' && part.kind !== 'function')
        )
          return
        found = hookGuard(
          reading,
          app,
          reading.evaluator.value(part, reading.program.scopeOf(part) ?? one.scope, one.frame),
        )
      })
    })
    if (found !== undefined) return { ...found, at: placeOf(reading, one.at), function: one }
  }
  return
}

const guardedBy = (reading: Reading, app: Application, all: readonly Holding[], route: RouteEntry): Guarded => {
  const config = optionOf(reading, route.options, 'config')
  const asked = { config: config && cameTo(reading, config), url: route.url, method: route.methods[0] ?? 'GET' }
  let exempt: Holding | undefined
  let byName = false
  let group: Holding | undefined
  let own: Place | undefined
  for (const one of all) {
    if (!isWithin(route.context, one.context) || (one.onRoute && !sees(one.added, route))) continue
    const held = one.portcullis
      ? !isPublic(reading, route)
      : one.guard.function === undefined || checks(reading, one.guard.function, asked)
    const isRoot = one.context === app.root
    if (held && one.asked) own ??= one.guard.at
    else if (held && isRoot) return { guard: 'global', guardAt: one.guard.at }
    else if (held) group ??= one
    else if (isRoot && !one.asked) {
      exempt ??= one
      byName ||= opensByName(reading, one, asked)
    }
  }
  if (group !== undefined) return { guard: 'group', guardAt: group.guard.at }
  own ??= ownGuard(reading, app, route)
  if (own !== undefined) return { guard: 'own', guardAt: own }
  if (exempt === undefined) return { guard: 'none' }
  return { guard: 'exempt', guardAt: exempt.guard.at, ...(byName ? { openedByName: true } : {}) }
}

/** An exception for all of `/api/` lets through what is added there tomorrow: nobody named that. */
const opensByName = (reading: Reading, { guard, portcullis }: Holding, asked: Asked): boolean =>
  portcullis ||
  (guard.function !== undefined &&
    checks(reading, guard.function, {
      config: undefined,
      url: `${asked.url.slice(0, asked.url.lastIndexOf('/'))}${unmarked.url}`,
      method: asked.method,
    }))

const ownGuard = (reading: Reading, app: Application, route: RouteEntry): Place | undefined => {
  for (const name of HOOKS) {
    const value = optionValue(reading, route.options, name)
    const found = value && hookGuard(reading, app, value)
    if (found !== undefined) return found.at
  }
  return
}

const isPublic = (reading: Reading, route: RouteEntry): boolean => {
  const access =
    route.neutral === true
      ? optionOf(reading, route.options, 'access')
      : optionOf(reading, optionOf(reading, route.options, 'config'), 'access')
  if (access === undefined) return false
  const value = cameTo(reading, access)
  const written = entryNodeOf(reading, access.node)
  return isPublicAccess(written ?? access.node, value) || textIn(value) === 'public'
}

/** Where an entry of an object literal is read through a member: the node that was written. */
const entryNodeOf = (reading: Reading, node: Parameters<typeof isPublicAccess>[0]) => {
  if (node?.kind !== 'member' || node.property.kind !== 'literal') return
  const scope = reading.program.scopeOf(node.object)
  const object = node.object.kind === 'object' ? node.object : scope && reading.evaluator.value(node.object, scope)
  const literal =
    object !== undefined && object.kind === 'object' ? ('node' in object ? object.node?.node : object) : undefined
  const key = node.property.value
  return literal?.kind === 'object' && 'spreads' in literal
    ? literal.entries.find((one) => one.key.kind === 'literal' && one.key.value === key)?.value
    : undefined
}

/** What may well stand outside the guard: nothing is in it, or somebody shows there who they are. */
const PUBLIC =
  /^\/?$|(?:^|\/)(?:health\w*|healthz|live\w*|ready\w*|ping|status|version|metrics|favicon\.ico|robots\.txt|docs?|documentation|openapi\.\w+|swagger\S*|login|log-in|signin|sign-in|register|signup|sign-up|refresh\S*|forgot\S*|reset\S*|oauth\S*|callback|token|verify\S*|webhooks?)(?:\/|$)/i

/** The one guard of a group that holds everything but what is public by its nature: it is the application's. */
const onlyPublicBeside = (routes: readonly (readonly [RouteEntry, Guarded])[]): Place | undefined => {
  const groups = routes.filter(([, one]) => one.guard === 'group')
  const [first] = groups
  const at = first?.[1].guardAt
  if (at === undefined || groups.some(([, one]) => one.guardAt === undefined || !samePlace(one.guardAt, at))) return
  return routes.every(([route, one]) => one.guard === 'group' || (one.guard === 'none' && PUBLIC.test(route.url)))
    ? at
    : undefined
}
