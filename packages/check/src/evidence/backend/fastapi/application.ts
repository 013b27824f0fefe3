/** The applications and routers of a FastAPI program, what is included in what, and the handlers on each. */
import {
  type Call,
  type FunctionNode,
  type Located,
  lastName,
  type Node,
  possibilities,
  type Scope,
  walk,
} from '../../source/index.ts'
import { ancestorsOf, type FunctionValue, itemsOf, knownText, lastOf, valuesOf } from '../python/index.ts'
import { type Reading, whenOf } from '../reading.ts'
import { usersHandlers } from './fastapi-users.ts'
import { isForeign, isOfPackage, unitCall, unitNames, unitsOf } from './units.ts'

/** An application or router, known by the call that makes it. */
interface Unit {
  readonly call: Located<Call>
  readonly isApp: boolean
  readonly prefix: string
  readonly dependencies: readonly Located[]
}

export interface Inclusion {
  readonly parent: Call
  readonly child: Call
  readonly prefix: string
  readonly dependencies: readonly Located[]
  readonly call: Located<Call>
  /** Mounted: what the outer application depends on is not asked for. */
  readonly mounted: boolean
}

export interface Handler {
  readonly unit: Call
  readonly methods: readonly string[]
  readonly path: string
  readonly call: Located<Call>
  readonly function: FunctionValue | undefined
  readonly dependencies: readonly Located[]
  /** Starlette's own kind of route, which asks for no dependency. */
  readonly plain: boolean
  /** The decorators under the route's own: what wraps the handler that is registered. */
  readonly wrappers: readonly Located[]
}

export interface Application {
  readonly units: ReadonlyMap<Call, Unit>
  readonly inclusions: readonly Inclusion[]
  readonly handlers: readonly Handler[]
  /** Something is included that could not be followed. */
  readonly openEnded: boolean
  /** Where routers are included whose routes a package makes: `MemoryCRUDRouter(schema=Note)`, `GraphQLRouter(schema)`. */
  readonly madeElsewhere: readonly Located<Call>[]
}

const METHODS = /^(?:get|post|put|patch|delete|head|options|trace|api_route|route|websocket|websocket_route)$/

export const readApplication = (reading: Reading): Application => {
  const units = unitsIn(reading)
  const onlyApp = [...units.values()].filter((one) => one.isApp)
  const owners = (node: Node, scope: Scope): readonly Call[] => {
    const found = unitsOf(reading, node, scope).filter((one) => units.has(one))
    if (found.length > 0) return found
    // A parameter that is typed, in a function whose calls could not be followed.
    const typed = valuesOf(reading, node, scope).some(
      (one) => one.kind === 'external' && /FastAPI$/.test(lastOf(one)) && one.from.startsWith('fastapi'),
    )
    return typed && onlyApp.length === 1 && onlyApp[0] ? [onlyApp[0].call.node] : []
  }
  const { inclusions, openEnded, foreign } = inclusionsIn(reading, owners, units)
  const handlers = [...decorated(reading, owners), ...added(reading, owners), ...usersHandlers(units)]
  const isBare = (unit: Call): boolean =>
    isForeign(reading, units.get(unit)?.call) &&
    !handlers.some((one) => one.unit === unit) &&
    !inclusions.some(({ parent }) => parent === unit)
  const bare = inclusions.filter(({ child }) => isBare(child)).map(({ call }) => call)
  return { units, inclusions, openEnded, handlers, madeElsewhere: [...foreign, ...bare] }
}

const unitsIn = (reading: Reading): ReadonlyMap<Call, Unit> => {
  const units = new Map<Call, Unit>()
  for (const name of unitNames(reading))
    for (const call of reading.program.callsNamed(name)) {
      const { node, scope } = call
      const value = possibilities(reading.evaluator.value(node, scope)).find(
        (one) => unitCall(reading, one)?.node === node,
      )
      if (value === undefined || whenOf(reading, node) === 'development') continue
      const isApp =
        value.kind === 'instance'
          ? ancestorsOf(reading, value.class).some((one) => /FastAPI$/.test(one))
          : /FastAPI$/.test(lastOf(value))
      units.set(node, {
        call,
        isApp,
        prefix: isApp ? '' : (knownText(reading, node.named.get('prefix'), scope) ?? ''),
        dependencies: itemsOf(reading, node.named.get('dependencies'), scope),
      })
    }
  return units
}

