/** Stack traces and raw errors that reach an answer. */
import {
  type Binding,
  type FunctionNode,
  functionAround,
  isFrom,
  lastName,
  lookup,
  type Node,
  pathOf,
  type Value,
  walk,
  walkBody,
} from '../../source/index.ts'
import type { DebugSign } from '../facts.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { isOpenUnset, isShutUnset } from '../switches/index.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>
type Name = Extract<Node, { kind: 'name' }>

interface Leak {
  readonly node: Node
  readonly what: string
}

const SENDS = /^(?:json|send|jsonp|end|write|render|text|html|body)$/

/** The places of a function where a stack, or an error whole, goes into an answer outside development. */
export const stackSigns = (reading: Reading, value: FunctionValue, kind: string, returns = false): DebugSign[] => {
  const signs: DebugSign[] = []
  const errors = errorNames(value)
  walk(value.node.body, (node) => {
    for (const arg of answersOf(reading, node, value.node, returns)) {
      const leak = leakIn(reading, arg, errors, value)
      if (leak !== undefined && shows(reading, leak.node))
        signs.push({
          at: placeOf(reading, leak.node.at),
          what: `${leak.what} in the answer of ${kind === 'handler' ? 'a handler' : `an ${kind}`}`,
        })
    }
  })
  return signs
}

/** What is answered there. Where `returns`, also what the function gives back: `return { error, stack }` in Fastify. */
const answersOf = (reading: Reading, node: Node, fn: FunctionNode, returns: boolean): readonly Node[] => {
  if (node.kind === 'call') return SENDS.test(lastName(node.callee) ?? '') ? node.args : []
  if (!returns || node.kind !== 'return' || node.value?.kind !== 'object') return []
  return functionAround(reading.program.scopeOf(node)) === fn ? [node.value] : []
}

const errorNames = (value: FunctionValue): ReadonlySet<string> => {
  const names = new Set<string>()
  const [first] = value.node.parameters
  if (value.node.parameters.length === 4 && first?.target.kind === 'name') names.add(first.target.name)
  return names
}

const leakIn = (
  reading: Reading,
  node: Node,
  errors: ReadonlySet<string>,
  inside: FunctionValue,
  depth = 0,
): Leak | undefined => {
  let found: Leak | undefined
  const isError = (one: Node): boolean => one.kind === 'name' && errors.has(one.name)
  if (isError(node)) return { node, what: 'the error itself' }
  walk([node], (one) => {
    if (found !== undefined) return false
    if (one.kind === 'member') {
      if (isStack(reading, one)) found = { node: one, what: 'a stack' }
      // `error.message` of a copy of the error is its message.
      if (one.object.kind === 'name') return false
    }
    if (one.kind === 'call') {
      const path = pathOf(one.callee)?.join('.') ?? ''
      if (/(?:^|\.)inspect$/.test(path) && one.args.some(isError)) found = { node: one, what: 'the error, inspected' }
      if (/^(?:JSON\.stringify|String)$/.test(path) && one.args.some(isError))
        found = { node: one, what: 'the error itself' }
    }
    if (one.kind === 'call') found ??= inHelper(reading, one, inside, depth)
    if (one.kind === 'object') {
      for (const spread of one.spreads) if (isError(spread)) found = { node: spread, what: 'the error itself' }
      for (const entry of one.entries) if (isError(entry.value)) found = { node: entry.value, what: 'the error itself' }
    }
    if (one.kind === 'name' && !isError(one)) found ??= ofName(reading, one, errors, inside, depth)
    return one.kind !== 'function'
  })
  return found
}

/** What a name was bound to: `const response = { message, stack: err.stack }; res.send(response)`, `const { stack } = err`. */
const ofName = (
  reading: Reading,
  node: Name,
  errors: ReadonlySet<string>,
  inside: FunctionValue,
  depth: number,
): Leak | undefined => {
  if (isStack(reading, node)) return { node, what: 'a stack' }
  const binding = bindingsOf(reading, node).find((each) => each.kind === 'value')
  const { value, at } = binding?.kind === 'value' && binding.path.length === 0 ? binding.assign : {}
  if (depth >= 2 || value === undefined || at === undefined) return
  if (at.start < inside.node.at.start || at.end > inside.node.at.end) return
  const inner = leakIn(reading, value, errors, inside, depth + 1)
  const taken = inner?.what === 'a stack' && takenOut(reading, inside, node.name)
  return inner !== undefined && !taken && shows(reading, inner.node) ? inner : putIn(reading, inside, node.name)
}

