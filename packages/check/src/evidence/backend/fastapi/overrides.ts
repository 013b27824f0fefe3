/** What a program puts in the place of a dependency outside of its tests: `app.dependency_overrides[current_user] = lambda: ANYBODY`. */
import { lastName, type Node, type Scope, type Value, walk } from '../../source/index.ts'
import { valuesOf } from '../python/index.ts'
import type { Reading } from '../reading.ts'
import { isUp } from '../switches/index.ts'

/** What answers for a dependency: itself, unless another was put there that is up while nobody sets anything. */
export const answering = (reading: Reading, value: Value): readonly Value[] => {
  const instead = value.kind === 'function' || value.kind === 'class' ? overrides(reading).get(value.node) : undefined
  return instead ?? [value]
}

const known = new WeakMap<Reading, ReadonlyMap<Node, readonly Value[]>>()

const overrides = (reading: Reading): ReadonlyMap<Node, readonly Value[]> => {
  const before = known.get(reading)
  if (before !== undefined) return before
  const found = new Map<Node, readonly Value[]>()
  known.set(reading, found)
  const put = (wanted: Node, given: Node, scope: Scope) => {
    for (const one of valuesOf(reading, wanted, scope))
      if (one.kind === 'function' || one.kind === 'class') found.set(one.node, valuesOf(reading, given, scope))
  }
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'python' || !module.text.includes('dependency_overrides')) continue
    walk(module.body, (node) => {
      const scope = reading.program.scopeOf(node)
      if (scope === undefined || (node.kind !== 'assign' && node.kind !== 'call') || !isUp(reading, node)) return
      for (const [wanted, given] of pairsIn(node)) put(wanted, given, scope)
    })
  }
  return found
}

/** `dependency_overrides[a] = b`, `dependency_overrides = {a: b}`, `dependency_overrides.update({a: b})` */
const pairsIn = (node: Extract<Node, { kind: 'assign' | 'call' }>): readonly (readonly [Node, Node])[] => {
  const [target, given] =
    node.kind === 'assign'
      ? [node.target, node.value]
      : node.callee.kind === 'member' && lastName(node.callee) === 'update'
        ? [node.callee.object, node.args[0]]
        : []
  if (target === undefined || given === undefined) return []
  if (target.kind === 'member' && isOverrides(target.object)) return [[target.property, given]]
  return isOverrides(target) && given.kind === 'object' ? given.entries.map(({ key, value }) => [key, value]) : []
}

const isOverrides = (node: Node): boolean => lastName(node) === 'dependency_overrides'
