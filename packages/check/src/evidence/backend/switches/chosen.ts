/** What one of several is chosen from: `app.use(process.env.AUTH === 'on' ? guard : noop)`. */
import { type Located, lookup, type Node, type Scope, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { isUp } from './by-default.ts'

/** Whether a guard is only one of the ways of a choice, and not the one that is up where nobody sets anything. */
export const isChosenOff = (reading: Reading, node: Node, isGuard: (value: Value) => boolean): boolean => {
  const scope = reading.program.scopeOf(node)
  const ways = scope === undefined ? [] : waysOf(node, scope)
  const guards = ways.filter((one) => {
    const value = reading.evaluator.value(one.node, one.scope)
    return value.kind === 'list' ? value.items.some(isGuard) : isGuard(value)
  })
  return guards.length > 0 && !guards.some((one) => isUp(reading, one.node))
}

/** The ways of a choice, also of one that has a name; none where there is nothing to choose. */
const waysOf = (node: Node, scope: Scope, depth = 0): readonly Located[] => {
  const all = (...nodes: readonly Node[]): readonly Located[] =>
    nodes.flatMap((one) => {
      const inner = depth < 4 ? waysOf(one, scope, depth + 1) : []
      return inner.length > 0 ? inner : [{ node: one, scope }]
    })
  if (node.kind === 'conditional') return all(node.consequent, node.alternate)
  if (node.kind === 'logical' && node.operator === '&&') return all(node.right)
  const [binding] = node.kind === 'name' ? lookup(scope, node.name) : []
  return binding?.kind === 'value' && binding.path.length === 0 && binding.assign.value !== undefined && depth < 4
    ? waysOf(binding.assign.value, binding.scope, depth + 1)
    : []
}