type Owners = (node: Node, scope: Scope) => readonly Call[]

const inclusionsIn = (reading: Reading, owners: Owners, units: ReadonlyMap<Call, Unit>) => {
  const inclusions: Inclusion[] = []
  const foreign: Located<Call>[] = []
  let openEnded = false
  for (const name of ['include_router', 'mount']) {
    for (const call of reading.program.callsNamed(name)) {
      const { node, scope } = call
      if (node.callee.kind !== 'member') continue
      const parents = owners(node.callee.object, scope)
      const mounted = name === 'mount'
      const target = mounted ? (node.named.get('app') ?? node.args[1]) : (node.named.get('router') ?? node.args[0])
      if (target === undefined || whenOf(reading, node) === 'development') continue
      const prefix =
        knownText(reading, mounted ? (node.named.get('path') ?? node.args[0]) : node.named.get('prefix'), scope) ?? ''
      const children = includedBy(reading, target, scope).filter((one) => units.has(one))
      if (children.length === 0 && !mounted) openEnded = true
      if (children.length === 0 && !mounted && parents.length > 0 && valuesOf(reading, target, scope).some(isOfPackage))
        foreign.push(call)
      const dependencies = mounted ? [] : itemsOf(reading, node.named.get('dependencies'), scope)
      for (const parent of parents)
        for (const child of children) inclusions.push({ parent, child, prefix, dependencies, call, mounted })
    }
  }
  return { inclusions, openEnded, foreign }
}

/** What is included: also `for router in (a, b): app.include_router(router)`. */
const includedBy = (reading: Reading, target: Node, scope: Scope): readonly Call[] => {
  const direct = unitsOf(reading, target, scope)
  if (direct.length > 0) return direct
  const name =
    target.kind === 'name'
      ? target.name
      : target.kind === 'member' && target.object.kind === 'name'
        ? target.object.name
        : undefined
  if (name === undefined) return []
  const loop = loopAround(reading, target, name)
  return itemsOf(reading, loop?.source, scope).flatMap((one) => {
    const each = loop?.part === undefined ? one : itemsOf(reading, one.node, one.scope)[loop.part]
    if (each === undefined) return []
    const item: Node = target.kind === 'member' ? { ...target, object: each.node } : each.node
    return unitsOf(reading, item, each.scope)
  })
}

/** The nearest loop around a node that gives a name its values; `part` is which of each item it is: `for router, prefix in …`. */
const loopAround = (
  reading: Reading,
  node: Node,
  name: string,
): { readonly source: Node; readonly part: number | undefined } | undefined => {
  for (let one = reading.program.parentOf(node); one !== undefined; one = reading.program.parentOf(one)) {
    const [variable, source] = one.kind === 'other' ? one.children : []
    const target = variable?.kind === 'assign' && variable.value === undefined ? variable.target : variable
    if (target === undefined || source === undefined) continue
    if (target.kind === 'name' && target.name === name) return { source, part: undefined }
    const part = target.kind === 'list' ? target.items.findIndex((each) => lastName(each) === name) : -1
    if (part >= 0) return { source, part }
  }
  return
}

const decorated = (reading: Reading, owners: Owners): Handler[] => {
  const handlers: Handler[] = []
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'python') continue
    walk(module.body, (node) => {
      if (node.kind !== 'function' || node.decorators.length === 0) return
      const scope = reading.program.scopeOf(node)
      if (scope === undefined) return
      node.decorators.forEach((decorator, index) => {
        const handler = decorator.kind === 'call' ? handlerOf(reading, owners, decorator, node, scope, index) : []
        handlers.push(...handler)
      })
    })
  }
  return handlers
}

/** Starlette's own, which asks for no dependency: not the application's, not a router's. */
const isPlain = (name: string): boolean => /^(?:route|websocket_route|add_route|add_websocket_route)$/.test(name)

