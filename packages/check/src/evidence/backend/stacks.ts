/** Stack traces and raw errors that reach an answer. */
import { lastName, type Node, pathOf, type Value, walk } from '../source/index.ts'
import type { DebugSign } from './facts.ts'
import { placeOf, type Reading, whenOf } from './reading.ts'
import { isOpenUnset, isShutUnset } from './unset.ts'

const SENDS = /^(?:json|send|jsonp|end|write|render|text|html|body)$/

/** The places of a function where a stack, or an error whole, goes into an answer outside development. */
export const stackSigns = (
  reading: Reading,
  value: Extract<Value, { kind: 'function' }>,
  kind: string,
): DebugSign[] => {
  const signs: DebugSign[] = []
  const errors = errorNames(value)
  walk(value.node.body, (node) => {
    if (node.kind !== 'call' || !SENDS.test(lastName(node.callee) ?? '')) return
    for (const arg of node.args) {
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

const errorNames = (value: Extract<Value, { kind: 'function' }>): ReadonlySet<string> => {
  const names = new Set<string>()
  const [first] = value.node.parameters
  if (value.node.parameters.length === 4 && first?.target.kind === 'name') names.add(first.target.name)
  return names
}

const leakIn = (
  reading: Reading,
  node: Node,
  errors: ReadonlySet<string>,
  inside: Extract<Value, { kind: 'function' }>,
  depth = 0,
): { node: Node; what: string } | undefined => {
  let found: { node: Node; what: string } | undefined
  const isError = (one: Node): boolean => one.kind === 'name' && errors.has(one.name)
  if (isError(node)) return { node, what: 'the error itself' }
  walk([node], (one) => {
    if (found !== undefined) return false
    if (one.kind === 'member') {
      const path = pathOf(one)?.join('.') ?? ''
      if (/(?:^|\.)stack$/.test(path)) found = { node: one, what: 'a stack' }
      // `error.message` of a copy of the error is its message.
      if (one.object.kind === 'name') return false
    }
    if (one.kind === 'call') {
      const path = pathOf(one.callee)?.join('.') ?? ''
      if (/(?:^|\.)inspect$/.test(path) && one.args.some(isError)) found = { node: one, what: 'the error, inspected' }
      if (/^(?:JSON\.stringify|String)$/.test(path) && one.args.some(isError))
        found = { node: one, what: 'the error itself' }
    }
    if (one.kind === 'object') {
      for (const spread of one.spreads) if (isError(spread)) found = { node: spread, what: 'the error itself' }
      for (const entry of one.entries) if (isError(entry.value)) found = { node: entry.value, what: 'the error itself' }
    }
    if (one.kind === 'name' && !isError(one) && depth < 2) {
      // const response = { message, stack: err.stack }; res.send(response)
      const scope = reading.program.scopeOf(one)
      const binding =
        scope &&
        [...(scope.names.get(one.name) ?? []), ...(scope.parent?.names.get(one.name) ?? [])].find(
          (each) => each.kind === 'value',
        )
      if (
        binding?.kind === 'value' &&
        binding.path.length === 0 &&
        binding.assign.value !== undefined &&
        binding.assign.at.start >= inside.node.at.start &&
        binding.assign.at.end <= inside.node.at.end
      ) {
        const inner = leakIn(reading, binding.assign.value, errors, inside, depth + 1)
        const taken = inner?.what === 'a stack' && takenOut(reading, inside, one.name)
        if (inner !== undefined && !taken && shows(reading, inner.node)) found = inner
      }
    }
    return one.kind !== 'function'
  })
  return found
}

/** `if (env !== 'development') delete response.stack`. */
const takenOut = (reading: Reading, inside: Extract<Value, { kind: 'function' }>, name: string): boolean => {
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
