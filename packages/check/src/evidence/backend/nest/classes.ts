/** The program's classes with their decorators, and which of them anything refers to. */
import { type ClassNode, type FunctionNode, lastName, possibilities, type Value, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { type Decorator, decoratorsOf } from './decorators.ts'

export type ClassValue = Extract<Value, { kind: 'class' }>

export interface Decorated {
  readonly class: ClassValue
  readonly name: string
  readonly decorators: readonly Decorator[]
}

export interface Program {
  readonly reading: Reading
  readonly classes: readonly Decorated[]
  /** Whether something other than its own file's exports names it: a controller in no module answers nothing. */
  readonly isUsed: (name: string) => boolean
}

export const programOf = (reading: Reading): Program => {
  const classes: Decorated[] = []
  const uses = new Map<string, number>()
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'javascript') continue
    const { around } = reading.program.scopes(module)
    walk(module.body, (node) => {
      if (node.kind === 'export') return false
      if (node.kind === 'name') uses.set(node.name, (uses.get(node.name) ?? 0) + 1)
      const scope = node.kind === 'class' && node.decorators.length > 0 ? around.get(node) : undefined
      if (node.kind === 'class' && scope !== undefined)
        classes.push({
          class: { kind: 'class', node, scope, at: node.at },
          name: node.name ?? '',
          decorators: decoratorsOf(reading, node.decorators),
        })
      return true
    })
  }
  const modules = classes.some((one) => one.decorators.some((each) => each.name === 'Module'))
  return { reading, classes, isUsed: (name) => !modules || (uses.get(name) ?? 0) > 0 }
}

/** What a class extends, as values. */
export const basesOf = (reading: Reading, type: ClassValue): readonly Value[] =>
  type.node.bases.flatMap((base) => possibilities(reading.evaluator.value(base, type.scope)))

/** A class and the project's own ones above it. */
export const lineOf = (reading: Reading, type: ClassValue, depth = 0): readonly ClassValue[] =>
  depth > 5
    ? [type]
    : [
        type,
        ...basesOf(reading, type).flatMap((one) =>
          one.kind === 'class' && one.node !== type.node ? lineOf(reading, one, depth + 1) : [],
        ),
      ]

/** The method that a class has under a name, its own or the nearest one above. */
export const methodOf = (
  reading: Reading,
  type: ClassValue,
  name: string,
): Extract<Value, { kind: 'function' }> | undefined => {
  for (const one of lineOf(reading, type)) {
    const node = methodsOf(one.node).find((each) => each.name === name)
    const scope = node && reading.program.scopeOf(node)
    if (node !== undefined && scope !== undefined)
      return {
        kind: 'function',
        node,
        scope,
        frame: undefined,
        self: { kind: 'instance', class: type, at: node.at },
        at: node.at,
      }
  }
  return
}

export const methodsOf = (node: ClassNode): readonly FunctionNode[] =>
  node.members.flatMap((one) => (one.kind === 'function' && one.name !== 'constructor' ? [one] : []))

/** The class that a value is or is made of; `app.get(X)` and `moduleRef.get(X)` give an X. */
export const classOf = (reading: Reading, value: Value): ClassValue | undefined => {
  if (value.kind === 'class') return value
  if (value.kind === 'instance') return value.class
  const call = value.kind === 'external' ? value.call : undefined
  const node = call?.node ?? (value.kind === 'unknown' && value.node?.kind === 'call' ? value.node : undefined)
  const scope = call?.scope ?? (node && reading.program.scopeOf(node))
  if (node === undefined || scope === undefined || lastName(node.callee) !== 'get' || !node.args[0]) return
  const given = reading.evaluator.value(node.args[0], scope)
  return given.kind === 'class' ? given : undefined
}
