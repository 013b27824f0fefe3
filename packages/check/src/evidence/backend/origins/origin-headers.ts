/** `Access-Control-Allow-Origin` that is set by hand. */
import { type FunctionNode, lastName, type Node, type Value, walk } from '../../source/index.ts'
import type { CorsSetting } from '../facts.ts'
import { headersIn, setsAllowOrigin } from '../origin-functions/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { originsOf } from './origins.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

const isHeader = (node: Node): boolean =>
  node.kind === 'literal' && /^access-control-allow-origin$/i.test(String(node.value))

const WHAT = 'Access-Control-Allow-Origin by hand'

/** What a handler or a middleware sets, itself or by a function that it calls. */
export const headersByHand = (reading: Reading, value: FunctionValue): CorsSetting[] =>
  concerns(reading, value.node)
    ? headersIn(reading, value, (one) => originsOf(reading, one, 'unknown')).map(({ node, origins }) => ({
        at: placeOf(reading, node.at),
        origins,
        what: WHAT,
        credentials: sendsCredentials(value.node),
      }))
    : []

/** Wherever it is set: in frameworks whose handlers are not followed one by one. */
export const headersAnywhere = (reading: Reading): CorsSetting[] => {
  const found = new Map<string, CorsSetting>()
  const handlers = new Set<FunctionNode>()
  for (const { node, owner } of placesOf(reading)) {
    if (owner === undefined) continue
    if (owner.kind === 'function') for (const one of rootsOf(reading, owner)) handlers.add(one)
    else if (whenOf(reading, node) !== 'development')
      for (const one of decorated(reading, owner)) found.set(keyOf(one), one)
  }
  for (const node of handlers) {
    const scope = reading.program.scopeOf(node)
    if (scope === undefined || whenOf(reading, node) === 'development') continue
    for (const one of headersByHand(reading, { kind: 'function', node, scope, frame: undefined, at: node.at }))
      found.set(keyOf(one), one)
  }
  return [...found.values()]
}

const keyOf = ({ at, origins }: CorsSetting): string => `${at.file}:${at.line} ${origins}`

interface Place {
  readonly node: Node
  /** The function that sets it, or the call that does where it stands in none: a decorator's. */
  readonly owner: FunctionNode | Extract<Node, { kind: 'call' }> | undefined
}

const known = new WeakMap<Reading['program'], readonly Place[]>()

const placesOf = (reading: Reading): readonly Place[] => {
  const before = known.get(reading.program)
  if (before !== undefined) return before
  const places: Place[] = []
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'javascript' || !/access-control-allow-origin/i.test(module.text)) continue
    walk(module.body, (node) => {
      if (setsAllowOrigin(reading, node)) places.push({ node, owner: ownerOf(reading, node) })
    })
  }
  known.set(reading.program, places)
  return places
}

/** The function around it; one without parameters does what the one around it was called for. */
const ownerOf = (reading: Reading, node: Node): Place['owner'] => {
  let call: Extract<Node, { kind: 'call' }> | undefined
  let found: FunctionNode | undefined
  for (let [one, below]: [Node | undefined, Node] = [reading.program.parentOf(node), node]; one !== undefined; ) {
    if (one.kind === 'call') call ??= one
    // A decorator stands before the function.
    if (one.kind === 'function' && !one.decorators.includes(below)) {
      found = one
      if (one.parameters.length > 0) return one
    }
    below = one
    one = reading.program.parentOf(one)
  }
  return found ?? call
}

/** `@Header('Access-Control-Allow-Origin', '*')` */
const decorated = (reading: Reading, { args, at }: Extract<Node, { kind: 'call' }>): CorsSetting[] => {
  const [name, value] = args
  const scope = value && reading.program.scopeOf(value)
  if (name === undefined || value === undefined || scope === undefined || !isHeader(name)) return []
  const origins = originsOf(reading, reading.evaluator.value(value, scope), 'unknown')
  return [{ at: placeOf(reading, at), origins, what: WHAT, credentials: false }]
}

const REQUEST = /^_?(?:req|request|ctx|context|c|event)$/i

/** A function that is handed the origin or the answer is read from where it is called. */
const rootsOf = (reading: Reading, node: FunctionNode, depth = 2): readonly FunctionNode[] => {
  const asks = node.parameters.some(
    ({ target }) => target.kind === 'object' || (target.kind === 'name' && REQUEST.test(target.name)),
  )
  if (asks || depth === 0) return [node]
  const callers = reading.evaluator.callGraph.callers(node, reading.program.nameOf(node)).flatMap((call) => {
    const owner = ownerOf(reading, call.node)
    return owner?.kind === 'function' && owner !== node ? rootsOf(reading, owner, depth - 1) : []
  })
  return callers.length > 0 ? callers : [node]
}

/** Whether a function sets the header, or calls one that does. */
const concerns = (reading: Reading, node: FunctionNode): boolean => {
  const names = settersOf(reading)
  let found = false
  walk(node.body, (one) => {
    if (isHeader(one) || (one.kind === 'call' && names.has(lastName(one.callee) ?? ''))) found = true
    return !found
  })
  return found
}

const setters = new WeakMap<Reading['program'], ReadonlySet<string>>()

/** What the functions are called that set the header, and those that call them. */
const settersOf = (reading: Reading): ReadonlySet<string> => {
  const before = setters.get(reading.program)
  if (before !== undefined) return before
  const nameOf = (owner: Place['owner']): readonly string[] =>
    owner?.kind === 'function' ? [reading.program.nameOf(owner) ?? ''].filter((name) => name.length > 2) : []
  const names = new Set(placesOf(reading).flatMap(({ owner }) => nameOf(owner)))
  for (const name of names)
    for (const { node } of names.size < 50 ? reading.program.callsNamed(name) : [])
      for (const caller of nameOf(ownerOf(reading, node))) names.add(caller)
  setters.set(reading.program, names)
  return names
}

/** Whether a function also lets cookies through. */
export const sendsCredentials = (node: FunctionNode): boolean => {
  let found = false
  walk(node.body, (one) => {
    if (one.kind === 'literal' && /^access-control-allow-credentials$/i.test(String(one.value))) found = true
    return !found
  })
  return found
}
