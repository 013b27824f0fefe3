/** The program of a folder: its modules, what each exports and imports, and who calls what. */
import { type Layout, resolveImport } from './resolve-import.ts'
import { type Binding, handedOn, importedBy, lookup, type Scope, type Scopes, scopesOf } from './scopes.ts'
import type { Call, FunctionNode, Module, Node } from './tree.ts'
import { lastName, walk } from './walk.ts'

/** A node and the scope it is to be read in. */
export interface Located<N extends Node = Node> {
  readonly node: N
  readonly scope: Scope
}

export class Program {
  readonly modules: ReadonlyMap<string, Module>
  readonly layout: Layout
  readonly #scopes = new Map<Module, Scopes>()
  readonly #resolved = new Map<string, Module | undefined>()
  #imports: ReadonlySet<string> | undefined
  #calls: Map<string, Located<Call>[]> | undefined
  #functions: Map<string, Located<FunctionNode>[]> | undefined

  constructor(modules: readonly Module[], layout: Layout) {
    this.modules = new Map(modules.map((one) => [one.file, one]))
    this.layout = layout
  }

  scopes(module: Module): Scopes {
    const known = this.#scopes.get(module)
    if (known !== undefined) return known
    const scopes = scopesOf(module)
    this.#scopes.set(module, scopes)
    return scopes
  }

  /** The scope in which a node stands. */
  scopeOf(node: Node): Scope | undefined {
    const module = this.modules.get(node.at.file)
    return module === undefined ? undefined : this.scopes(module).around.get(node)
  }

  /** The node that a node stands directly in. */
  parentOf(node: Node): Node | undefined {
    const module = this.modules.get(node.at.file)
    return module === undefined ? undefined : this.scopes(module).parents.get(node)
  }

  /** What a function is called: by itself, by the variable, or by the key it is put under. */
  nameOf(node: FunctionNode): string | undefined {
    if (node.name !== undefined) return node.name
    let parent = this.parentOf(node)
    // catchAsync(async () => …) is called what its result is called.
    while (parent?.kind === 'call') parent = this.parentOf(parent)
    if (parent?.kind === 'assign') return lastName(parent.target)
    if (parent?.kind === 'export') {
      const name = parent.names.find((one) => one.value.at.start <= node.at.start && one.value.at.end >= node.at.end)
      return name === undefined || name.exported === 'default' ? undefined : name.exported
    }
    const entry =
      parent?.kind === 'object'
        ? parent.entries.find((one) => one.value.at.start <= node.at.start && one.value.at.end >= node.at.end)
        : undefined
    return entry?.key.kind === 'literal' ? String(entry.key.value) : undefined
  }

  /** The module that an import means, if it is the project's. */
  imported(module: Module, from: string): Module | undefined {
    const key = `${module.file}\n${from}`
    if (!this.#resolved.has(key)) {
      const file = resolveImport(module, from, this.layout)
      this.#resolved.set(key, file === undefined ? undefined : this.modules.get(file))
    }
    return this.#resolved.get(key)
  }

  /** What a module exports under a name; `default` and CommonJS's whole are the same. */
  exported(module: Module, name: string, seen = new Set<Module>()): Located | Module | undefined {
    if (seen.has(module)) return
    seen.add(module)
    return module.language === 'python'
      ? this.#givenByPython(module, name, seen)
      : this.#givenByJavaScript(module, name, seen)
  }

