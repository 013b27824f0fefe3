/** Walking the tree. */
import type { Node, Parameter } from './tree.ts'

const ofParameter = (one: Parameter): Node[] => [
  one.target,
  ...(one.type ? [one.type] : []),
  ...(one.initial ? [one.initial] : []),
  ...one.decorators,
]

/** What stands directly inside a node, in the order of the text, types included. */
export const childrenOf = (node: Node): readonly Node[] => {
  switch (node.kind) {
    case 'literal':
    case 'name':
    case 'pattern':
    case 'import':
      return []
    case 'template':
      return node.parts
    case 'member':
      return [node.object, node.property]
    case 'call':
      return [node.callee, ...node.args, ...node.named.values()]
    case 'binary':
    case 'logical':
      return [node.left, node.right]
    case 'unary':
    case 'spread':
      return [node.operand]
    case 'conditional':
      return [node.test, node.consequent, node.alternate]
    case 'list':
      return node.items
    case 'object':
      return [...node.entries.flatMap((one) => [one.key, one.value]), ...node.spreads]
    case 'function':
      return [
        ...node.decorators,
        ...node.parameters.flatMap(ofParameter),
        ...(node.returns ? [node.returns] : []),
        ...node.body,
      ]
    case 'class':
      return [...node.decorators, ...node.bases, ...node.named.values(), ...node.members]
    case 'assign':
      return [...node.decorators, node.target, ...(node.type ? [node.type] : []), ...(node.value ? [node.value] : [])]
    case 'export':
      return node.names.map((one) => one.value)
    case 'if':
      return [node.test, ...node.consequent, ...node.alternate]
    case 'return':
    case 'throw':
      return node.value ? [node.value] : []
    case 'try':
      return [...node.body, ...node.handlers]
    case 'type':
      return node.args
    case 'other':
      return node.children
  }
}

/** Visits every node below and including these, outside in; a visit that answers false is not entered. Needs no stack of its own. */
export const walk = (nodes: readonly Node[], visit: (node: Node) => unknown): void => {
  const waiting = [...nodes].reverse()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (visit(node) === false) continue
    const children = childrenOf(node)
    for (let index = children.length - 1; index >= 0; index -= 1) waiting.push(children[index] as Node)
  }
}

/** The nodes of these that stand in the same function: nested functions and classes are not entered. */
export const walkBody = (nodes: readonly Node[], visit: (node: Node) => unknown): void => {
  walk(nodes, (node) => {
    const answer = visit(node)
    return node.kind === 'function' || node.kind === 'class' ? false : answer
  })
}

/** `a.b.c` as ['a', 'b', 'c'], `this.x` as ['this', 'x']; a call on the way is '()'. Undefined where something is computed. */
export const pathOf = (node: Node): readonly string[] | undefined => {
  if (node.kind === 'name') return [node.name]
  if (node.kind !== 'call' && (node.kind !== 'member' || node.property.kind !== 'literal')) return
  // A chain of hundreds of calls is asked for at each of its links.
  if (paths.has(node)) return paths.get(node)
  const before = pathOf(node.kind === 'call' ? node.callee : node.object)
  const last = node.kind === 'call' ? '()' : node.property.kind === 'literal' ? String(node.property.value) : ''
  const path = before === undefined ? undefined : [...before, last]
  paths.set(node, path)
  return path
}

const paths = new WeakMap<Node, readonly string[] | undefined>()

/** JavaScript's `undefined`, which is a name. */
export const isUndefined = (node: Node | undefined): boolean => node?.kind === 'name' && node.name === 'undefined'

/** What is written out: a literal, or nothing. */
export const isFixed = (node: Node): boolean => node.kind === 'literal' || isUndefined(node)

/** The last name of a path: `sign` of `jwt.sign`. */
export const lastName = (node: Node): string | undefined => {
  if (node.kind === 'name') return node.name
  return node.kind === 'member' && node.property.kind === 'literal' ? String(node.property.value) : undefined
}
