/** What one of several is chosen from: `app.use(process.env.AUTH === 'on' ? guard : noop)`. */
import { type Located, lookup, type Node, possibilities, type Scope, type Value, walkBody } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { isUp } from './by-default.ts'

/** Whether a guard is only one of the ways of a choice, and not the one that is up where nobody sets anything. */
export const isChosenOff = (reading: Reading, node: Node, isGuard: (value: Value) => boolean): boolean => {
  const scope = reading.program.scopeOf(node)
  const ways = scope === undefined ? [] : waysOf(reading, node, scope)
  const guards = ways.filter((one) => {
    const value = reading.evaluator.value(one.node, one.scope)
    return value.kind === 'list' ? value.items.some(isGuard) : isGuard(value)
  })
  return guards.length > 0 && !guards.some((one) => isUp(reading, one.node))
}

/** The ways of a choice, also of one that has a name or that a function makes; none where there is nothing to choose. */
const waysOf = (reading: Reading, node: Node, scope: Scope, depth = 0): readonly Located[] => {
  const all = (...ways: readonly Located[]): readonly Located[] =>
    ways.flatMap((one) => {
      const inner = depth < 4 ? waysOf(reading, one.node, one.scope, depth + 1) : []
      return inner.length > 0 ? inner : [one]
    })
  if (node.kind === 'conditional') return all({ node: node.consequent, scope }, { node: node.alternate, scope })
  if (node.kind === 'logical' && node.operator === '&&') return all({ node: node.right, scope })
  if (node.kind === 'call' && depth < 4) {
    const returns = returnedBy(reading, node, scope)
    return returns.length > 1 || returns.some((one) => waysOf(reading, one.node, one.scope, depth + 1).length > 0)
      ? all(...returns)
      : []
  }
  const [binding] = node.kind === 'name' ? lookup(scope, node.name) : []
  return binding?.kind === 'value' && binding.path.length === 0 && binding.assign.value !== undefined && depth < 4
    ? waysOf(reading, binding.assign.value, binding.scope, depth + 1)
    : []
}

/** `make()`: `if (process.env.AUTH !== 'on') return noop; return guard`. */
const returnedBy = ({ evaluator, program }: Reading, call: Node, scope: Scope): readonly Located[] => {
  const made = call.kind === 'call' ? possibilities(evaluator.value(call.callee, scope)) : []
  return made.flatMap((one) => {
    const found: Located[] = []
    walkBody(one.kind === 'function' ? one.node.body : [], (each) => {
      const inner = each.kind === 'return' && each.value !== undefined ? program.scopeOf(each.value) : undefined
      if (each.kind === 'return' && each.value !== undefined && inner !== undefined)
        found.push({ node: each.value, scope: inner })
    })
    return found
  })
}