const bindingsOf = (reading: Reading, node: Name): readonly Binding[] => {
  const scope = reading.program.scopeOf(node)
  return scope ? lookup(scope, node.name) : []
}

/** `err.stack`, or what was taken out of an error under that name; what somebody sent in is theirs. */
const isStack = (reading: Reading, node: Node | undefined): boolean => {
  if (node?.kind === 'member') return isStackPath(pathOf(node))
  if (node?.kind !== 'name') return false
  const bindings = bindingsOf(reading, node)
  // `catch ({ stack })`: the tree keeps no binding for it.
  if (bindings.length === 0) return node.name === 'stack'
  return bindings.some((one) => {
    if (one.kind !== 'value' && one.kind !== 'parameter') return false
    const from = one.kind === 'parameter' ? [] : one.assign.value && pathOf(one.assign.value)
    return from !== undefined && one.path.length > 0 && isStackPath([...from, ...one.path.map(String)])
  })
}

const isStackPath = (path: readonly string[] | undefined): boolean =>
  path?.at(-1) === 'stack' && !/^(?:body|query|params)$/.test(path.at(-2) ?? '')

/** `response.stack = err.stack`, `Object.assign(response, { stack: err.stack })`: it is put in after the object was made. */
export const putIn = (reading: Reading, inside: { readonly node: FunctionNode }, name: string): Leak | undefined => {
  let found: Node | undefined
  walk(inside.node.body, (node) => {
    found ??= addedTo(node, name).find((one) => isStack(reading, one) && shows(reading, one))
  })
  return found && { node: found, what: 'a stack' }
}

const addedTo = (node: Node, name: string): readonly Node[] => {
  if (node.kind === 'assign')
    return node.value && node.target.kind === 'member' && isNamed(node.target.object, name) ? [node.value] : []
  if (node.kind !== 'call' || pathOf(node.callee)?.join('.') !== 'Object.assign' || !isNamed(node.args[0], name))
    return []
  return node.args.flatMap((one) => (one.kind === 'object' ? one.entries.map(({ value }) => value) : []))
}

const isNamed = (node: Node | undefined, name: string): boolean => node?.kind === 'name' && node.name === name

/** `res.json(serialize(err))`: what a function of the project's makes of the error, or one whose object has its stack. */
export const inHelper = (
  reading: Reading,
  call: Extract<Node, { kind: 'call' }>,
  inside: FunctionValue,
  depth: number,
): Leak | undefined => {
  if (depth >= 2 || call.args.length === 0) return
  const scope = reading.program.scopeOf(call) ?? inside.scope
  const callee = reading.evaluator.value(call.callee, scope)
  if (isFrom(callee, 'serialize-error', 'serializeError') || isFrom(callee, 'pino', 'stdSerializers', 'err'))
    return { node: call, what: 'a stack' }
  if (callee.kind !== 'function' || callee.node === inside.node) return
  let found: Leak | undefined
  walkBody(callee.node.body, (node) => {
    if (node.kind !== 'return' || node.value === undefined) return
    const leak = leakIn(reading, node.value, new Set(), callee, depth + 1)
    if (leak !== undefined && shows(reading, leak.node)) found ??= leak
  })
  return found
}

/** `if (env !== 'development') delete response.stack`. */
const takenOut = (reading: Reading, inside: FunctionValue, name: string): boolean => {
  let found = false
  walk(inside.node.body, (node) => {
    if (node.kind === 'unary' && node.operator === 'delete' && pathOf(node.operand)?.join('.') === `${name}.stack`)
      found ||= whenOf(reading, node) !== 'development' && (!runsAsDevelopment(reading) || isOpenUnset(reading, node))
  })
  return found
}

/** Whether what stands there runs where nobody develops. */
export const shows = (reading: Reading, node: Node): boolean =>
  whenOf(reading, node) !== 'development' || (runsAsDevelopment(reading) && !isShutUnset(reading, node))

/** The project says how it is started, and nothing in it ever says that this is production: NODE_ENV is then what development has. */
export const runsAsDevelopment = ({ deployment }: Reading): boolean =>
  deployment?.start !== undefined && !deployment.production