const handlerOf = (
  reading: Reading,
  owners: Owners,
  decorator: Call,
  node: FunctionNode,
  scope: Scope,
  index: number,
): Handler[] => {
  const { callee } = decorator
  const method = lastName(callee) ?? ''
  if (callee.kind !== 'member' || !METHODS.test(method)) return []
  const call = { node: decorator, scope }
  const inner = reading.program.scopeOf(decorator) ?? scope
  const value: FunctionValue = { kind: 'function', node, scope, frame: undefined, at: node.at }
  if (whenOf(reading, node) === 'development') return []
  return owners(callee.object, inner).map((unit) => ({
    unit,
    plain: isPlain(method),
    methods: methodsOf(reading, method, call),
    path: knownText(reading, decorator.args[0] ?? decorator.named.get('path'), scope) ?? '',
    call,
    function: value,
    dependencies: itemsOf(reading, decorator.named.get('dependencies'), scope),
    wrappers: node.decorators.slice(index + 1).map((one) => ({ node: one, scope })),
  }))
}

const methodsOf = (reading: Reading, name: string, { node, scope }: Located<Call>): readonly string[] => {
  if (/^websocket/.test(name)) return ['WEBSOCKET']
  if (!/route/.test(name)) return [name.toUpperCase()]
  const given = node.named.get('methods')
  const listed =
    given === undefined
      ? []
      : itemsOf(reading, given, scope).map((one) => knownText(reading, one.node, one.scope)?.toUpperCase())
  const known = listed.filter((one) => one !== undefined)
  return known.length > 0 ? known : given === undefined ? ['GET'] : ['ALL']
}

/** `router.add_api_route('/x', handler, methods=['GET'])` */
const added = (reading: Reading, owners: Owners): Handler[] =>
  ['add_api_route', 'add_route', 'add_api_websocket_route', 'add_websocket_route'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap((call) => {
      const { node, scope } = call
      if (node.callee.kind !== 'member' || whenOf(reading, node) === 'development') return []
      const endpoint = node.named.get('endpoint') ?? node.args[1]
      const value = endpoint && valuesOf(reading, endpoint, scope).find((one) => one.kind === 'function')
      return owners(node.callee.object, scope).map(
        (unit): Handler => ({
          unit,
          methods: methodsOf(reading, name.includes('websocket') ? 'websocket' : 'api_route', call),
          path: knownText(reading, node.args[0] ?? node.named.get('path'), scope) ?? '',
          call,
          function: value?.kind === 'function' ? value : undefined,
          dependencies: itemsOf(reading, node.named.get('dependencies'), scope),
          plain: isPlain(name),
          wrappers:
            value?.kind === 'function' ? value.node.decorators.map((one) => ({ node: one, scope: value.scope })) : [],
        }),
      )
    }),
  )

/** A handler at one of its full paths. */
export interface Mounted {
  readonly handler: Handler
  readonly path: string
  /** The applications around it, the innermost last. */
  readonly apps: readonly Call[]
  readonly inclusions: readonly Inclusion[]
  /** The routers it is on, from the application's side, the application left out. */
  readonly routers: readonly Call[]
}

const rootsOf = ({ units, inclusions }: Application): readonly Call[] =>
  [...units.values()]
    .filter((one) => one.isApp && !inclusions.some(({ child }) => child === one.call.node))
    .map((one) => one.call.node)

export const mountedHandlers = (application: Application): readonly Mounted[] => {
  const { units, inclusions, handlers, openEnded } = application
  const mounted: Mounted[] = []
  const reached = new Set<Call>()
  const enter = (unit: Call, base: string, outer: Omit<Mounted, 'handler' | 'path'>, depth: number) => {
    const known = units.get(unit)
    if (known === undefined || depth > 12) return
    reached.add(unit)
    const prefix = base + known.prefix
    const at = known.isApp ? { ...outer, apps: [...outer.apps, unit] } : { ...outer, routers: [...outer.routers, unit] }
    for (const handler of handlers)
      if (handler.unit === unit) mounted.push({ handler, path: prefix + handler.path || '/', ...at })
    for (const one of inclusions)
      if (one.parent === unit)
        enter(
          one.child,
          prefix + one.prefix,
          { ...at, inclusions: one.mounted ? [] : [...at.inclusions, one] },
          depth + 1,
        )
  }
  const nothing = { apps: [], inclusions: [], routers: [] }
  const roots = rootsOf(application)
  for (const root of roots) enter(root, '', nothing, 0)
  // Routers that are included by a way that could not be followed are there all the same; others are not.
  const [app] = roots
  if (openEnded || app === undefined)
    for (const { call } of units.values())
      if (!reached.has(call.node) && !inclusions.some((one) => one.child === call.node))
        enter(call.node, '', { ...nothing, apps: app ? [app] : [] }, 0)
  return mounted
}
