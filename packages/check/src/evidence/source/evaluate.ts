/**
 * What an expression comes to: constants, settings with their fallbacks, arithmetic, spans of time, objects that are built in steps,
 * calls of the project's own functions. Follows imports; gives up (unknown) rather than guess.
 */

import { arithmetic } from './arithmetic.ts'
import { boundNames } from './bound-names.ts'
import { CallGraph } from './call-graph.ts'
import { Changes } from './changes.ts'
import { Classes } from './classes.ts'
import { Configuration } from './configuration.ts'
import { knownMember } from './environment.ts'
import { type Evaluated, instanceCall, knownCall } from './known-calls.ts'
import { exported, named } from './names.ts'
import { asNumber } from './numbers.ts'
import type { Located, Program } from './program.ts'
import { keysTaken, keywordsOf, withoutKeys, written } from './records.ts'
import { lookup, type Scope } from './scopes.ts'
import type { At, Call, Member, Node } from './tree.ts'
import { either, type Frame, givenBy, isThere, isTooMuch, possibilities, unknown, type Value } from './value.ts'
import { pathOf, walkBody } from './walk.ts'

const DEEPEST = 60
const CALLS_DEEPEST = 6
const SETTING = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/
/** For one question: programs that were written to be hard to follow (or minified) are given up on. */
const STEPS = 5_000
/** For all of them together: the largest of the yard asks 160 thousand times, and a thousand files 60 thousand. */
const STEPS_IN_ALL = 5_000_000

const COMPARES = /^(?:===?|!==?|[<>]=?|in|not in)$/

export class Evaluator {
  readonly program: Program
  readonly classes: Classes = new Classes(this)
  readonly changes: Changes = new Changes(this)
  readonly configuration: Configuration = new Configuration(this)
  readonly callGraph: CallGraph = new CallGraph(this)
  readonly #remembered = new WeakMap<Node, Value>()
  readonly #framed = new WeakMap<Frame, WeakMap<Node, Value>>()
  readonly #open = new Set<Node>()
  #cuts = 0
  #steps = 0
  #stepsInAll = 0
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

  /** Says that an answer is less than the whole, and true only on the way that is gone now: it is not remembered. */
  cut(): void {
    this.#cuts += 1
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
        return named(this, node.name, at, scope, frame)
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
        // `'' || x` is x; what is always there ends the chain.
        const options = possibilities(left)
        const kept = options.filter(
          (one) => !(one.kind === 'literal' && (one.value === null || (node.operator === '||' && !one.value))),
        )
        // A parameter may be left out by a call that nobody sees.
        const isGiven = node.left.kind === 'name' && lookup(scope, node.left.name)[0]?.kind === 'parameter'
        const ends =
          kept.length > 0 &&
          kept.length === options.length &&
          kept.every((one) => one.kind === 'literal' || (!isGiven && isThere(one)))
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
        return written(this, node, scope, frame)
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
    return either(
      [consequent, alternate].map((one) => givenBy(one, this.value(one, scope, frame))),
      at,
    )
  }

  #member(node: Member, scope: Scope, frame: Frame | undefined): Value {
    const object = this.value(node.object, scope, frame)
    const key = node.property.kind === 'literal' ? node.property : this.value(node.property, scope, frame)
    const name = 'value' in key && key.kind === 'literal' ? String(key.value) : undefined
    if (name === undefined && isGeneric(object, node)) return object
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
        return exported(this, object.module, name, at)
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
        const member = this.classes.member(object, name, at)
        // A field that is only declared is called as it is called: `name: str` says no more of it than `name` does. A setting is looked up.
        if (
          member.kind === 'unknown' &&
          (member.label === undefined || (isScalar(member.label) && !SETTING.test(name)))
        )
          return {
            ...member,
            label: [object.kind === 'class' ? (object.node.name ?? '?') : (object.class.node.name ?? '?'), name],
          }
        if (member.kind !== 'unknown' || !SETTING.test(name)) return member
        const fallback = this.configuration.defaultOf(name)
        const env: Value = { kind: 'env', name, at }
        return fallback === undefined ? env : either([env, fallback], at)
      }
      case 'unknown':
        return { kind: 'unknown', label: [...(object.label ?? ['?']), name], of: object, at }
      default:
        return { kind: 'unknown', label: [name], of: object, at }
    }
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
      if (parameter.keywords && target.kind === 'name') parameters.set(target.name, keywordsOf(this, node, call, outer))
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
        const value = this.value(
          one.value,
          scope,
          frame ?? { function: node, call: undefined, parameters: new Map(), self, depth: 1 },
        )
        values.push(givenBy(one, value))
      }
      return one.kind !== 'function'
    })
    // What is not known by its value may be by the type that it says to give.
    if (values.every((one) => one.kind === 'unknown') && node.returns !== undefined) {
      const typed = this.classes.typed(node.returns, callee.scope, node.at)
      if (typed.kind === 'instance') return typed
    }
    return values.length === 0 ? unknown(node.at) : either(values, node.at)
  }
}

const isScalar = (type: readonly string[]): boolean =>
  type.length === 1 && /^(?:str|int|float|bool|bytes|string|number|boolean)$/.test(type[0] ?? '')

/** Python's `FastAPIUsers[User, int]` of another package: the class itself. */
const isGeneric = (object: Value, { at }: Member): boolean =>
  object.kind === 'external' &&
  object.from !== 'global' &&
  at.file.endsWith('.py') &&
  /^[A-Z]\w*$/.test(object.path.at(-1) ?? '')
