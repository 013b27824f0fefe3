/**
 * What an expression comes to: constants, settings with their fallbacks, arithmetic, spans of time, objects that are built in steps,
 * calls of the project's own functions. Follows imports; gives up (unknown) rather than guess.
 */

import { arithmetic } from './arithmetic.ts'
import { boundNames } from './bound-names.ts'
import { defaultsOf, type Factory, factoriesOf, numbersOf } from './configuration.ts'
import { asNumber, type Evaluated, instanceCall, knownCall, knownMember } from './known-calls.ts'
import type { Located, Program } from './program.ts'
import { constructed, isOpaque, keysTaken, withoutKeys } from './records.ts'
import { type Binding, lookup, type Scope } from './scopes.ts'
import type { Assign, At, Call, ClassNode, FunctionNode, Member, Node, ObjectNode } from './tree.ts'
import { either, type Frame, isTooMuch, possibilities, unknown, type Value } from './value.ts'
import { lastName, pathOf, walkBody } from './walk.ts'

const DEEPEST = 60
const CALLS_DEEPEST = 6
const SETTING = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/
/** For one question: programs that were written to be hard to follow (or minified) are given up on. */
const STEPS = 5_000
/** For all of them together: the largest of the yard asks 160 thousand times, and a thousand files 60 thousand. */
const STEPS_IN_ALL = 5_000_000
const MOST_BINDINGS = 100
const MOST_CHANGES = 300
const MOST_FRAMES = 500

const COMPARES = /^(?:===?|!==?|[<>]=?|in|not in)$/

export class Evaluator {
  readonly program: Program
  readonly #remembered = new WeakMap<Node, Value>()
  readonly #framed = new WeakMap<Frame, WeakMap<Node, Value>>()
  readonly #open = new Set<Node>()
  readonly #changing = new Map<Binding, Value>()
  #cuts = 0
  #steps = 0
  #stepsInAll = 0
  readonly #changes = new WeakMap<readonly Node[], ReadonlyMap<string, readonly Node[]>>()
  readonly #members = new WeakMap<ClassNode, Map<string, Located[]>>()
  #defaults: ReadonlyMap<string, Value> | undefined
  #numbers: ReadonlySet<string> | undefined
  #factories: readonly Factory[] | undefined
  #aliased: ReadonlyMap<FunctionNode, readonly Located<Call>[]> | undefined
  #depth = 0

  constructor(program: Program) {
    this.program = program
  }

  /** What a node comes to in a scope; `frame` holds the parameters of the call it is read in. */
  value(node: Node, scope: Scope, frame?: Frame): Value {
    const memory = frame === undefined ? this.#remembered : this.#memoryOf(frame)
    const known = memory.get(node)
    if (known !== undefined) return known
    if (this.#depth === 0) this.#steps = 0
    this.#steps += 1
    this.#stepsInAll += 1
    if (this.#open.has(node) || this.#depth > DEEPEST || this.#steps > STEPS || this.#stepsInAll > STEPS_IN_ALL) {
      this.#cuts += 1
      return unknown(node.at, pathOf(node))
    }
    const cuts = this.#cuts
    this.#open.add(node)
    this.#depth += 1
    try {
      const whole = this.#value(node, scope, frame)
      const value = isTooMuch(whole) ? unknown(node.at, pathOf(node)) : whole
      // What a circle cut short is true only on this way round.
      if (cuts === this.#cuts || this.#depth === 1) memory.set(node, value)
      return value
    } finally {
      this.#depth -= 1
      this.#open.delete(node)
    }
  }

  #memoryOf(frame: Frame): WeakMap<Node, Value> {
    const known = this.#framed.get(frame)
    if (known !== undefined) return known
    const made = new WeakMap<Node, Value>()
    this.#framed.set(frame, made)
    return made
  }

  #value(node: Node, scope: Scope, frame: Frame | undefined): Value {
    const { at } = node
    switch (node.kind) {
      case 'literal':
        return { kind: 'literal', value: node.value, at }
      case 'pattern':
        return { kind: 'pattern', source: node.source, at }
      case 'template': {
        const parts = node.parts.map((one) => this.value(one, scope, frame))
        if (isTooMuch(...parts)) return unknown(at)
        return parts.every((one) => one.kind === 'literal')
          ? { kind: 'literal', value: parts.map((one) => String(one.value)).join(''), at }
          : { kind: 'text', parts, at }
      }
      case 'name':
        return this.#name(node.name, at, scope, frame)
      case 'member':
        return this.#member(node, scope, frame)
      case 'call':
        return this.call({ node, scope }, frame)
      case 'binary':
        return this.#binary(node, scope, frame)
      case 'logical': {
        const left = this.value(node.left, scope, frame)
        const right = this.value(node.right, scope, frame)
        if (node.operator === '&&') return right
        // `'' || x` is x; a literal that is there ends the chain.
        const kept = possibilities(left).filter(
          (one) => !(one.kind === 'literal' && (one.value === null || (node.operator === '||' && !one.value))),
        )
        const ends = kept.length > 0 && kept.every((one) => one.kind === 'literal')
        return ends ? either(kept, at) : either([...kept, right], at)
      }
      case 'unary': {
        const operand = this.value(node.operand, scope, frame)
        if (node.operator === '+')
          return operand.kind === 'instant' ? { ...operand, scale: 'ms' } : asNumber(operand, at)
        if (operand.kind !== 'literal')
          return node.operator === '!' ? { kind: 'unknown', asks: [operand], at } : unknown(at)
        if (node.operator === '-') return { kind: 'literal', value: -Number(operand.value), at }
        return node.operator === '!' ? { kind: 'literal', value: !operand.value, at } : unknown(at)
      }
      case 'conditional':
        return this.#conditional(node, scope, frame)
      case 'list':
        return this.#list(node.items, at, scope, frame)
      case 'object':
        return this.#object(node, scope, frame)
      case 'function':
        return { kind: 'function', node, scope, frame, at }
      case 'class':
        return { kind: 'class', node, scope, at }
      case 'assign':
        return node.value ? this.value(node.value, scope, frame) : unknown(at)
      case 'spread':
        return this.value(node.operand, scope, frame)
      case 'other':
        return node.children.length === 1 && node.children[0] ? this.value(node.children[0], scope, frame) : unknown(at)
      default:
        return unknown(at)
    }
  }

