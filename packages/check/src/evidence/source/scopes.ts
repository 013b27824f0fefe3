/** Which names a place can see: modules, functions and what they bind. */
import { boundNames } from './bound-names.ts'
import type { Assign, ClassNode, Export, FunctionNode, Import, Module, Node } from './tree.ts'
import { childrenOf } from './walk.ts'

export type Binding =
  /** `path` is the way into the value where the target takes it apart. */
  | {
      readonly kind: 'value'
      readonly assign: Assign
      readonly path: readonly (string | number)[]
      readonly scope: Scope
    }
  | { readonly kind: 'function'; readonly node: FunctionNode; readonly scope: Scope }
  | { readonly kind: 'class'; readonly node: ClassNode; readonly scope: Scope }
  | { readonly kind: 'import'; readonly node: Import; readonly imported: string; readonly scope: Scope }
  | {
      readonly kind: 'parameter'
      readonly node: FunctionNode
      readonly index: number
      readonly path: readonly (string | number)[]
      readonly scope: Scope
    }

export interface Scope {
  readonly module: Module
  readonly parent: Scope | undefined
  /** Undefined for the module's own. */
  readonly owner: FunctionNode | ClassNode | undefined
  readonly names: Map<string, Binding[]>
}

/** The scopes of a module, by their function or class; the module's own is `top`. */
export interface Scopes {
  readonly top: Scope
  /** The scope in which a node that is a function, class, call or assignment stands. */
  readonly around: ReadonlyMap<Node, Scope>
  /** The node that a node stands directly in. */
  readonly parents: ReadonlyMap<Node, Node>
}

export const scopesOf = (module: Module): Scopes => {
  const around = new Map<Node, Scope>()
  const parents = new Map<Node, Node>()
  const reassigned: { assign: Assign; scope: Scope }[] = []
  const top: Scope = { module, parent: undefined, owner: undefined, names: new Map() }

  const bind = (scope: Scope, name: string, binding: Binding) => {
    const known = scope.names.get(name)
    if (known === undefined) scope.names.set(name, [binding])
    else known.push(binding)
  }

  const declare = (node: Node, scope: Scope) => {
    if (node.kind === 'import') {
      for (const { imported, local } of node.names) bind(scope, local, { kind: 'import', node, imported, scope })
    } else if (node.kind === 'export' && node.from !== undefined) {
      const { from, at } = node
      for (const one of node.names)
        bind(scope, handedOn(from, importedBy(one)), {
          kind: 'import',
          node: { kind: 'import', from, names: [], at },
          imported: importedBy(one),
          scope,
        })
    } else if (
      (node.kind === 'function' || node.kind === 'class') &&
      node.name !== undefined &&
      scope.owner?.kind !== 'class'
    ) {
      bind(
        scope,
        node.name,
        node.kind === 'function' ? { kind: 'function', node, scope } : { kind: 'class', node, scope },
      )
    } else if (node.kind === 'assign' && (node.declares || module.language === 'python')) {
      for (const { name, path } of boundNames(node.target))
        bind(scope, name, { kind: 'value', assign: node, path, scope })
    } else if (node.kind === 'assign' && node.target.kind === 'name') reassigned.push({ assign: node, scope })
  }

  const enter = (start: readonly Node[], first: Scope) => {
    const waiting: { node: Node; scope: Scope }[] = start.map((node) => ({ node, scope: first }))
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { node, scope } = next
      around.set(node, scope)
      declare(node, scope)
      let inner = scope
      if (node.kind === 'function' || node.kind === 'class') {
        inner = { module, parent: scope, owner: node, names: new Map() }
        if (node.kind === 'function')
          node.parameters.forEach((one, index) => {
            for (const { name, path } of boundNames(one.target))
              bind(inner, name, { kind: 'parameter', node, index, path, scope: inner })
          })
      }
      for (const child of childrenOf(node)) {
        parents.set(child, node)
        waiting.push({ node: child, scope: inner })
      }
    }
  }
  enter(module.body, top)

  for (const { assign, scope } of reassigned) {
    if (assign.target.kind !== 'name') continue
    const { name } = assign.target
    const home = enclosing(scope, name)
    if (home !== undefined) bind(home, name, { kind: 'value', assign, path: [], scope })
  }
  // Bodies were read from the end: the first binding of a name is the first in the text.
  return { top, around, parents }
}

/** What `export { a as b } from 'x'` takes from there: `a`, or `*` for all of it. */
export const importedBy = ({ exported, value }: Export['names'][number]): string =>
  value.kind === 'name' ? value.name : exported

/** The name, which no program can write, that stands in a module for what it only hands on. */
export const handedOn = (from: string, imported: string): string => `${imported} from ${from}`

const enclosing = (scope: Scope | undefined, name: string): Scope | undefined => {
  for (let one = scope; one !== undefined; one = one.parent) if (one.names.has(name)) return one
  return
}

/** What a name means in a scope: all its bindings in the nearest scope that has it. A class's members are no names of its methods. */
export const lookup = (scope: Scope, name: string): readonly Binding[] => {
  for (let one: Scope | undefined = scope; one !== undefined; one = one.parent) {
    const found = one.owner?.kind === 'class' && one !== scope ? undefined : one.names.get(name)
    if (found !== undefined) return found
  }
  return []
}

/** The function that a scope is in. */
export const functionAround = (scope: Scope | undefined): FunctionNode | undefined => {
  for (let one = scope; one !== undefined; one = one.parent) if (one.owner?.kind === 'function') return one.owner
  return
}
