/** Express's applications and routers: which there are, what is registered on each, and in which order. */
import {
  type Call,
  type Frame,
  type Located,
  lastName,
  type Node,
  possibilities,
  turnsAround,
  type Value,
  withoutDefault,
} from '../../source/index.ts'
import { signInsBelow } from '../better-auth/index.ts'
import type { Reading } from '../reading.ts'
import { nameIn } from './handler-names.ts'

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete', 'del', 'all', 'head', 'options'])

/** An application or router, by where it is made. */
export type AppId = string

export interface Registration {
  readonly method: string
  readonly path: readonly string[]
  readonly handlers: readonly Handler[]
  readonly call: Located<Call>
  /** Where it comes in the order: by module and offset, the outermost call first. */
  readonly order: readonly number[]
  /** A login of better-auth's, below the path that was handed to it. */
  readonly delegated?: true
  /** What its router does with a value of the path before it: `router.param('id', …)`. */
  readonly parameters: readonly { readonly name: string; readonly value: Value }[]
}

export interface Handler {
  readonly value: Value
  readonly node: Node
  readonly located: Located<Call>
  readonly name: string
}

export interface Apps {
  readonly registrations: ReadonlyMap<AppId, readonly Registration[]>
  readonly roots: readonly AppId[]
  readonly idOf: (value: Value) => AppId | undefined
}

const isExpress = (from: string): boolean =>
  /^(?:express|express-promise-router|@types\/express|express-serve-static-core|express-async-router|@awaitjs\/express|@root\/async-router|routing-controllers)$/.test(
    from,
  )

/** Methods that give back what they are called on. */
const CHAINS = /^(?:use|get|post|put|patch|delete|all|set|enable|disable)$/

/** The application or router that a value is; with a reading also one that a chain on it gives back: `export default router.use(…)`. */
export const appIdOf = (value: Value, reading?: Reading): { id: AppId; router: boolean } | undefined => {
  for (const one of possibilities(value)) {
    if (one.kind !== 'external' || !isExpress(one.from)) continue
    const path = withoutDefault(one.path)
    // routing-controllers makes the application itself, or gives back the one it was put on.
    if (one.from === 'routing-controllers' && !/^createExpressServer$/.test(path[0] ?? '')) continue
    const router = path.includes('Router') || /router/.test(one.from)
    if (one.call === undefined) {
      // A parameter known by its type: all that is done to it is done to the application.
      if (/^(?:Express|Application|Router|IRouter|core\.Express)$/.test(path.join('.')))
        return { id: 'typed', router: path[0] === 'Router' }
      continue
    }
    // express.json() and express.static() are middleware.
    if (
      path.some(
        (name) =>
          !/^(?:\(\)|Router|default|express|createExpressServer|application|get|post|put|patch|delete|all|use|route|set|enable|disable)$/.test(
            name,
          ),
      )
    )
      continue
    let made = one.call.node
    // express.Router().use(…).get(…): the router is what the chain began with.
    while (made.callee.kind === 'member' && made.callee.object.kind === 'call') made = made.callee.object
    if (reading !== undefined && made.callee.kind === 'member' && CHAINS.test(lastName(made.callee) ?? '')) {
      const base = appIdOf(reading.evaluator.value(made.callee.object, one.call.scope, one.frame), reading)
      if (base !== undefined) return base
    }
    const frames: string[] = []
    for (let frame = one.frame; frame?.call !== undefined && frames.length < 3; frame = undefined)
      frames.push(`${frame.call.node.at.file}:${frame.call.node.at.start}`)
    return { id: [`${made.at.file}:${made.at.start}`, ...frames].join('<'), router }
  }
  return
}

