/** Everything that is mounted, as one list for each application that is served: full paths, in the order in which Hono asks them. */
import {
  type Call,
  type Frame,
  lastName,
  type Node,
  possibilities,
  type Scope,
  textsOf,
  type Value,
  walk,
  withoutDefault,
} from '../../source/index.ts'
import { signInsBelow } from '../better-auth-logins.ts'
import type { Reading } from '../reading.ts'
import { appOf, TYPED } from './apps.ts'
import { joined, routed, starred } from './paths.ts'
import { type Registration, registrationsOf } from './registrations.ts'

export interface Handler {
  readonly value: Value
  readonly node: Node
  readonly scope: Scope
  readonly frame: Frame | undefined
  readonly name: string
}

/** What `createRoute` says. */
export interface Definition {
  readonly node: Node
  readonly scope: Scope
  readonly frame: Frame | undefined
  readonly value: Value
}

export interface Entry {
  readonly kind: 'use' | 'route' | 'mount' | 'docs'
  readonly method: string
  /** Undefined where it could not be read. */
  readonly path: string | undefined
  readonly handlers: readonly Handler[]
  readonly registration: Registration
  readonly definition?: Definition
  /** Registered on the application itself, not on a router that it mounts. */
  readonly root: boolean
  /** A login of better-auth's, below the path that was handed to it. */
  readonly delegated?: true
}

interface Served {
  readonly entries: readonly Entry[]
  /** `onError`, wherever it is set. */
  readonly registrations: readonly Registration[]
}

const VERB = /^(?:get|post|put|patch|delete|options|head|all)$/

export const servedBy = (reading: Reading): Served => {
  const registrations = registrationsOf(reading)
  const byApp = new Map<string, Registration[]>()
  const mounted = new Set<string>()
  for (const one of registrations) {
    byApp.set(one.app.id, [...(byApp.get(one.app.id) ?? []), one])
    if (one.method !== 'route') continue
    const sub = appOf(reading, argument(reading, one, 1))
    if (sub !== undefined && sub.id !== one.app.id) mounted.add(sub.id)
  }
  const roots = [...byApp.keys()].filter((id) => !mounted.has(id))
  const made = roots.filter((id) => id !== TYPED)
  // Functions that are given the application by somebody unseen are taken to be given the one that there is.
  const typed = byApp.get(TYPED)
  if (typed !== undefined && made.length === 1 && made[0] !== undefined) byApp.get(made[0])?.push(...typed)
  const answered = made.length === 0 ? roots : strongest(reading, made)
  const entries = answered.flatMap((id) => entriesOf(reading, byApp, id, '', Number.POSITIVE_INFINITY, true, [id]))
  return { entries: entries.filter((one, index) => !isAnswered(one, entries.slice(0, index))), registrations }
}

/** A login that a route of its own answers before better-auth is asked. */
const isAnswered = ({ delegated, path }: Entry, before: readonly Entry[]): boolean =>
  delegated === true &&
  before.some((one) => one.kind === 'route' && one.path === path && /^(?:POST|ALL)$/.test(one.method))

const argument = (reading: Reading, one: Registration, index: number): Value => {
  const node = one.node.args[index]
  return node === undefined ? { kind: 'unknown', at: one.node.at } : reading.evaluator.value(node, one.scope, one.frame)
}

/** The applications whose `fetch` is given to a server or platform, where that is seen; a router that nobody mounts answers nothing. */
const strongest = (reading: Reading, roots: readonly string[]): readonly string[] => {
  if (roots.length < 2) return roots
  const seen = new Set<string>()
  for (const module of reading.program.modules.values())
    walk(module.body, (node) => {
      const scope = reading.program.scopeOf(node)
      if (scope === undefined) return
      const given =
        node.kind === 'member' && lastName(node) === 'fetch'
          ? [node.object]
          : node.kind === 'call' &&
              /^(?:serve|handle|handler|createServer|getRequestListener)$/.test(lastName(node.callee) ?? '')
            ? node.args
            : []
      for (const one of given) {
        const app = appOf(reading, reading.evaluator.value(one, scope))
        if (app !== undefined) seen.add(app.id)
      }
    })
  const served = roots.filter((id) => seen.has(id))
  if (served.length > 0) return served
  // Workers and Bun serve what a module exports as its default.
  const exported = roots.filter((id) => defaults(reading).has(id))
  return exported.length > 0 ? exported : roots
}

const defaults = (reading: Reading): ReadonlySet<string> => {
  const ids = new Set<string>()
  for (const module of reading.program.modules.values())
    for (const node of module.body) {
      if (node.kind !== 'export' || node.from !== undefined) continue
      for (const { exported, value } of node.names) {
        const app =
          exported === 'default'
            ? appOf(reading, reading.evaluator.value(value, reading.program.scopes(module).top))
            : undefined
        if (app !== undefined) ids.add(app.id)
      }
    }
  return ids
}

