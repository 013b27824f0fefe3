/** Where names of a Python program are defined, and what its calls are given: by node, for what an evaluator would already have taken apart. */
import {
  type Call,
  type FunctionNode,
  type Located,
  lastName,
  lookup,
  type Node,
  possibilities,
  type Scope,
  textsOf,
  type Value,
  walk,
  withoutDefault,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'

export type FunctionValue = Extract<Value, { kind: 'function' }>
type InstanceValue = Extract<Value, { kind: 'instance' }>
export type ClassValue = Extract<Value, { kind: 'class' }>

const DEEPEST = 12

/** The node that a name or member stands for, through imports; the node itself where it stands for nothing of the project. */
export const definitionOf = (reading: Reading, node: Node, scope: Scope, depth = 0): Located => {
  const here = { node, scope }
  if (depth > DEEPEST) return here
  const follow = (found: ReturnType<typeof exportedFrom>): Located =>
    found !== undefined && 'node' in found ? definitionOf(reading, found.node, found.scope, depth + 1) : here
  if (node.kind === 'member' && node.property.kind === 'literal') {
    const object = reading.evaluator.value(node.object, scope)
    return object.kind === 'module'
      ? follow(reading.program.exported(object.module, String(node.property.value)))
      : here
  }
  if (node.kind !== 'name') return here
  const [binding] = lookup(scope, node.name)
  switch (binding?.kind) {
    case 'value':
      if (binding.path.length > 0 || binding.assign.value === undefined || binding.assign.value === node) return here
      return definitionOf(reading, binding.assign.value, binding.scope, depth + 1)
    case 'function':
    case 'class':
      return { node: binding.node, scope: binding.scope }
    case 'import':
      return binding.imported === '*'
        ? here
        : follow(exportedFrom(reading, binding.scope, binding.node.from, binding.imported))
    case undefined:
      for (const star of lookup(scope, '*')) {
        const found = star.kind === 'import' && exportedFrom(reading, star.scope, star.node.from, node.name)
        if (found) return follow(found)
      }
      return here
    default:
      return here
  }
}

const exportedFrom = (reading: Reading, scope: Scope, from: string, name: string) => {
  const module = reading.program.imported(scope.module, from)
  return module === undefined ? undefined : reading.program.exported(module, name)
}

/** `fastapi.security.HTTPBearer.()`: the dotted name of something of another package. */
export const dottedOf = (value: Value): string =>
  value.kind === 'external'
    ? [value.from === 'global' ? '' : value.from, ...withoutDefault(value.path)].filter(Boolean).join('.')
    : ''

/** The last name on a dotted name, calls left out. */
export const lastOf = (value: Value): string =>
  value.kind === 'external'
    ? (withoutDefault(value.path)
        .filter((one) => one !== '()')
        .at(-1) ??
      value.from.split('.').at(-1) ??
      '')
    : ''

/** Each value of a node in the calls that reach it, or in one of them. */
export const valuesOf = (
  reading: Reading,
  node: Node,
  scope: Scope,
  frames = reading.evaluator.callGraph.frames(scope),
): readonly Value[] => frames.flatMap((frame) => possibilities(reading.evaluator.value(node, scope, frame)))

const DEEPEST_LINEAGE = 8

/** A class, and the project's own that it extends, the nearest first. */
export const lineageOf = (reading: Reading, type: ClassValue, depth = 0): readonly ClassValue[] => {
  const above = depth > DEEPEST_LINEAGE ? [] : type.node.bases.map((base) => reading.evaluator.value(base, type.scope))
  return [
    type,
    ...above.flatMap((one) =>
      one.kind === 'class' && one.node !== type.node ? lineageOf(reading, one, depth + 1) : [],
    ),
  ]
}

/** The last names of what a class extends, through the project's own classes. */
export const ancestorsOf = (reading: Reading, type: ClassValue, depth = 0): readonly string[] =>
  depth > DEEPEST
    ? []
    : type.node.bases.flatMap((base) => {
        // Generic[T], Page[Item]
        const bare = base.kind === 'member' && base.property.kind !== 'literal' ? base.object : base
        const above = reading.evaluator.value(bare, type.scope)
        const own = lastName(bare) ?? ''
        if (above.kind === 'class' && above.node !== type.node) return [own, ...ancestorsOf(reading, above, depth + 1)]
        return [lastOf(above) || own]
      })

/** What a call is given under a name: the node, or the values that `**kwargs` brings. */
export const argumentOf = (
  reading: Reading,
  { node, scope }: Located<Call>,
  name: string,
  index = -1,
  frames = reading.evaluator.callGraph.frames(scope),
): { readonly node?: Node; readonly values: readonly Value[] } | undefined => {
  const direct = node.named.get(name) ?? (node.args[index]?.kind === 'spread' ? undefined : node.args[index])
  if (direct !== undefined) return { node: direct, values: valuesOf(reading, direct, scope, frames) }
  for (const arg of node.args) {
    if (arg.kind !== 'spread') continue
    const found = valuesOf(reading, arg.operand, scope, frames).flatMap((one) => {
      const entry = one.kind === 'object' ? one.entries.get(name) : undefined
      return entry === undefined ? [] : possibilities(entry)
    })
    if (found.length > 0) return { values: found }
  }
  return
}

/** What a call of the program's own function gives a parameter of it. */
export const givenFor = (called: FunctionNode, call: Located<Call>, name: string): Located | undefined => {
  const index = called.parameters.findIndex(({ target }) => lastName(target) === name)
  const first = called.parameters[0]?.target
  // Python's methods name their own object first.
  const bound = first?.kind === 'name' && /^(?:self|cls)$/.test(first.name) && call.node.callee.kind === 'member'
  const node = index < 0 ? undefined : (call.node.named.get(name) ?? call.node.args[index - (bound ? 1 : 0)])
  return node && { node, scope: call.scope }
}

/** The text of a node as far as it is known: a setting by its default, an f-string by its known parts. */
export const knownText = (reading: Reading, node: Node | undefined, scope: Scope): string | undefined => {
  if (node === undefined) return
  for (const value of valuesOf(reading, node, scope)) {
    const text = textOfValue(value)
    if (text !== undefined) return text
  }
  return
}

const textOfValue = (value: Value): string | undefined => {
  if (value.kind === 'text') return value.parts.map((one) => textsOf(one)[0] ?? '').join('')
  return textsOf(value)[0]
}

/** The texts among values, those of lists too. */
export const flatTexts = (values: readonly Value[]): readonly string[] =>
  values.flatMap((value) =>
    possibilities(value).flatMap((one) => (one.kind === 'list' ? flatTexts(one.items) : textsOf(one))),
  )

/** The number that a value comes to. */
export const numberOf = (value: Value | undefined): number | undefined => {
  if (value === undefined) return
  for (const one of possibilities(value)) {
    if (one.kind === 'literal' && typeof one.value === 'number') return one.value
    if (one.kind === 'duration') return one.seconds
  }
  return
}

export const isNothing = (value: Value): boolean => value.kind === 'literal' && value.value === null

/** The items of a list that is written out, added together, or stands elsewhere under a name. */
export const itemsOf = (reading: Reading, node: Node | undefined, scope: Scope): readonly Located[] => {
  if (node === undefined) return []
  const found = definitionOf(reading, node, scope)
  if (found.node.kind === 'list') return found.node.items.map((one) => ({ node: one, scope: found.scope }))
  if (found.node.kind === 'binary' && found.node.operator === '+')
    return [...itemsOf(reading, found.node.left, found.scope), ...itemsOf(reading, found.node.right, found.scope)]
  if (found.node.kind === 'conditional')
    return [
      ...itemsOf(reading, found.node.consequent, found.scope),
      ...itemsOf(reading, found.node.alternate, found.scope),
    ]
  return []
}

/** What loops and comprehensions in these nodes take a name from: `for p in PUBLIC`. */
export const loopsIn = (body: readonly Node[]): ReadonlyMap<string, Node> => {
  const loops = new Map<string, Node>()
  walk(body, (node) => {
    if (node.kind !== 'other') return
    const [target, source] = node.children
    const name =
      target?.kind === 'name'
        ? target.name
        : target?.kind === 'assign' && target.value === undefined
          ? lastName(target.target)
          : undefined
    if (name !== undefined && source !== undefined && !loops.has(name)) loops.set(name, source)
  })
  return loops
}

/** The function that runs when something is called: itself, an instance's `__call__`. */
export const calledBy = (reading: Reading, value: Value): FunctionValue | undefined => {
  if (value.kind === 'function') return value
  if (value.kind !== 'instance') return
  const called = methodOf(reading, value, '__call__')
  return called
}

export const methodOf = (
  reading: Reading,
  value: InstanceValue | ClassValue,
  name: string,
): FunctionValue | undefined => {
  const member = reading.evaluator.member(value, name, value.at)
  const found = possibilities(member).find((one) => one.kind === 'function')
  return found?.kind === 'function' ? found : undefined
}
