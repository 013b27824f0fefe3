/** What dishka, a container of dependencies, gives: `user: FromDishka[User]` is what a `@provide` that says `-> User` returns. */
import { lastName, type Node, type Parameter, type Value, walk } from '../../source/index.ts'
import type { FunctionValue } from '../python/index.ts'
import type { Reading } from '../reading.ts'

const IS_PROVIDED = /^FromDishka$/

/** The functions that make what a parameter asks the container for. */
export const providedFor = (reading: Reading, { type }: Parameter): readonly Value[] => {
  if (type?.kind !== 'member' || !IS_PROVIDED.test(lastName(type.object) ?? '')) return []
  const wanted = lastName(type.property.kind === 'list' ? (type.property.items[0] ?? type) : type.property)
  return wanted === undefined ? [] : (providers(reading).get(wanted) ?? [])
}

const known = new WeakMap<Reading, ReadonlyMap<string, readonly FunctionValue[]>>()

/** By the name of what each says that it returns. */
const providers = (reading: Reading): ReadonlyMap<string, readonly FunctionValue[]> => {
  const before = known.get(reading)
  if (before !== undefined) return before
  const found = new Map<string, FunctionValue[]>()
  known.set(reading, found)
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'python' || !module.text.includes('dishka')) continue
    walk(module.body, (node) => {
      const scope = reading.program.scopeOf(node)
      if (node.kind !== 'function' || scope === undefined || !node.decorators.some(provides)) return
      const made = node.returns && lastName(node.returns)
      if (made === undefined) return
      const value: FunctionValue = { kind: 'function', node, scope, frame: undefined, at: node.at }
      found.set(made, [...(found.get(made) ?? []), value])
    })
  }
  return found
}

/** `@provide`, `@provide(scope=Scope.REQUEST)` */
const provides = (node: Node): boolean => lastName(node.kind === 'call' ? node.callee : node) === 'provide'