export const appsOf = (reading: Reading): Apps => {
  const registrations = new Map<AppId, Registration[]>()
  const routers = new Set<AppId>()
  const fileOrder = new Map([...reading.program.modules.keys()].map((file, index) => [file, index]))
  const idOf = (value: Value): AppId | undefined => appIdOf(value, reading)?.id
  const parameters = parametersOf(reading, idOf)

  for (const name of [...METHODS, 'use', 'route'])
    for (const located of reading.program.callsNamed(name)) {
      if (located.node.callee.kind !== 'member') continue
      // `map.get(key)` is everywhere; a route has a path and a handler, or stands on `.route('/x')`.
      if (
        name !== 'use' &&
        name !== 'route' &&
        located.node.args.length < 2 &&
        located.node.callee.object.kind !== 'call'
      )
        continue
      if (!mayBeApp(reading, located)) continue
      const { evaluator } = reading
      const frames = evaluator.callGraph
        .frames(located.scope)
        .flatMap((one) => turnsAround(evaluator, located.node, located.scope, one))
      for (const frame of frames) {
        const target = baseOf(reading, located, frame)
        if (target === undefined) continue
        const { id, router, path } = target
        if (router) routers.add(id)
        if (name === 'route') continue
        const args = located.node.args
        const value = (node: Node): Value => reading.evaluator.value(node, located.scope, frame)
        const first = args[0] && path === undefined ? pathsOf(value(args[0])) : undefined
        // app.get('setting') reads a setting.
        if (name === 'get' && path === undefined && (first === undefined || args.length < 2)) continue
        if (name !== 'use' && path === undefined && first === undefined) continue
        const handlers = (first === undefined ? args : args.slice(1)).flatMap((node) =>
          handlersOf(node, value, located),
        )
        const list = registrations.get(id) ?? []
        if (!registrations.has(id)) registrations.set(id, list)
        const registration: Registration = {
          method: name === 'use' ? 'USE' : name === 'del' ? 'DELETE' : name.toUpperCase(),
          path: path ?? first ?? ['/'],
          handlers,
          call: located,
          order: [...orderOf(frame, fileOrder), fileOrder.get(located.node.at.file) ?? 0, located.node.at.end],
          parameters: parameters.get(id) ?? [],
        }
        list.push(...signInsIn(reading, registration), registration)
      }
    }
  // What is done in the functions that set an application up comes where they are called; typed parameters join the one application.
  const made = [...registrations.keys()].filter((id) => id !== 'typed' && !routers.has(id))
  const typed = registrations.get('typed')
  if (typed !== undefined && made.length === 1 && made[0] !== undefined) {
    registrations.get(made[0])?.push(...typed)
    registrations.delete('typed')
  }
  for (const list of registrations.values()) list.sort((a, b) => compare(a.order, b.order))
  const mounted = new Set<AppId>()
  for (const [id, list] of registrations)
    for (const one of list)
      for (const handler of one.handlers) {
        const child = idOf(handler.value)
        if (child !== undefined && child !== id) mounted.add(child)
      }
  const roots = [...registrations.keys()].filter((id) => !mounted.has(id))
  return {
    registrations,
    roots: [...roots.filter((id) => !routers.has(id)), ...roots.filter((id) => routers.has(id))],
    idOf,
  }
}

const parametersOf = (reading: Reading, idOf: Apps['idOf']): ReadonlyMap<AppId, Registration['parameters']> => {
  const found = new Map<AppId, Registration['parameters']>()
  for (const { node, scope } of reading.program.callsNamed('param')) {
    const [name, given] = node.args
    if (node.callee.kind !== 'member' || name?.kind !== 'literal' || given === undefined) continue
    const id = idOf(reading.evaluator.value(node.callee.object, scope))
    const value = reading.evaluator.value(given, scope)
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), { name: String(name.value), value }])
  }
  return found
}

const signInsIn = (reading: Reading, registration: Registration): Registration[] => {
  const { method, path, handlers } = registration
  if (!/^(?:POST|ALL|USE)$/.test(method)) return []
  const mounts = method === 'USE' ? path.map((one) => `${one.replace(/\/$/, '')}/*`) : path
  const paths = mounts.flatMap((one) => signInsBelow(reading, handlers.at(-1)?.value, one))
  return paths.length === 0 ? [] : [{ ...registration, method: 'POST', path: paths, delegated: true }]
}