const entriesOf = (
  reading: Reading,
  byApp: ReadonlyMap<string, readonly Registration[]>,
  id: string,
  prefix: string,
  until: number,
  root: boolean,
  above: readonly string[],
): Entry[] => {
  const all = byApp.get(id) ?? []
  // route() copies what the router has by then.
  const before = all.filter((one) => one.order < until)
  return (before.length > 0 ? before : all).flatMap((one, index, list) => {
    const under = joined(prefix, one.app.prefix)
    if (one.method === 'route') {
      const sub = appOf(reading, argument(reading, one, 1))
      if (sub === undefined || above.includes(sub.id)) return []
      const path = pathOfValue(argument(reading, one, 0)) ?? '/:unknown'
      return entriesOf(reading, byApp, sub.id, joined(under, path), one.order, false, [...above, sub.id])
    }
    return entryOf(reading, one, under, root, list.slice(0, index)).flatMap((each) => [
      ...signInsIn(reading, each),
      each,
    ])
  })
}

const signInsIn = (reading: Reading, entry: Entry): Entry[] => {
  const { kind, method, path, handlers } = entry
  if ((kind !== 'route' && kind !== 'mount') || !/^(?:POST|ALL)$/.test(method) || path === undefined) return []
  return signInsBelow(reading, handlers.at(-1)?.value, path).map((one) => ({
    ...entry,
    kind: 'route',
    method: 'POST',
    path: one,
    delegated: true,
  }))
}

const entryOf = (
  reading: Reading,
  one: Registration,
  under: string,
  root: boolean,
  before: readonly Registration[],
): Entry[] => {
  const { method, node } = one
  const base = { registration: one, root }
  const handlers = (from: number) =>
    node.args.slice(from).flatMap((arg) => handlersOf(reading, arg, one.scope, one.frame))
  const first = argument(reading, one, 0)
  const path = pathOfValue(first)
  if (method === 'use') {
    if (path === undefined && !isPathLike(first))
      return [{ ...base, kind: 'use', method: 'ALL', path: joined(under, '*'), handlers: handlers(0) }]
    const paths = path === undefined ? textsOf(first) : [path]
    return (paths.length === 0 ? [undefined] : paths).map((each) => ({
      ...base,
      kind: 'use' as const,
      method: 'ALL',
      path: each === undefined ? undefined : joined(under, each),
      handlers: handlers(1),
    }))
  }
  if (method === 'doc' || method === 'doc31')
    return [{ ...base, kind: 'docs', method: 'GET', path: joined(under, path ?? '/:doc'), handlers: [] }]
  if (method === 'mount')
    return [
      { ...base, kind: 'mount', method: 'ALL', path: joined(joined(under, path ?? '/'), '*'), handlers: handlers(1) },
    ]
  if (method === 'openapi') return openapi(reading, one, first, under, base)
  if (method === 'on') {
    const methods = textsIn(first)
    const paths = textsIn(argument(reading, one, 1))
    return methods.flatMap((verb) =>
      paths.map((each) => route(base, verb.toUpperCase(), joined(under, each), handlers(2))),
    )
  }
  if (!VERB.test(method)) return []
  // `.get(handler)` after `.get('/x', …)` is about the same path.
  const last =
    path === undefined && !isPathLike(first)
      ? before.findLast((each) => VERB.test(each.method) && pathOfValue(argument(reading, each, 0)) !== undefined)
      : undefined
  const own = path ?? (last ? pathOfValue(argument(reading, last, 0)) : undefined)
  const isPath = path !== undefined || isPathLike(first)
  return [
    route(base, method.toUpperCase(), joined(under, own ?? (isPath ? '/:unknown' : '*')), handlers(isPath ? 1 : 0)),
  ]
}

/** `app.all('*', middleware)` is a middleware: it goes on to what comes after. */
const route = (
  base: Pick<Entry, 'registration' | 'root'>,
  method: string,
  path: string,
  handlers: readonly Handler[],
): Entry => {
  const last = handlers.at(-1)?.value
  const goesOn = last?.kind === 'function' && last.node.parameters.length > 1
  return { ...base, kind: starred(path) !== undefined && goesOn ? 'use' : 'route', method, path, handlers }
}

