/** Which expressions of a handler are what a caller sent: `req.body`, `await c.req.json()`, and the names that stand for them. */
import {
  type Call,
  type Frame,
  type FunctionNode,
  lastName,
  type Node,
  type Scope,
  walk,
  walkBody,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { textOf } from './chain.ts'

export type From = 'body' | 'query' | 'path'

const EVERY = ['body', 'query', 'path'] as const

/** The parts of a request that a validation looks at. */
export const partsIn = (from: From | 'all'): readonly From[] => (from === 'all' ? EVERY : [from])

export type Origin =
  | { readonly kind: 'request' }
  /** `key`: only this of it; `deep`: a part of what the key holds; `text`: its values are texts, where another's may be lists. */
  | { readonly kind: 'input'; readonly from: From; readonly key?: string; readonly deep?: true; readonly text?: true }

export interface Origins {
  readonly fn: FunctionNode
  readonly frame: Frame | undefined
  of(node: Node): Origin | undefined
  scopeOf(node: Node): Scope
}

const PARTS: Readonly<Record<string, From>> = {
  body: 'body',
  rawBody: 'body',
  query: 'query',
  querystring: 'query',
  searchParams: 'query',
  params: 'path',
}

/** What validators call the parts of a request. */
export const TARGETS: Readonly<Record<string, From>> = {
  ...PARTS,
  json: 'body',
  form: 'body',
  param: 'path',
  path: 'path',
}

const BODY_READERS = /^(?:json|text|parseBody|formData|arrayBuffer|blob|raw)$/

const REQUEST: Origin = { kind: 'request' }
const TEXT = { text: true } as const

/** The request among a handler's parameters: the first, or the second of one that handles errors. */
export const requestOf = (fn: FunctionNode): ReadonlyMap<string, Origin> => {
  const parameter = fn.parameters[fn.parameters.length === 4 ? 1 : 0]
  return parameter === undefined ? new Map() : bind(parameter.target, REQUEST)
}

/** The names that a target binds, when it takes this apart. */
export const bind = (target: Node, origin: Origin): Map<string, Origin> => {
  if (target.kind === 'name') return new Map([[target.name, origin]])
  if (target.kind === 'assign') return bind(target.target, origin)
  if (target.kind !== 'object') return new Map()
  const names = new Map<string, Origin>()
  for (const { key, value } of target.entries) {
    const inner = key.kind === 'literal' ? memberOf(origin, String(key.value)) : undefined
    if (inner !== undefined) for (const [name, one] of bind(value, inner)) names.set(name, one)
  }
  for (const spread of target.spreads)
    for (const [name, one] of bind(spread.kind === 'spread' ? spread.operand : spread, origin)) names.set(name, one)
  return names
}

const memberOf = (origin: Origin, key: string): Origin | undefined => {
  if (origin.kind === 'input') return origin.key === undefined ? { ...origin, key } : { ...origin, deep: true }
  // Hono's `c.req.raw` is the Request of the platform.
  if (/^(?:req|request|raw)$/.test(key)) return REQUEST
  const from = PARTS[key]
  return from === undefined ? undefined : { kind: 'input', from }
}

export const originsIn = (
  reading: Reading,
  fn: FunctionNode,
  scope: Scope,
  names: ReadonlyMap<string, Origin>,
  frame?: Frame,
): Origins => {
  const known = new Map(names)
  const scopeOf = (node: Node): Scope => reading.program.scopeOf(node) ?? scope
  const of = (node: Node): Origin | undefined => {
    switch (node.kind) {
      case 'name':
        return known.get(node.name)
      case 'member': {
        const object = of(node.object)
        if (object === undefined) return
        const key =
          node.property.kind === 'literal'
            ? String(node.property.value)
            : textOf(reading.evaluator.value(node.property, scopeOf(node.property), frame))
        return key === undefined ? (object.kind === 'input' ? object : undefined) : memberOf(object, key)
      }
      case 'call': {
        if (readsUrl(node)) return REQUEST
        if (node.callee.kind !== 'member') return
        const method = lastName(node.callee)
        const object = of(node.callee.object)
        if (object === undefined || method === undefined) return
        if (object.kind === 'input') {
          // `form.get('code')` of what formData() gave.
          const [arg] = node.args
          const key =
            method === 'get' && object.key === undefined
              ? arg && textOf(reading.evaluator.value(arg, scopeOf(arg), frame))
              : undefined
          return key === undefined ? undefined : { ...object, key, ...(object.from === 'query' ? TEXT : {}) }
        }
        if (method === 'clone') return object
        // With an argument it is Hono's own answer: `c.json(user)`.
        if (BODY_READERS.test(method) && (node.args.length === 0 || method === 'parseBody'))
          return { kind: 'input', from: 'body' }
        const from = /^quer(?:y|ies)$/.test(method) ? 'query' : method === 'param' ? 'path' : undefined
        const [arg] = node.args
        const key = arg && textOf(reading.evaluator.value(arg, scopeOf(arg), frame))
        return (
          from && { kind: 'input', from, ...(method === 'queries' ? {} : TEXT), ...(key === undefined ? {} : { key }) }
        )
      }
      case 'logical':
        return of(node.left)
      case 'other':
        return node.children.length === 1 && node.children[0] ? of(node.children[0]) : undefined
      case 'spread':
        return of(node.operand)
      default:
        return
    }
  }
  /** `new URL(req.url)`, `url.parse(req.url, true)`: of the request, its query. */
  const readsUrl = ({ callee, args: [first] }: Call): boolean =>
    /^(?:URL|parse)$/.test(lastName(callee) ?? '') && first !== undefined && isUrl(first)

  const isUrl = (node: Node): boolean =>
    node.kind === 'template'
      ? node.parts.some(isUrl)
      : node.kind === 'member' &&
        /^(?:url|originalUrl)$/.test(lastName(node) ?? '') &&
        of(node.object)?.kind === 'request'

  walk(fn.body, (node) => {
    if (node.kind !== 'assign' || node.value === undefined || !(node.declares || node.target.kind === 'name')) return
    const origin = of(node.value)
    if (origin !== undefined) for (const [name, one] of bind(node.target, origin)) known.set(name, one)
  })
  return { fn, frame, of, scopeOf }
}

/** Whether a statement reads what was sent, functions in it aside. */
export const readsInput = (origins: Origins, statement: Node): boolean => {
  let found = false
  walkBody([statement], (one) => {
    found ||= (one.kind === 'member' || one.kind === 'name') && origins.of(one)?.kind === 'input'
    return !found
  })
  return found
}
