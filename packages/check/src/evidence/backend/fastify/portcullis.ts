/** Portcullis itself: one plugin that is the guard, the limits, the origins and the proxies. */
import {
  type Call,
  type Located,
  lastName,
  type Node,
  possibilities,
  type Value,
  withoutDefault,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'

export const isPortcullis = (from: string, path: readonly string[]): boolean =>
  /^portcullis(?:\/fastify)?$/.test(from) && path.filter((one) => one !== '*').join('.') === 'portcullis'

/** Definitions of routes, in the order of their list. */
export type Definition =
  | { readonly kind: 'own'; readonly value: Value }
  /** What `accountRoutes(…)` gives, and where it is called. */
  | { readonly kind: 'accounts'; readonly at: Value['at'] }
  /** Routes that are registered, and that nobody could read. */
  | { readonly kind: 'unread' }

/** The definitions that `routesOf(definitions)` registers. */
export const definitionsOf = (reading: Reading, value: Value): readonly Definition[] | undefined => {
  const call = routesOfIn(value)
  const given = call?.node.args[0]
  if (call === undefined || given === undefined) return
  const inFrame =
    value.kind === 'function'
      ? value.frame?.parameters.get('definitions')
      : value.kind === 'external'
        ? reading.evaluator.value(given, call.scope, value.frame)
        : undefined
  const found = inFrame === undefined ? undefined : listIn(reading, inFrame)
  // Below many calls the evaluator gives up, and who called seldom decides what is registered.
  return found?.every((one) => one.kind !== 'unread') === true
    ? found
    : listIn(reading, reading.evaluator.value(given, call.scope))
}

/** The call of `routesOf`; in the program that has it, it is a function. */
const routesOfIn = (value: Value): Located<Call> | undefined => {
  if (value.kind === 'external')
    return /^portcullis/.test(value.from) && withoutDefault(value.path).join('.') === 'routesOf.()'
      ? value.call
      : undefined
  return value.kind === 'function' && /(?:^|\/)adapters\/fastify\/definitions\.[jt]s$/.test(value.scope.module.file)
    ? value.frame?.call
    : undefined
}

const listIn = (reading: Reading, value: Value): readonly Definition[] =>
  possibilities(value).flatMap((one): readonly Definition[] => {
    if (one.kind === 'list') return one.items.flatMap((item) => listIn(reading, item))
    if (one.kind === 'object') return [{ kind: 'own', value: one }]
    const mapped = mappedFrom(reading, one)
    if (mapped !== undefined) return listIn(reading, mapped)
    if (one.kind !== 'external' || !/^portcullis(?:\/|$)/.test(one.from)) return [{ kind: 'unread' }]
    const name = withoutDefault(one.path).join('.')
    if (name === 'accountRoutes.()') return [{ kind: 'accounts', at: one.at }]
    const [given] = one.call?.node.args ?? []
    return name === 'route.()' && one.call !== undefined && given !== undefined
      ? listIn(reading, reading.evaluator.value(given, one.call.scope, one.frame))
      : [{ kind: 'unread' }]
  })

/**
 * `definitions.map((route) => ({ ...route, path: … }))`: the same routes, but for their paths. A route under the wrong path is
 * better than one that nobody looks at.
 */
const mappedFrom = (reading: Reading, value: Value): Value | undefined => {
  const node = value.kind === 'external' ? value.call?.node : value.kind === 'unknown' ? value.node : undefined
  if (node?.kind !== 'call' || node.callee.kind !== 'member' || lastName(node.callee) !== 'map') return
  const [given] = node.args
  const parameter = given?.kind === 'function' ? given.parameters[0]?.target : undefined
  const [returned, ...more] = given?.kind === 'function' ? given.body : []
  const scope = reading.program.scopeOf(node.callee.object)
  if (parameter?.kind !== 'name' || returned?.kind !== 'return' || more.length > 0 || scope === undefined) return
  return returned.value !== undefined && keeps(returned.value, parameter.name)
    ? reading.evaluator.value(node.callee.object, scope, value.kind === 'external' ? value.frame : undefined)
    : undefined
}

const keeps = (node: Node, name: string): boolean => {
  if (node.kind === 'conditional') return keeps(node.consequent, name) && keeps(node.alternate, name)
  if (node.kind === 'name') return node.name === name
  return (
    node.kind === 'object' &&
    node.spreads.length === 1 &&
    node.spreads.every((one) => keeps(one.kind === 'spread' ? one.operand : one, name)) &&
    node.entries.every(({ key }) => key.kind === 'literal' && /^(?:path|summary)$/.test(String(key.value)))
  )
}

/** `access: 'public'` or `access: publicAccess`. */
export const isPublicAccess = (node: Node | undefined, value: Value | undefined): boolean =>
  (node !== undefined && lastName(node) === 'publicAccess') ||
  (value !== undefined &&
    possibilities(value).some(
      (one) =>
        (one.kind === 'literal' && one.value === 'public') ||
        (one.kind === 'external' && one.path.at(-1) === 'publicAccess'),
    ))
