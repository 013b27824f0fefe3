/** The project's classes: what stands in them, what they inherit, and what is known of a value by its type alone. */

import type { Evaluator } from './evaluate.ts'
import { modelOption } from './model-options.ts'
import type { Located } from './program.ts'
import type { Scope } from './scopes.ts'
import type { At, ClassNode, Node } from './tree.ts'
import { either, type Frame, unknown, type Value } from './value.ts'
import { lastName, pathOf, walkBody } from './walk.ts'

const DEEPEST = 60

export class Classes {
  readonly #evaluator: Evaluator
  readonly #members = new WeakMap<ClassNode, Map<string, Located[]>>()

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator
  }

  /** The members of a class by name: fields, methods, what a constructor puts on `this`, and its typed parameters. */
  members(node: ClassNode, scope: Scope): ReadonlyMap<string, readonly Located[]> {
    const known = this.#members.get(node)
    if (known !== undefined) return known
    const members = new Map<string, Located[]>()
    const add = (name: string, one: Located) => members.set(name, [...(members.get(name) ?? []), one])
    const inner = this.#evaluator.program.scopeOf(node.members[0] ?? node) ?? scope
    for (const member of node.members) {
      if (member.kind === 'function' && member.name !== undefined) {
        add(member.name, { node: member, scope: inner })
        const isConstructor = member.name === 'constructor' || member.name === '__init__'
        walkBody(member.body, (one) => {
          if (one.kind !== 'assign' || one.target.kind !== 'member' || one.target.object.kind !== 'name') return
          if (one.target.object.name !== 'this' && one.target.object.name !== 'self') return
          const name = lastName(one.target)
          const at = this.#evaluator.program.scopeOf(one)
          if (name !== undefined && at !== undefined) add(name, { node: one, scope: at })
        })
        if (isConstructor && inner.module.language === 'javascript')
          for (const parameter of member.parameters)
            if (parameter.target.kind === 'name' && parameter.type)
              add(parameter.target.name, {
                node: {
                  kind: 'assign',
                  target: parameter.target,
                  type: parameter.type,
                  decorators: parameter.decorators,
                  declares: true,
                  at: parameter.target.at,
                },
                scope: inner,
              })
      } else if (member.kind === 'assign') {
        const name = lastName(member.target)
        if (name !== undefined) add(name, { node: member, scope: inner })
      }
    }
    this.#members.set(node, members)
    return members
  }

  member(
    object: Extract<Value, { kind: 'class' | 'instance' }>,
    name: string,
    at: At,
    below: ReadonlySet<ClassNode> = new Set(),
  ): Value {
    const type = object.kind === 'class' ? object : object.class
    const own = this.members(type.node, type.scope).get(name)
    if (own !== undefined) {
      const values = own.map(({ node, scope }): Value => {
        if (node.kind === 'function') {
          const method: Value = { kind: 'function', node, scope, frame: undefined, self: object, at: node.at }
          const property =
            node.role === 'get' ||
            node.decorators.some((one) =>
              /^(?:property|computed_field|cached_property)$/.test(
                lastName(one.kind === 'call' ? one.callee : one) ?? '',
              ),
            )
          return property ? this.#evaluator.returned(method, undefined, object) : method
        }
        if (node.kind !== 'assign') return unknown(at, [name])
        if (node.value === undefined) return this.typed(node.type, scope, at)
        const value = this.#evaluator.value(node.value, scope)
        return value.kind === 'unknown' && node.type ? this.typed(node.type, scope, at) : value
      })
      const told = values.filter((one) => one.kind !== 'unknown')
      const settings = this.#settingsField(type, name, either(told.length > 0 ? told : values, at), at)
      return settings
    }
    let foreign: Value | undefined
    const seen = new Set(below).add(type.node)
    for (const base of type.node.bases) {
      const above = this.#evaluator.value(base, type.scope)
      if (above.kind === 'class' && !seen.has(above.node) && seen.size < DEEPEST) {
        const inherited = this.member(object.kind === 'class' ? above : { ...object, class: above }, name, at, seen)
        if (inherited.kind === 'external' && inherited.path.at(-1) === name) foreign ??= inherited
        else if (inherited.kind !== 'unknown') return inherited
      } else if (above.kind === 'external')
        foreign ??= { kind: 'external', from: above.from, path: [...above.path, name], at }
    }
    return foreign ?? unknown(at, [type.node.name ?? '?', name])
  }

  /** Whether a class is one of settings that the environment fills: pydantic's BaseSettings, also through the project's own bases. */
  isSettings(type: Extract<Value, { kind: 'class' }>, below: ReadonlySet<ClassNode> = new Set()): boolean {
    const seen = new Set(below).add(type.node)
    return type.node.bases.some((base) => {
      if (lastName(base) === 'BaseSettings') return true
      const above = this.#evaluator.value(base, type.scope)
      // Classes that extend each other in a circle are no program, and must not hold up whoever reads it.
      return above.kind === 'class' && !seen.has(above.node) && seen.size < 30 && this.isSettings(above, seen)
    })
  }

  #settingsField(type: Extract<Value, { kind: 'class' }>, name: string, value: Value, at: At): Value {
    if (value.kind === 'function' || !this.isSettings(type)) return value
    const own = this.members(type.node, type.scope).get(name)?.[0]?.node
    if (own?.kind === 'function') return value
    const env: Value = { kind: 'env', name: `${prefixOf(type.node)}${name}`, at: own?.at ?? at }
    const required = value.kind === 'unknown' || (value.kind === 'external' && value.from !== 'secrets')
    return required ? env : either([env, value], at)
  }

  /** A value known by its type alone: a class of the project, or another package's. */
  typed(type: Node | undefined, scope: Scope, at: At): Value {
    if (type === undefined) return unknown(at)
    if (type.kind === 'type' && type.name === 'union') {
      const values = type.args.map((one) => this.typed(one, scope, at)).filter((one) => one.kind !== 'unknown')
      return values.length === 1 && values[0] ? values[0] : unknown(at)
    }
    if (type.kind === 'member' && type.property.kind !== 'literal') {
      const base = lastName(type.object)
      const [first] = type.property.kind === 'list' ? type.property.items : [type.property]
      if (base === 'Annotated' && type.property.kind === 'list') {
        const given = type.property.items
          .slice(1)
          .map((one) => this.#evaluator.value(one, scope))
          .find((one) => one.kind === 'instance' || one.kind === 'object')
        return given ?? this.typed(first, scope, at)
      }
      if (base === 'Optional' || base === 'Promise' || base === 'Partial' || base === 'Readonly' || base === 'Required')
        return this.typed(first, scope, at)
      if (base === 'ConfigType' && first?.kind === 'type' && first.args[0]) {
        const factory = this.#evaluator.value(first.args[0], scope)
        return this.#registered(factory, at)
      }
      return this.typed(type.object, scope, at)
    }
    if (type.kind === 'class') return { kind: 'instance', class: { kind: 'class', node: type, scope, at: type.at }, at }
    if (type.kind === 'type' && type.name === 'typeof' && type.args[0])
      return this.#evaluator.value(type.args[0], scope)
    if (type.kind !== 'name' && type.kind !== 'member') return unknown(at)
    const named = this.#evaluator.value(type, scope)
    if (named.kind === 'class') return { kind: 'instance', class: named, at }
    return named.kind === 'external' && named.from !== 'global' ? named : unknown(at, pathOf(type))
  }

  /** Nest's `registerAs('auth', () => ({ … }))`: what the factory gives. */
  #registered(value: Value, at: At): Value {
    if (value.kind !== 'external' || value.call === undefined) return unknown(at)
    const factory = value.call.node.args.at(-1)
    const made = factory && this.#evaluator.value(factory, value.call.scope)
    return made?.kind === 'function' ? this.#evaluator.returned(made) : unknown(at)
  }

  self(scope: Scope, frame: Frame | undefined, at: At): Value {
    if (frame?.self !== undefined) return frame.self
    for (let one: Scope | undefined = scope; one !== undefined; one = one.parent)
      if (one.owner?.kind === 'class' && one.parent)
        return { kind: 'instance', class: { kind: 'class', node: one.owner, scope: one.parent, at }, at }
    return unknown(at, ['this'])
  }
}

/** What stands before the names of a class's settings: `env_prefix="APP_"`. */
const prefixOf = (type: ClassNode): string => {
  const said = modelOption(type, 'env_prefix')
  return said?.kind === 'literal' ? String(said.value) : ''
}