  #list(nodes: readonly Node[], at: At, scope: Scope, frame: Frame | undefined): Value {
    const given = nodes.map((one) => ({
      spread: one.kind === 'spread',
      value: this.value(one.kind === 'spread' ? one.operand : one, scope, frame),
    }))
    if (isTooMuch(...given.map((one) => one.value))) return unknown(at)
    return {
      kind: 'list',
      items: given.flatMap(({ spread, value }) => (spread && value.kind === 'list' ? value.items : [value])),
      at,
    }
  }

  /** What a comparison asked is kept: who reads a claim may want to know. */
  #binary(
    { operator, left, right, at }: Extract<Node, { kind: 'binary' }>,
    scope: Scope,
    frame: Frame | undefined,
  ): Value {
    const sides = [this.value(left, scope, frame), this.value(right, scope, frame)] as const
    const found = arithmetic(operator, ...sides, at)
    const isOpen = found.kind === 'unknown' && found.label === undefined && !isTooMuch(...sides)
    return isOpen && COMPARES.test(operator) ? { ...found, asks: sides } : found
  }

  /** Both sides, but for `a if required else b` in a call that says which. */
  #conditional(
    { test, consequent, alternate, at }: Extract<Node, { kind: 'conditional' }>,
    scope: Scope,
    frame: Frame | undefined,
  ): Value {
    const said = test.kind === 'name' && frame?.call !== undefined ? frame.parameters.get(test.name) : undefined
    if (said?.kind === 'literal') return this.value(said.value ? consequent : alternate, scope, frame)
    return either([this.value(consequent, scope, frame), this.value(alternate, scope, frame)], at)
  }

  #name(name: string, at: At, scope: Scope, frame: Frame | undefined): Value {
    if (name === 'this' || name === 'self' || name === 'cls') return this.#self(scope, frame, at)
    if (name === 'undefined' || name === 'None') return { kind: 'literal', value: null, at }
    const bindings = lookup(scope, name)
    if (bindings.length === 0) {
      const starred = this.#starred(name, scope)
      return starred === undefined
        ? { kind: 'external', from: 'global', path: [name], at }
        : this.value(starred.node, starred.scope)
    }
    // `let config` that is assigned later is what it is assigned.
    const told =
      bindings.length > 1 ? bindings.filter((one) => one.kind !== 'value' || one.assign.value !== undefined) : bindings
    if (told.length > MOST_BINDINGS) return unknown(at, [name])
    return this.#changed(
      name,
      either(
        (told.length > 0 ? told : bindings).map((one) => this.#binding(one, name, at, frame)),
        at,
      ),
      bindings[0],
      frame,
    )
  }

  /** Python's `from x import *`. */
  #starred(name: string, scope: Scope): Located | undefined {
    for (const one of lookup(scope, '*')) {
      if (one.kind !== 'import') continue
      const module = this.program.imported(one.scope.module, one.node.from)
      const found = module && this.program.exported(module, name)
      if (found !== undefined && 'node' in found) return found
    }
    return
  }

  #binding(binding: Binding, name: string, at: At, frame: Frame | undefined): Value {
    switch (binding.kind) {
      case 'function':
        return { kind: 'function', node: binding.node, scope: binding.scope, frame: undefined, at: binding.node.at }
      case 'class':
        return { kind: 'class', node: binding.node, scope: binding.scope, at: binding.node.at }
      case 'import':
        return this.#imported(binding, name, at)
      case 'value': {
        const { assign, path } = binding
        // A local of the function that the frame is for is read with that frame.
        const value =
          localOf(assign, frame) ??
          (assign.value === undefined
            ? this.#typed(assign.type, binding.scope, at)
            : this.value(assign.value, binding.scope, frameFor(binding.scope, frame)))
        const part = path.reduce<Value>((whole, key) => this.member(whole, String(key), at, frame), value)
        const taken = assign.target.kind === 'name' ? undefined : keysTaken(assign.target, name)
        if (taken === undefined) return part
        const declared =
          isOpaque(part) && path.length === 0 && assign.value !== undefined
            ? this.value(assign.value, binding.scope)
            : part
        return withoutKeys(this, declared.kind === 'instance' ? declared : part, taken, at)
      }
      case 'parameter': {
        const parameter = binding.node.parameters[binding.index]
        let given: Value | undefined
        // A callback sees the parameters of the function that it stands in.
        for (let one: Frame | undefined = frame; one !== undefined; one = one.outer) {
          const known = one.function === binding.node ? one.parameters.get(name) : undefined
          // A span whose size is a setting says more than its type, `timedelta`.
          if (known !== undefined && (known.kind !== 'unknown' || known.label?.[0] === 'timedelta')) return known
          given ??= known
        }
        // The type of `**kwargs` is that of each value.
        const typed = parameter?.type && !parameter.rest ? this.#typed(parameter.type, binding.scope, at) : undefined
        const initial = parameter?.initial ? this.value(parameter.initial, binding.scope) : undefined
        if (typed !== undefined && typed.kind !== 'unknown') {
          const inner = binding.path.reduce<Value>((whole, key) => this.member(whole, String(key), at, frame), typed)
          if (inner.kind !== 'unknown') return inner
        }
        if (given !== undefined) return given
        if (initial !== undefined && binding.path.length === 0) return either([initial, unknown(at, [name])], at)
        return unknown(at, [name])
      }
    }
  }

  #imported(binding: Extract<Binding, { kind: 'import' }>, name: string, at: At): Value {
    const { module } = binding.scope
    // Python's `import a.b` binds a.
    const from = binding.imported === '*' && binding.node.from.startsWith(`${name}.`) ? name : binding.node.from
    const target = this.program.imported(module, from)
    if (target === undefined) {
      // `from app.core import security`: the name may be a file of the package.
      const nested =
        module.language === 'python' && binding.imported !== '*'
          ? this.program.imported(
              module,
              from.endsWith('.') ? `${from}${binding.imported}` : `${from}.${binding.imported}`,
            )
          : undefined
      if (nested !== undefined) return { kind: 'module', module: nested, at }
      return {
        kind: 'external',
        from,
        path: binding.imported === '*' && module.language === 'python' ? [] : [binding.imported],
        at,
      }
    }
    if (binding.imported === '*') return { kind: 'module', module: target, at }
    return this.#exported(target, binding.imported, at)
  }

  #exported(module: Located['scope']['module'], name: string, at: At): Value {
    const found = this.program.exported(module, name)
    if (found === undefined) return name === 'default' ? { kind: 'module', module, at } : unknown(at, [name])
    if (!('node' in found)) return { kind: 'module', module: found, at }
    return this.value(found.node, found.scope)
  }

  /** A value known by its type alone: a class of the project, or another package's. */
  #typed(type: Node | undefined, scope: Scope, at: At): Value {
    if (type === undefined) return unknown(at)
    if (type.kind === 'type' && type.name === 'union') {
      const values = type.args.map((one) => this.#typed(one, scope, at)).filter((one) => one.kind !== 'unknown')
      return values.length === 1 && values[0] ? values[0] : unknown(at)
    }
    if (type.kind === 'member' && type.property.kind !== 'literal') {
      const base = lastName(type.object)
      const [first] = type.property.kind === 'list' ? type.property.items : [type.property]
      if (base === 'Annotated' && type.property.kind === 'list') {
        const given = type.property.items
          .slice(1)
          .map((one) => this.value(one, scope))
          .find((one) => one.kind === 'instance' || one.kind === 'object')
        return given ?? this.#typed(first, scope, at)
      }
      if (base === 'Optional' || base === 'Promise' || base === 'Partial' || base === 'Readonly' || base === 'Required')
        return this.#typed(first, scope, at)
      if (base === 'ConfigType' && first?.kind === 'type' && first.args[0]) {
        const factory = this.value(first.args[0], scope)
        return this.#registered(factory, at)
      }
      return this.#typed(type.object, scope, at)
    }
    if (type.kind === 'class') return { kind: 'instance', class: { kind: 'class', node: type, scope, at: type.at }, at }
    if (type.kind === 'type' && type.name === 'typeof' && type.args[0]) return this.value(type.args[0], scope)
    if (type.kind !== 'name' && type.kind !== 'member') return unknown(at)
    const named = this.value(type, scope)
    if (named.kind === 'class') return { kind: 'instance', class: named, at }
    return named.kind === 'external' && named.from !== 'global' ? named : unknown(at, pathOf(type))
  }

  /** Nest's `registerAs('auth', () => ({ … }))`: what the factory gives. */
  #registered(value: Value, at: At): Value {
    if (value.kind !== 'external' || value.call === undefined) return unknown(at)
    const factory = value.call.node.args.at(-1)
    const made = factory && this.value(factory, value.call.scope)
    return made?.kind === 'function' ? this.returned(made) : unknown(at)
  }

  #self(scope: Scope, frame: Frame | undefined, at: At): Value {
    if (frame?.self !== undefined) return frame.self
    for (let one: Scope | undefined = scope; one !== undefined; one = one.parent)
      if (one.owner?.kind === 'class' && one.parent)
        return { kind: 'instance', class: { kind: 'class', node: one.owner, scope: one.parent, at }, at }
    return unknown(at, ['this'])
  }

  #object(node: ObjectNode, scope: Scope, frame: Frame | undefined): Value {
    const entries = new Map<string, Value>()
    const rest: Value[] = []
    // In the order of the text: what comes later has the last word.
    const parts = [...node.spreads, ...node.entries].sort(
      (a, b) => ('key' in a ? a.key : a).at.start - ('key' in b ? b.key : b).at.start,
    )
    for (const part of parts) {
      if ('key' in part) {
        const key = part.key.kind === 'literal' ? part.key : this.value(part.key, scope, frame)
        if ('value' in key && key.kind === 'literal' && key.value !== null)
          entries.set(String(key.value), this.value(part.value, scope, frame))
        continue
      }
      const given = this.value(part, scope, frame)
      // `...user` of a typed parameter says more than the map it was read from.
      const declared = isOpaque(given) && frame !== undefined ? this.value(part, scope) : given
      const value = declared.kind === 'instance' ? (constructed(this, declared, node.at) ?? declared) : given
      if (value.kind === 'object') {
        for (const [key, one] of value.entries) entries.set(key, one)
        rest.push(...value.rest)
      } else rest.push(value)
      if (rest.length > MOST_BINDINGS || isTooMuch(value)) return unknown(node.at)
    }
    return { kind: 'object', entries, rest, at: node.at, node: { node, scope } }
  }

  #member(node: Member, scope: Scope, frame: Frame | undefined): Value {
    const object = this.value(node.object, scope, frame)
    const key = node.property.kind === 'literal' ? node.property : this.value(node.property, scope, frame)
    const name = 'value' in key && key.kind === 'literal' ? String(key.value) : undefined
    if (name === undefined) return { kind: 'unknown', of: object, node, at: node.at }
    return this.member(object, name, node.at, frame)
  }

  /** `object.name`. */
  member(object: Value, name: string, at: At, frame?: Frame): Value {
    const known = knownMember(this, object, name, at)
    if (known !== undefined) return known
    switch (object.kind) {
      case 'either':
        return either(
          object.values.map((one) => this.member(one, name, at, frame)),
          at,
        )
      case 'object':
        return (
          object.entries.get(name) ??
          (object.rest.length > 0
            ? either(
                object.rest.map((one) => this.member(one, name, at, frame)),
                at,
              )
            : unknown(at, [name]))
        )
      case 'list':
        return /^\d+$/.test(name) ? (object.items[Number(name)] ?? unknown(at)) : unknown(at, [name])
      case 'module':
        return this.#exported(object.module, name, at)
      case 'external':
        return {
          kind: 'external',
          from: object.from,
          path: [...object.path, name],
          at,
          ...(object.call ? { call: object.call } : {}),
          frame: object.frame,
        }
      case 'class':
      case 'instance': {
        const member = this.#classMember(object, name, at)
        // A field that is only declared, under a setting's kind of name: what a schema of the environment filled.
        if (member.kind === 'unknown' && member.label === undefined)
          return {
            ...member,
            label: [object.kind === 'class' ? (object.node.name ?? '?') : (object.class.node.name ?? '?'), name],
          }
        if (member.kind !== 'unknown' || !SETTING.test(name)) return member
        const fallback = this.schemaDefault(name)
        const env: Value = { kind: 'env', name, at }
        return fallback === undefined ? env : either([env, fallback], at)
      }
      case 'unknown':
        return { kind: 'unknown', label: [...(object.label ?? ['?']), name], of: object, at }
      default:
        return { kind: 'unknown', label: [name], of: object, at }
    }
  }

  /** The members of a class by name: fields, methods, what a constructor puts on `this`, and its typed parameters. */
  members(node: ClassNode, scope: Scope): ReadonlyMap<string, readonly Located[]> {
    const known = this.#members.get(node)
    if (known !== undefined) return known
    const members = new Map<string, Located[]>()
    const add = (name: string, one: Located) => members.set(name, [...(members.get(name) ?? []), one])
    const inner = this.program.scopeOf(node.members[0] ?? node) ?? scope
    for (const member of node.members) {
      if (member.kind === 'function' && member.name !== undefined) {
        add(member.name, { node: member, scope: inner })
        const isConstructor = member.name === 'constructor' || member.name === '__init__'
        walkBody(member.body, (one) => {
          if (one.kind !== 'assign' || one.target.kind !== 'member' || one.target.object.kind !== 'name') return
          if (one.target.object.name !== 'this' && one.target.object.name !== 'self') return
          const name = lastName(one.target)
          const at = this.program.scopeOf(one)
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

  #classMember(
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
          return property ? this.returned(method, undefined, object) : method
        }
        if (node.kind !== 'assign') return unknown(at, [name])
        if (node.value === undefined) return this.#typed(node.type, scope, at)
        const value = this.value(node.value, scope)
        return value.kind === 'unknown' && node.type ? this.#typed(node.type, scope, at) : value
      })
      const told = values.filter((one) => one.kind !== 'unknown')
      const settings = this.#settingsField(type, name, either(told.length > 0 ? told : values, at), at)
      return settings
    }
    let foreign: Value | undefined
    const seen = new Set(below).add(type.node)
    for (const base of type.node.bases) {
      const above = this.value(base, type.scope)
      if (above.kind === 'class' && !seen.has(above.node) && seen.size < DEEPEST) {
        const inherited = this.#classMember(
          object.kind === 'class' ? above : { ...object, class: above },
          name,
          at,
          seen,
        )
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
      const above = this.value(base, type.scope)
      // Classes that extend each other in a circle are no program, and must not hold up whoever reads it.
      return above.kind === 'class' && !seen.has(above.node) && seen.size < 30 && this.isSettings(above, seen)
    })
  }

  #settingsField(type: Extract<Value, { kind: 'class' }>, name: string, value: Value, at: At): Value {
    if (value.kind === 'function' || !this.isSettings(type)) return value
    const own = this.members(type.node, type.scope).get(name)?.[0]?.node
    if (own?.kind === 'function') return value
    const env: Value = { kind: 'env', name, at: own?.at ?? at }
    const required = value.kind === 'unknown' || (value.kind === 'external' && value.from !== 'secrets')
    return required ? env : either([env, value], at)
  }

  /** `require('x')` and `import('x')`, where they stand in an expression. */
  required(from: string, scope: Scope, at: At): Value {
    const module = this.program.imported(scope.module, from)
    return module === undefined
      ? { kind: 'external', from, path: ['default'], at }
      : this.#exported(module, 'default', at)
  }

  /** What was given to a class when it was made: pydantic's `Model(a=1).dict()`. */
  given(object: Extract<Value, { kind: 'instance' }>): Value {
    const entries = new Map<string, Value>()
    const { call } = object
    if (call !== undefined)
      for (const [key, one] of call.node.named) entries.set(key, this.value(one, call.scope, object.frame))
    return { kind: 'object', entries, rest: [], at: object.at }
  }

  /** What a call comes to. */
  call(located: Located<Call>, frame?: Frame): Value {
    const { node, scope } = located
    const evaluated: Evaluated = {
      located,
      frame,
      arg: (index) => {
        const one = node.args[index]
        return one === undefined ? undefined : this.value(one, scope, frame)
      },
      named: (name) => {
        const one = node.named.get(name)
        return one === undefined ? undefined : this.value(one, scope, frame)
      },
    }
    const callee = this.value(node.callee, scope, frame)
    const known = knownCall(this, callee, evaluated) ?? instanceCall(this, node, scope, frame, evaluated)
    if (known !== undefined) return known
    const results = possibilities(callee).map((one): Value => {
      switch (one.kind) {
        case 'function':
          return this.returned(one, this.frame(one, located, frame), one.self)
        case 'class':
          return { kind: 'instance', class: one, call: located, frame, at: node.at }
        case 'external':
          return { kind: 'external', from: one.from, path: [...one.path, '()'], call: located, frame, at: node.at }
        default:
          return { kind: 'unknown', label: [...(pathOf(node) ?? ['?'])], of: one, node, at: node.at }
      }
    })
    return either(results, node.at)
  }

  /** The frame of a call of a function of the project's. */
  frame(callee: Extract<Value, { kind: 'function' }>, call: Located<Call>, outer?: Frame): Frame {
    const parameters = new Map<string, Value>()
    const { node } = callee
    const given = call.node.args
    // Python's methods name their own object first.
    const skipped =
      callee.scope.module.language === 'python' &&
      callee.self !== undefined &&
      node.parameters[0]?.target.kind === 'name' &&
      /^(?:self|cls)$/.test(node.parameters[0].target.name)
        ? 1
        : 0
    node.parameters.slice(skipped).forEach((parameter, index) => {
      const { target } = parameter
      const arg =
        target.kind === 'name'
          ? (call.node.named.get(target.name) ?? (parameter.rest ? undefined : given[index]))
          : given[index]
      if (parameter.rest) return
      const value =
        arg !== undefined && arg.kind !== 'spread'
          ? this.value(arg, call.scope, outer)
          : parameter.initial
            ? this.value(parameter.initial, callee.scope)
            : undefined
      if (target.kind === 'name') parameters.set(target.name, value ?? unknown(target.at, [target.name]))
      else if (value !== undefined)
        for (const { name, path, initial } of boundNames(target)) {
          const part = path.reduce<Value>((whole, key) => this.member(whole, String(key), target.at), value)
          const other = part.kind === 'unknown' && initial ? this.value(initial, callee.scope) : part
          parameters.set(name, withoutKeys(this, other, keysTaken(target, name) ?? [], target.at))
        }
    })
    return {
      function: node,
      call,
      parameters,
      self: callee.self,
      depth: (outer?.depth ?? 0) + 1,
      ...(outer ? { outer } : {}),
    }
  }

  /** What a function gives back: the one of its returns, or any of them. */
  returned(callee: Extract<Value, { kind: 'function' }>, frame?: Frame, self?: Value): Value {
    const { node } = callee
    if ((frame?.depth ?? 0) > CALLS_DEEPEST) return unknown(node.at)
    const values: Value[] = []
    walkBody(node.body, (one) => {
      if (one.kind === 'return' && one.value !== undefined) {
        const scope = this.program.scopeOf(one) ?? callee.scope
        values.push(
          this.value(
            one.value,
            scope,
            frame ?? { function: node, call: undefined, parameters: new Map(), self, depth: 1 },
          ),
        )
      }
      return one.kind !== 'function'
    })
    // What is not known by its value may be by the type that it says to give.
    if (values.every((one) => one.kind === 'unknown') && node.returns !== undefined) {
      const typed = this.#typed(node.returns, callee.scope, node.at)
      if (typed.kind === 'instance') return typed
    }
    return values.length === 0 ? unknown(node.at) : either(values, node.at)
  }

  /** What was done to a name after it was bound: `x.update({…})`, `x['exp'] = …`, `x.setDate(…)`. */
  #changed(name: string, value: Value, binding: Binding | undefined, frame: Frame | undefined): Value {
    if (binding === undefined || (value.kind !== 'object' && value.kind !== 'instant' && value.kind !== 'unknown'))
      return value
    if (binding.kind !== 'value' && binding.kind !== 'parameter') return value
    const owner =
      binding.kind === 'parameter'
        ? binding.node.body
        : binding.scope.owner?.kind === 'function'
          ? binding.scope.owner.body
          : binding.scope.module.body
    const changes = this.#changesIn(owner).get(name) ?? []
    if (changes.length === 0) return value
    if (changes.length > MOST_CHANGES) return unknown(value.at, [name])
    // `date.setDate(date.getDate() + 60)`: inside of a change the name is what it was before.
    const before = this.#changing.get(binding)
    if (before !== undefined) {
      this.#cuts += 1
      return before
    }
    let changed: Value = value
    for (const change of changes) {
      const scope = this.program.scopeOf(change)
      if (scope === undefined) continue
      this.#changing.set(binding, changed)
      if (change.kind === 'assign' && change.value && change.target.kind === 'member') {
        const key = change.target.property.kind === 'literal' ? String(change.target.property.value) : undefined
        if (
          key !== undefined &&
          (changed.kind === 'object' || (changed.kind === 'unknown' && binding.scope.module.language === 'python'))
        )
          changed = merged(changed, new Map([[key, this.value(change.value, scope, frame)]]), [])
      } else if (
        change.kind === 'call' &&
        lastName(change.callee) === 'update' &&
        (changed.kind === 'object' || changed.kind === 'unknown')
      ) {
        const added = change.args[0] ? this.value(change.args[0], scope, frame) : undefined
        const named = [...change.named].map(([key, one]): [string, Value] => [key, this.value(one, scope, frame)])
        if (added?.kind === 'object') changed = merged(changed, new Map([...added.entries, ...named]), added.rest)
        else if (named.length > 0) changed = merged(changed, new Map(named), [])
      } else if (change.kind === 'call' && changed.kind === 'instant') {
        const argument = change.args[0] ? this.value(change.args[0], scope, frame) : undefined
        changed = moved(changed, lastName(change.callee) ?? '', argument)
      }
    }
    this.#changing.delete(binding)
    return changed
  }

  /** The assignments to members of a name, and the calls of its methods, in a body: by name, and looked for once. */
  #changesIn(body: readonly Node[]): ReadonlyMap<string, readonly Node[]> {
    const known = this.#changes.get(body)
    if (known !== undefined) return known
    const changes = new Map<string, Node[]>()
    walkBody(body, (one) => {
      const place = one.kind === 'assign' ? one.target : one.kind === 'call' ? one.callee : undefined
      if (place?.kind !== 'member' || place.object.kind !== 'name') return
      const { name } = place.object
      const list = changes.get(name)
      if (list === undefined) changes.set(name, [one])
      else list.push(one)
    })
    this.#changes.set(body, changes)
    return changes
  }

  /** `routes.forEach((route) => router.use(route.path, route.router))`: one frame an item. */
  #itemsOf(owner: FunctionNode, scope: Scope, depth: number): readonly Frame[] | undefined {
    const call = this.program.parentOf(owner)
    if (
      call?.kind !== 'call' ||
      call.args[0] !== owner ||
      call.callee.kind !== 'member' ||
      !/^(?:forEach|map)$/.test(lastName(call.callee) ?? '')
    )
      return
    const around = this.program.scopeOf(call) ?? scope
    const list = this.value(call.callee.object, around)
    const [parameter] = owner.parameters
    if (list.kind !== 'list' || list.items.length > 60 || parameter === undefined) return
    const { items } = list
    // What the function around the loop was called with is seen in it: `(app) => routes.forEach((route) => route(app))`.
    return this.frames(around, depth - 1).flatMap((outer) =>
      items.map((item) => ({
        function: owner,
        call: { node: call, scope: around },
        parameters: new Map(
          boundNames(parameter.target).map(({ name, path }) => [
            name,
            path.reduce<Value>((whole, key) => this.member(whole, String(key), owner.at), item),
          ]),
        ),
        depth: 1,
        ...(outer === undefined ? {} : { outer }),
      })),
    )
  }

  /** The default that a schema of the environment anywhere in the program gives a name. */
  schemaDefault(name: string): Value | undefined {
    this.#defaults ??= defaultsOf(this)
    return this.#defaults.get(name)
  }

  /** Whether a schema of the environment anywhere in the program makes a number of a name. */
  schemaNumber(name: string): boolean {
    this.#numbers ??= numbersOf(this)
    return this.#numbers.has(name)
  }

  /** `configService.get('auth.secret')`: what a registered factory gives, or the environment. */
  configured(key: string, call: Evaluated, at: At): Value {
    const fallback = call.arg(1)
    const given = fallback?.kind === 'literal' && fallback.value !== null ? fallback : undefined
    const [first = '', ...rest] = key.split('.')
    this.#factories ??= factoriesOf(this)
    for (const factory of this.#factories) {
      const whole = factory(first)
      if (whole === undefined) continue
      const value = rest.reduce((object, name) => this.member(object, name, at), whole)
      if (value.kind !== 'unknown') return given ? either([value, given], at) : value
    }
    if (!/^[A-Z][A-Z0-9_]*$/.test(key)) return given ? either([unknown(at, [key]), given], at) : unknown(at, [key])
    const env: Value = { kind: 'env', name: key, at, ...(this.schemaNumber(key) ? { number: true } : {}) }
    const other = given ?? this.schemaDefault(key)
    return other ? either([env, other], at) : env
  }

  /** The calls of a function of the project's: by its name, by the name it was imported under, by the method's name where no more is known. */
  callers(callee: FunctionNode, name: string | undefined): readonly Located<Call>[] {
    const named = name === undefined ? [] : this.program.callsNamed(name)
    const resolved = named.map((call) => ({ call, values: possibilities(this.value(call.node.callee, call.scope)) }))
    const sure = [
      ...resolved
        .filter(({ values }) => values.some((one) => one.kind === 'function' && one.node === callee))
        .map(({ call }) => call),
      ...(this.#importedCalls().get(callee) ?? []).filter(({ node }) => named.every((one) => one.node !== node)),
    ]
    if (sure.length > 0) return sure
    // An object that nothing is known of: one of the few methods of that name is meant, if the name says enough.
    return name !== undefined && name.length > 5 && this.program.functionsNamed(name).length <= 12
      ? resolved
          .filter(({ values }) =>
            values.every(
              (one) =>
                one.kind === 'unknown' || (one.kind === 'external' && (one.from === 'global' || isOfRecord(one))),
            ),
          )
          .map(({ call }) => call)
      : []
  }

  /** Calls under another name than the function's own: `import routes from './index'`, `require('./routes')(app)`. */
  #importedCalls(): ReadonlyMap<FunctionNode, readonly Located<Call>[]> {
    if (this.#aliased !== undefined) return this.#aliased
    const aliased = new Map<FunctionNode, Located<Call>[]>()
    this.#aliased = aliased
    for (const module of this.program.modules.values())
      for (const [node, scope] of this.program.scopes(module).around) {
        if (node.kind !== 'call') continue
        const { callee } = node
        for (const each of this.#eachCalled(node, scope))
          aliased.set(each, [...(aliased.get(each) ?? []), { node, scope }])
        const foreign =
          (callee.kind === 'name' && lookup(scope, callee.name)[0]?.kind === 'import') ||
          (callee.kind === 'call' && lastName(callee.callee) === 'require') ||
          (callee.kind === 'member' && callee.object.kind === 'call' && lastName(callee.object.callee) === 'require')
        if (!foreign) continue
        const value = this.value(callee, scope)
        if (value.kind !== 'function' || (callee.kind === 'name' && this.program.nameOf(value.node) === callee.name))
          continue
        aliased.set(value.node, [...(aliased.get(value.node) ?? []), { node, scope }])
      }
    return aliased
  }

  /** The functions of a list that a loop calls one by one: `routes.forEach((route) => route(app))`. */
  #eachCalled({ callee }: Call, scope: Scope): ReadonlySet<FunctionNode> {
    const binding = callee.kind === 'name' ? lookup(scope, callee.name)[0] : undefined
    const frames = binding?.kind === 'parameter' ? (this.#itemsOf(binding.node, binding.scope, 1) ?? []) : []
    return new Set(
      frames.flatMap((frame) =>
        possibilities(this.value(callee, scope, frame)).flatMap((one) => (one.kind === 'function' ? [one.node] : [])),
      ),
    )
  }

  /** In this turn of the loop the call is of another function of the list. */
  #callsAnother(owner: FunctionNode, { node, scope }: Located<Call>, outer: Frame | undefined): boolean {
    if (outer === undefined || node.callee.kind !== 'name') return false
    if (lookup(scope, node.callee.name)[0]?.kind !== 'parameter') return false
    const values = possibilities(this.value(node.callee, scope, outer))
    return values.every((one) => one.kind === 'function' && one.node !== owner)
  }

  /** The frames in which a node is reached: one for each call of the function around it, and of the ones around that. */
  frames(scope: Scope, depth = 3): readonly (Frame | undefined)[] {
    const owner = functionAround(scope)
    if (owner === undefined || depth === 0) return [undefined]
    const items = this.#itemsOf(owner, scope, depth)
    if (items !== undefined) return items.slice(0, MOST_FRAMES)
    const name = this.program.nameOf(owner)
    const calls = this.callers(owner, name)
      .filter((one) => functionAround(one.scope) !== owner)
      .slice(0, depth === 3 ? 40 : 8)
    if (calls.length === 0) {
      // `new Promise((resolve) => sign(…, life, …))`: a callback sees what the function around it was called with.
      const around = this.program.scopeOf(owner)
      return around === undefined ? [undefined] : this.frames(around, depth)
    }
    const ways = calls.flatMap((call) =>
      this.frames(call.scope, depth - 1)
        .filter((outer) => !this.#callsAnother(owner, call, outer))
        .map((outer) => ({ call, outer })),
    )
    // Functions that all call each other have more ways than anybody can follow: the rest is read without its parameters.
    return [
      ...ways.slice(0, MOST_FRAMES).map(({ call, outer }) => {
        const callee = possibilities(this.value(call.node.callee, call.scope, outer)).find(
          (one) => one.kind === 'function' && one.node === owner,
        )
        const fallback: Value = {
          kind: 'function',
          node: owner,
          scope: this.program.scopeOf(owner) ?? scope,
          frame: undefined,
          at: owner.at,
          ...(scopeOwnerClass(scope) ? { self: unknown(owner.at) } : {}),
        }
        const made = this.frame((callee ?? fallback) as Extract<Value, { kind: 'function' }>, call, outer)
        // What the method's own object is, is known by its class; an unknown one would hide it.
        return { ...made, self: made.self?.kind === 'unknown' ? undefined : made.self }
      }),
      ...(ways.length > MOST_FRAMES ? [undefined] : []),
    ]
  }
}

/** `User.query.filter_by(…).first().make_token(…)`: what a record is asked to do, its class in the project does. */
const isOfRecord = ({ path }: Extract<Value, { kind: 'external' }>): boolean =>
  path.at(-2) === '()' && /^(?:first|one|get|scalar|find|fetch)\w*$/i.test(path.at(-3) ?? '')

const localOf = (assign: Assign, frame: Frame | undefined): Value | undefined => {
  for (let one = frame; one !== undefined; one = one.outer) {
    const given = one.locals?.get(assign)
    if (given !== undefined) return given
  }
  return
}

/** The frame that a place is read in: of the calls that led here, the one of a function that the place stands in. */
const frameFor = (scope: Scope, frame: Frame | undefined): Frame | undefined => {
  for (let one = frame; one !== undefined; one = one.outer)
    for (let around: Scope | undefined = scope; around !== undefined; around = around.parent)
      if (around.owner === one.function) return one
  return
}

const functionAround = (scope: Scope): FunctionNode | undefined => {
  for (let one: Scope | undefined = scope; one !== undefined; one = one.parent)
    if (one.owner?.kind === 'function') return one.owner
  return
}

const scopeOwnerClass = (scope: Scope): boolean => {
  for (let one: Scope | undefined = scope; one !== undefined; one = one.parent)
    if (one.owner?.kind === 'class') return true
  return false
}

const merged = (value: Value, entries: ReadonlyMap<string, Value>, rest: readonly Value[]): Value =>
  value.kind === 'object'
    ? { ...value, entries: new Map([...value.entries, ...entries]), rest: [...value.rest, ...rest] }
    : { kind: 'object', entries, rest: [value, ...rest], at: value.at }

const SETTERS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    setDate: 86400,
    setHours: 3600,
    setMinutes: 60,
    setSeconds: 1,
    setMonth: 2592000,
    setFullYear: 31557600,
    setMilliseconds: 0.001,
    setUTCDate: 86400,
    setUTCHours: 3600,
    setUTCMinutes: 60,
    setUTCSeconds: 1,
  }),
)

/** `date.setDate(today.getDate() + 60)`: the argument is a part of now plus something. */
const moved = (value: Extract<Value, { kind: 'instant' }>, setter: string, argument: Value | undefined): Value => {
  const unit = SETTERS.get(setter)
  if (setter === 'setTime' && argument?.kind === 'instant') return { ...value, seconds: argument.seconds }
  if (unit === undefined) return value
  return argument?.kind === 'instant'
    ? { ...value, seconds: value.seconds + argument.seconds }
    : argument?.kind === 'literal'
      ? value
      : unknown(value.at)
}