const openapi = (
  reading: Reading,
  one: Registration,
  first: Value,
  under: string,
  base: Pick<Entry, 'registration' | 'root'>,
): Entry[] => {
  for (const value of possibilities(first)) {
    const definition = definitionOf(reading, value, one)
    if (definition === undefined) continue
    const member = (name: string) => reading.evaluator.member(definition.value, name, definition.node.at)
    const path = pathOfValue(member('path'))
    const [method = 'ALL'] = textsOf(member('method'))
    const listed = member('middleware')
    const own =
      listed.kind === 'unknown' || (listed.kind === 'literal' && listed.value === null)
        ? []
        : (listed.kind === 'list' ? listed.items : [listed]).map(
            (each): Handler => ({
              value: each,
              node: definition.node,
              scope: definition.scope,
              frame: definition.frame,
              name: nameOfValue(each),
            }),
          )
    const handlers = one.node.args.slice(1, 2).flatMap((arg) => handlersOf(reading, arg, one.scope, one.frame))
    return [
      {
        ...base,
        kind: 'route',
        method: method.toUpperCase(),
        path: joined(under, path === undefined ? '/:unknown' : routed(path)),
        handlers: [...own, ...handlers],
        definition,
      },
    ]
  }
  return [
    {
      ...base,
      kind: 'route',
      method: 'ALL',
      path: joined(under, '/:unknown'),
      handlers: one.node.args.slice(1, 2).flatMap((arg) => handlersOf(reading, arg, one.scope, one.frame)),
    },
  ]
}

/** `createRoute({…})`, or the object itself. */
const definitionOf = (reading: Reading, value: Value, one: Registration): Definition | undefined => {
  const given = one.node.args[0]
  if (
    value.kind === 'external' &&
    value.call?.node.args[0] &&
    /createRoute$/.test(withoutDefault(value.path).at(-2) ?? '')
  ) {
    const [node] = value.call.node.args
    return {
      node,
      scope: value.call.scope,
      frame: value.frame,
      value: reading.evaluator.value(node, value.call.scope, value.frame),
    }
  }
  return value.kind === 'object' && given ? { node: given, scope: one.scope, frame: one.frame, value } : undefined
}

const pathOfValue = (value: Value): string | undefined => {
  for (const one of possibilities(value)) {
    if (one.kind === 'literal' && typeof one.value === 'string') return one.value
    if (one.kind === 'text') return one.parts.map((part) => textsOf(part)[0] ?? ':part').join('')
  }
  // createRoute(…).path, and getRoutingPath()
  if (
    value.kind === 'external' &&
    value.call?.node.args[0] &&
    /^(?:path|getRoutingPath)$/.test(value.path.filter((one) => one !== '()').at(-1) ?? '')
  )
    return pathOfDefinition(value)
  return
}

const pathOfDefinition = (value: Extract<Value, { kind: 'external' }>): string | undefined => {
  const first: Node | undefined = value.call?.node.args[0]
  const entry =
    first?.kind === 'object'
      ? first.entries.find((one) => one.key.kind === 'literal' && one.key.value === 'path')?.value
      : undefined
  const text = entry?.kind === 'literal' && typeof entry.value === 'string' ? entry.value : undefined
  // As a plain text it is no pattern: `{id}` stands for itself there.
  return text !== undefined && value.path.at(-1) === '()' ? routed(text) : text
}

const isPathLike = (value: Value): boolean =>
  possibilities(value).some(
    (one) =>
      (one.kind === 'literal' && typeof one.value === 'string') ||
      one.kind === 'text' ||
      one.kind === 'env' ||
      (one.kind === 'list' && one.items.length > 0 && one.items.every((each) => textsOf(each).length > 0)),
  )

const textsIn = (value: Value): readonly string[] =>
  possibilities(value).flatMap((one) => (one.kind === 'list' ? one.items.flatMap(textsOf) : (pathOfValue(one) ?? [])))

const handlersOf = (reading: Reading, node: Node, scope: Scope, frame: Frame | undefined): Handler[] => {
  const from = node.kind === 'spread' ? node.operand : node
  const value = reading.evaluator.value(from, scope, frame)
  if (value.kind === 'list')
    return value.items.map((one, index) => ({
      value: one,
      node: from.kind === 'list' ? (from.items[index] ?? from) : from,
      scope,
      frame,
      name: nameOfValue(one) || nameOf(from.kind === 'list' ? from.items[index] : from),
    }))
  // factory.createHandlers(a, b)
  if (value.kind === 'external' && withoutDefault(value.path).at(-2) === 'createHandlers' && value.call) {
    const { call } = value
    return call.node.args.flatMap((arg) => handlersOf(reading, arg, call.scope, value.frame))
  }
  return [{ value, node: from, scope, frame, name: nameOf(from) || nameOfValue(value) }]
}

const nameOf = (node: Node | undefined): string => {
  if (node === undefined) return ''
  const callee: Node = node.kind === 'call' ? (node as Call).callee : node
  if (callee.kind === 'call') return nameOf(callee)
  if (callee.kind === 'member')
    return `${callee.object.kind === 'name' ? `${callee.object.name}.` : ''}${lastName(callee) ?? ''}`
  return lastName(callee) ?? ''
}

const nameOfValue = (value: Value): string => {
  if (value.kind === 'function') return value.node.name ?? ''
  return value.kind === 'external'
    ? (withoutDefault(value.path)
        .filter((one) => one !== '()')
        .at(-1) ?? '')
    : (value.kind === 'unknown' && value.label?.at(-1)) || ''
}
