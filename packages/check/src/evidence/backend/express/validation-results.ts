/** express-validator's chains refuse nothing by themselves: somebody has to ask `validationResult(req)`, or take matchedData alone. */
import { type Frame, lastName, type Node, possibilities, type Scope, type Value, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { EXPRESS_VALIDATOR } from '../schemas/index.ts'
import type { Registration } from './apps.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** Whether anybody asks what the chains of a route found; also where that can't be seen. */
export const asksResult = (reading: Reading, { handlers }: Registration): boolean => {
  const last = handlers.at(-1)
  if (last === undefined || !possibilities(last.value).every((one) => one.kind === 'function')) return true
  return handlers.some(({ value }) => asksIn(reading, value, 0))
}

const DEEPEST = 4

const asksIn = (reading: Reading, value: Value, depth: number): boolean =>
  possibilities(value).some((one) => {
    if (one.kind === 'list') return one.items.some((item) => asksIn(reading, item, depth))
    if (one.kind === 'function') return asksInFunction(reading, one, depth)
    // A chain asks nothing; what another package's middleware does is not seen.
    return !(one.kind === 'external' && EXPRESS_VALIDATOR.test(one.from))
  })

const asksInFunction = (reading: Reading, { node, scope, frame }: FunctionValue, depth: number): boolean => {
  if (depth > DEEPEST) return true
  // asyncHandler(async (req, res) => …)
  const given = [...(frame?.parameters.values() ?? [])].flatMap(possibilities)
  if (given.some((one) => one.kind === 'function' && one.node !== node && asksInFunction(reading, one, depth + 1)))
    return true
  let found = false
  walk(node.body, (one) => {
    if (one.kind === 'call') found ||= asksInCall(reading, one, reading.program.scopeOf(one) ?? scope, frame, depth)
    return !found
  })
  return found
}

const asksInCall = (
  reading: Reading,
  node: Extract<Node, { kind: 'call' }>,
  scope: Scope,
  frame: Frame | undefined,
  depth: number,
): boolean => {
  const takesRequest = node.args.some((one) => one.kind === 'name' && /^(?:req|request)$/.test(one.name))
  return possibilities(reading.evaluator.value(node.callee, scope, frame)).some((one) => {
    if (one.kind === 'external' && EXPRESS_VALIDATOR.test(one.from))
      return one.path.some((name) => /^(?:validationResult|matchedData)$/.test(name))
    if (one.kind === 'function') return takesRequest && asksInFunction(reading, one, depth + 1)
    return takesRequest && lastName(node.callee) !== 'next'
  })
}
