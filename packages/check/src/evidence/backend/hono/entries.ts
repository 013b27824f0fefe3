/** What one registration adds to its application. */
import { textsOf } from '../../source/index.ts'
import { guardIn } from '../guards/index.ts'
import type { Reading } from '../reading.ts'
import { handlersOf } from './handlers.ts'
import type { Entry, Handler } from './model.ts'
import { openapi } from './openapi.ts'
import { isPathLike, pathOfValue, textsIn } from './path-values.ts'
import { joined, starred } from './paths.ts'
import { argumentOf, type Registration } from './registrations.ts'

const VERB = /^(?:get|post|put|patch|delete|options|head|all)$/

export const entriesOf = (
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
  const first = argumentOf(reading, one, 0)
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
    const paths = textsIn(argumentOf(reading, one, 1))
    return methods.flatMap((verb) =>
      paths.map((each) => route(reading, base, verb.toUpperCase(), joined(under, each), handlers(2))),
    )
  }
  if (!VERB.test(method)) return []
  // `.get(handler)` after `.get('/x', …)` is about the same path.
  const last =
    path === undefined && !isPathLike(first)
      ? before.findLast((each) => VERB.test(each.method) && pathOfValue(argumentOf(reading, each, 0)) !== undefined)
      : undefined
  const own = path ?? (last ? pathOfValue(argumentOf(reading, last, 0)) : undefined)
  const isPath = path !== undefined || isPathLike(first)
  return [
    route(
      reading,
      base,
      method.toUpperCase(),
      joined(under, own ?? (isPath ? '/:unknown' : '*')),
      handlers(isPath ? 1 : 0),
    ),
  ]
}

/** `app.all('*', middleware)` is a middleware: it goes on to what comes after. */
const route = (
  reading: Reading,
  base: Pick<Entry, 'registration' | 'root'>,
  method: string,
  path: string,
  handlers: readonly Handler[],
): Entry => {
  const last = handlers.at(-1)?.value
  const goesOn =
    last?.kind === 'function'
      ? last.node.parameters.length > 1
      : method === 'ALL' && last?.kind === 'external' && guardIn(reading, last) !== undefined
  return { ...base, kind: starred(path) !== undefined && goesOn ? 'use' : 'route', method, path, handlers }
}