  #givenByPython(module: Module, name: string, seen: Set<Module>): Located | Module | undefined {
    const { top } = this.scopes(module)
    const binding = lookup(top, name)[0]
    // `from . import login` in the package itself names a file of it.
    const own =
      binding?.kind === 'import' && binding.imported === name && this.imported(module, binding.node.from) === module
    if (binding !== undefined && !own) return { node: { kind: 'name', name, at: topAt(module) }, scope: top }
    for (const { node, imported } of lookup(top, '*').flatMap((one) => (one.kind === 'import' ? [one] : [])) as Extract<
      Binding,
      { kind: 'import' }
    >[]) {
      if (imported !== '*') continue
      const other = this.imported(module, node.from)
      const found = other && this.exported(other, name, seen)
      if (found !== undefined) return found
    }
    // `from app import models`: a file of the package.
    return this.imported(module, `.${name}`)
  }

  #givenByJavaScript(module: Module, name: string, seen: Set<Module>): Located | Module | undefined {
    const { top } = this.scopes(module)
    let whole: Located | undefined
    let foreign: Located | undefined
    for (const node of module.body) {
      if (node.kind !== 'export') continue
      for (const one of node.names) {
        const { exported, value } = one
        if (node.from === undefined) {
          if (exported === name) return { node: value, scope: top }
          if (exported === 'default') whole = { node: value, scope: top }
          continue
        }
        const local = importedBy(one)
        const other = this.imported(module, node.from)
        if (other === undefined && !node.from.startsWith('.')) {
          const outside: Node = { kind: 'name', name: handedOn(node.from, local), at: node.at }
          if (exported === name) return { node: outside, scope: top }
          // All of a package is handed on: what no module of the project has under that name may be of there.
          if (exported === '*' && name !== 'default') foreign ??= { node: memberOf(outside, name), scope: top }
        } else if (other !== undefined && exported === '*') {
          const found = this.exported(other, name, seen)
          if (found !== undefined) return found
        } else if (other !== undefined && exported === name)
          return local === '*' ? other : this.exported(other, local, seen)
      }
    }
    if (foreign !== undefined) return foreign
    // `const { a } = require('./x')` where x says `module.exports = { a }`.
    if (whole?.node.kind === 'object') {
      const entry = whole.node.entries.find((one) => one.key.kind === 'literal' && one.key.value === name)
      if (entry !== undefined) return { node: entry.value, scope: top }
    }
    return name === 'default' && whole === undefined
      ? undefined
      : whole && name !== 'default'
        ? { node: memberOf(whole.node, name), scope: top }
        : whole
  }

  /** What its modules import or hand on, as they say it. Gathered once: it is asked for each of many calls. */
  get imports(): ReadonlySet<string> {
    this.#imports ??= new Set(
      [...this.modules.values()].flatMap(({ body }) =>
        body.flatMap((one) =>
          (one.kind === 'import' || one.kind === 'export') && one.from !== undefined ? [one.from] : [],
        ),
      ),
    )
    return this.#imports
  }

  /** Every call, by the last name of its callee: `sign` for `jwt.sign(…)`. */
  callsNamed(name: string): readonly Located<Call>[] {
    if (this.#calls === undefined) this.#index()
    return this.#calls?.get(name) ?? []
  }

  /** Every function and method of that name. */
  functionsNamed(name: string): readonly Located<FunctionNode>[] {
    if (this.#functions === undefined) this.#index()
    return this.#functions?.get(name) ?? []
  }

  #index(): void {
    const calls = new Map<string, Located<Call>[]>()
    const functions = new Map<string, Located<FunctionNode>[]>()
    const add = <N extends Node>(map: Map<string, Located<N>[]>, name: string, one: Located<N>) => {
      const known = map.get(name)
      if (known === undefined) map.set(name, [one])
      else known.push(one)
    }
    for (const module of this.modules.values()) {
      const { around } = this.scopes(module)
      walk(module.body, (node) => {
        const scope = around.get(node)
        if (scope === undefined) return
        if (node.kind === 'call') {
          const name = lastName(node.callee)
          const call = { node, scope }
          if (name !== undefined) add(calls, name, call)
          // import { sign as makeToken } …: it is found by either name.
          const imported = node.callee.kind === 'name' ? importedAs(node.callee.name, scope) : undefined
          if (imported !== undefined && imported !== name) add(calls, imported, call)
        } else if (node.kind === 'function') {
          if (node.name !== undefined) add(functions, node.name, { node, scope })
        } else if (node.kind === 'export') {
          for (const { exported, value } of node.names)
            if (value.kind === 'function' && value.name !== exported) add(functions, exported, { node: value, scope })
        } else if ((node.kind === 'assign' && node.value?.kind === 'function') || node.kind === 'object') {
          for (const [name, value] of node.kind === 'object'
            ? node.entries.map(
                (one) => [one.key.kind === 'literal' ? String(one.key.value) : undefined, one.value] as const,
              )
            : [[lastName(node.target), node.value] as const]) {
            if (name !== undefined && value?.kind === 'function' && value.name !== name)
              add(functions, name, { node: value, scope })
          }
        }
      })
    }
    this.#calls = calls
    this.#functions = functions
  }
}

const importedAs = (name: string, scope: Scope): string | undefined => {
  const [binding] = lookup(scope, name)
  return binding?.kind === 'import' && binding.imported !== '*' && binding.imported !== 'default'
    ? binding.imported
    : undefined
}

const topAt = (module: Module) => ({ file: module.file, line: 1, start: 0, end: 0 })

const memberOf = (object: Node, name: string): Node => ({
  kind: 'member',
  object,
  property: { kind: 'literal', value: name, at: object.at },
  at: object.at,
})
