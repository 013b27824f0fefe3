/** Middleware: what modules apply with a consumer, and what the start puts on the whole application with `app.use`. */
import { type Call, lastName, type Node, possibilities, textsOf, type Value } from '../../source/index.ts'
import type { Place } from '../facts.ts'
import { type Guard, guardIn } from '../guards/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { appCalls } from './application.ts'
import { type ClassValue, methodOf } from './classes.ts'

interface Target {
  /** Undefined covers everything. */
  readonly path?: string
  /** Undefined is any. */
  readonly method?: string
  readonly controller?: ClassValue
}

export interface Middleware {
  readonly at: Place
  readonly value: Value
  readonly guard: Guard | undefined
  readonly targets: readonly Target[]
  readonly except: readonly Target[]
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'ALL', 'OPTIONS', 'HEAD']

export const middlewareOf = (reading: Reading): readonly Middleware[] => [...consumed(reading), ...used(reading)]

/** `consumer.apply(A, B).exclude(…).forRoutes(…)` */
const consumed = (reading: Reading): readonly Middleware[] =>
  reading.program.callsNamed('forRoutes').flatMap(({ node, scope }) => {
    const chain = chainOf(node)
    const apply = chain.find((one) => lastName(one.callee) === 'apply')
    if (apply === undefined) return []
    const targets = node.args.flatMap((arg) =>
      targetsOf(reading, reading.evaluator.value(arg.kind === 'spread' ? arg.operand : arg, scope)),
    )
    const except = chain
      .filter((one) => lastName(one.callee) === 'exclude')
      .flatMap((one) =>
        one.args.flatMap((arg) =>
          targetsOf(reading, reading.evaluator.value(arg.kind === 'spread' ? arg.operand : arg, scope)),
        ),
      )
    return apply.args.flatMap((arg) =>
      possibilities(reading.evaluator.value(arg, scope)).map((value) => ({
        at: placeOf(reading, node.at),
        value,
        guard: guardOf(reading, value, lastName(arg) ?? ''),
        targets,
        except,
      })),
    )
  })

/** What any module applies, whatever routes it is for. */
export const appliedTo = (reading: Reading): readonly Value[] =>
  reading.program
    .callsNamed('apply')
    .flatMap(({ node, scope }) =>
      node.callee.kind === 'member' && !/^Reflect$/.test(lastName(node.callee.object) ?? '')
        ? node.args.map((arg) => reading.evaluator.value(arg.kind === 'spread' ? arg.operand : arg, scope))
        : [],
    )

const chainOf = (call: Call): readonly Call[] => {
  const chain: Call[] = []
  for (let node: Node = call; node.kind === 'call' && node.callee.kind === 'member'; node = node.callee.object)
    chain.push(node)
  return chain
}

const targetsOf = (reading: Reading, value: Value): readonly Target[] =>
  possibilities(value).flatMap((one): readonly Target[] => {
    if (one.kind === 'list') return one.items.flatMap((each) => targetsOf(reading, each))
    if (one.kind === 'class') return [{ controller: one }]
    if (one.kind === 'literal') return [target(String(one.value), undefined)]
    if (one.kind !== 'object') return []
    const method = one.entries.get('method')
    const name =
      method?.kind === 'external'
        ? method.path.at(-1)
        : method?.kind === 'literal'
          ? METHODS[Number(method.value)]
          : undefined
    return textsOf(one.entries.get('path') ?? one).map((path) => target(path, name === 'ALL' ? undefined : name))
  })

const target = (path: string, method: string | undefined): Target => {
  const everything = /^\/?(?:\*|\(\.\*\)|\{\*\w+\}|\*\w+|:\w+\*|\(\.\+\)|\.\*)?$/.test(path) && path !== ''
  return { ...(everything || path === '/' ? {} : { path: trimmed(path) }), ...(method === undefined ? {} : { method }) }
}

const trimmed = (path: string): string => path.replace(/^\/+|\/+$/g, '')

const guardOf = (reading: Reading, value: Value, name: string): Guard | undefined => {
  const type = value.kind === 'class' ? value : value.kind === 'instance' ? value.class : undefined
  if (type === undefined) return guardIn(reading, value, name)
  const use = methodOf(reading, type, 'use')
  const named = type.node.name ?? name
  return use && guardIn(reading, { ...use, node: { ...use.node, name: named } }, named)
}

/** `app.use(guard)`, `app.use('/docs', guard, …)`; what is for development only doesn't count. */
const used = (reading: Reading): readonly Middleware[] =>
  appCalls(reading, 'use').flatMap(({ node, scope }) => {
    if (whenOf(reading, node) === 'development') return []
    const first = node.args[0] && reading.evaluator.value(node.args[0], scope)
    const paths =
      first === undefined
        ? []
        : possibilities(first).flatMap((one) => (one.kind === 'list' ? one.items.flatMap(textsOf) : textsOf(one)))
    const mounted = first !== undefined && (paths.length > 0 || first.kind === 'text')
    const targets: readonly Target[] = mounted
      ? paths.map((path) => target(`${path}/*`.replace('//', '/'), undefined))
      : [{}]
    return node.args.slice(mounted ? 1 : 0).flatMap((arg) =>
      possibilities(reading.evaluator.value(arg, scope)).map((value) => ({
        at: placeOf(reading, node.at),
        value,
        guard: guardOf(reading, value, lastName(arg.kind === 'call' ? arg.callee : arg) ?? ''),
        targets,
        except: [],
      })),
    )
  })

/** Whether a middleware's target means a route; `path` is the route's, with and without the application's prefix. */
export const meets = (
  one: Target,
  route: { readonly method: string; readonly paths: readonly string[]; readonly controllers: readonly ClassValue[] },
): boolean => {
  if (one.method !== undefined && one.method !== route.method && route.method !== 'ALL') return false
  if (one.controller !== undefined) return route.controllers.some((each) => each.node === one.controller?.node)
  if (one.path === undefined) return true
  const pattern = patternOf(one.path)
  return route.paths.some((path) => pattern.test(trimmed(path)))
}

/** Express's path language, old and new: `:id`, `*`, `(.*)`, `{*rest}`, `*rest`. */
const patternOf = (path: string): RegExp => {
  const parts = path.split('/').map((part) => {
    if (/^(?:\*|\(\.\*\)|\{\*\w+\}|\*\w+|\{\/\*\w+\})$/.test(part)) return '.*'
    if (part.startsWith(':')) return '[^/]+'
    return part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')
  })
  const source = parts.join('/').replace(/\/\.\*$/, '(?:/.*)?')
  return new RegExp(`^${source}$`)
}

export const coversAll = (one: Middleware): boolean =>
  one.targets.some((each) => each.path === undefined && each.controller === undefined && each.method === undefined)