/** Whether what the call is made on is an application, or a parameter that may be one. */
const mayBeApp = (reading: Reading, located: Located<Call>): boolean => {
  let object = located.node.callee.kind === 'member' ? located.node.callee.object : located.node.callee
  while (object.kind === 'call' && object.callee.kind === 'member') object = object.callee.object
  return possibilities(reading.evaluator.value(object, located.scope)).some(
    (one) => one.kind === 'unknown' || (one.kind === 'external' && isExpress(one.from)),
  )
}

const compare = (a: readonly number[], b: readonly number[]): number => {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? -1) - (b[index] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}

/** The calls that lead to a place, the outermost first. */
const orderOf = (frame: Frame | undefined, fileOrder: ReadonlyMap<string, number>): number[] => {
  if (frame === undefined) return []
  const at = frame.call?.node.at
  return [...orderOf(frame.outer, fileOrder), ...(at === undefined ? [] : [fileOrder.get(at.file) ?? 0, at.end])]
}

/** What a registration is made on: the application, or `app.route('/x')`, whose path it carries. */
const baseOf = (
  reading: Reading,
  located: Located<Call>,
  frame: Parameters<Reading['evaluator']['value']>[2],
): { id: AppId; router: boolean; path?: readonly string[] } | undefined => {
  let object = located.node.callee.kind === 'member' ? located.node.callee.object : undefined
  // router.route('/x').get(…).post(…), and app.use(…).use(…)
  while (object?.kind === 'call' && object.callee.kind === 'member') {
    const name = lastName(object.callee) ?? ''
    if (name === 'route') {
      const base = appIdOf(reading.evaluator.value(object.callee.object, located.scope, frame), reading)
      const path = object.args[0] && pathsOf(reading.evaluator.value(object.args[0], located.scope, frame))
      return base && path ? { ...base, path } : undefined
    }
    if (!METHODS.has(name) && name !== 'use') break
    object = object.callee.object
  }
  return object === undefined ? undefined : appIdOf(reading.evaluator.value(object, located.scope, frame), reading)
}

/** The paths of a registration's first argument; undefined where it is a handler. */
const pathsOf = (value: Value): readonly string[] | undefined => {
  const paths = possibilities(value).flatMap((one): (string | undefined)[] => {
    if (one.kind === 'literal' && typeof one.value === 'string') return [one.value]
    if (one.kind === 'pattern') return [`/${one.source}/`]
    if (one.kind === 'text')
      return [one.parts.map((part) => (part.kind === 'literal' ? String(part.value) : ':part')).join('')]
    if (
      one.kind === 'list' &&
      one.items.length > 0 &&
      one.items.every((item) => item.kind === 'literal' || item.kind === 'pattern')
    )
      return one.items.flatMap((item) => pathsOf(item) ?? [])
    if (one.kind === 'env') return [`/:${one.name}`]
    return [undefined]
  })
  const known = paths.filter((one) => one !== undefined)
  return known.length > 0 ? known : undefined
}

/** `...(production ? [limit] : [])` gives what stands in either list, and the choice is where it stands. */
const handlersOf = (given: Node, evaluate: (node: Node) => Value, located: Located<Call>): Handler[] => {
  const node = unfiltered(given.kind === 'spread' ? given.operand : given)
  const value = evaluate(node)
  const ways = possibilities(value)
  if (!ways.some((one) => one.kind === 'list')) return [{ value, node, located, name: nameIn(node) }]
  return ways.flatMap((way) =>
    (way.kind === 'list' ? way.items : [way]).map((one, index): Handler => {
      const item = node.kind === 'list' ? node.items[index] : node
      return { value: one, node: item ?? node, located, name: nameIn(item) }
    }),
  )
}

/** `[process.env.AUTH && guard].filter(Boolean)` */
const unfiltered = (node: Node): Node =>
  node.kind === 'call' &&
  node.callee.kind === 'member' &&
  lastName(node.callee) === 'filter' &&
  node.args[0]?.kind === 'name' &&
  node.args[0].name === 'Boolean'
    ? node.callee.object
    : node
