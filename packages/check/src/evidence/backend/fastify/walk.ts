/** Runs the statements of a program as far as they can see an instance of Fastify: loops, functions of the project's own, constructors. */
import {
  type Call,
  childrenOf,
  type Frame,
  type FunctionNode,
  frameGiven,
  inTurn,
  itemsOf,
  type Located,
  type Loop,
  lastName,
  loopOf,
  type Node,
  possibilities,
  type Scope,
  type Value,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import type { Context, Run } from './model.ts'

const DEEPEST = 40
const MOST_STEPS = 60_000

export type FunctionValue = Extract<Value, { kind: 'function' }>

/** A call, and what it is run in. */
export interface Running {
  readonly call: Located<Call>
  readonly frame: Frame | undefined
  readonly run: Run
}

interface Instances {
  /** The context of an instance. */
  contextOf(value: Value): Context | undefined
  /** A method of an instance is called. */
  called(name: string, context: Context, running: Running): void
}

export class Walk {
  readonly #reading: Reading
  readonly #instances: Instances
  readonly #running: { readonly node: FunctionNode; readonly key: string; readonly call: Node | undefined }[] = []
  readonly #ran = new Set<string>()
  /** Every call that was run. */
  readonly handled = new Set<Node>()
  #steps = 0

  constructor(reading: Reading, instances: Instances) {
    this.#reading = reading
    this.#instances = instances
  }

  /** The calls of the functions that are being run. */
  through(): readonly Node[] {
    return this.#running.flatMap((one) => one.call ?? [])
  }

  /** Runs statements; functions that stand in them run where they are called. */
  execute(nodes: readonly Node[], scope: Scope, frame: Frame | undefined, run: Run): void {
    for (const node of nodes) this.#visit(node, scope, frame, run)
  }

  /** Runs the body of a function, unless that is being run already. */
  enter(value: FunctionValue, frame: Frame, run: Run): void {
    const { node, self } = value
    const given = [...frame.parameters.values()].map(
      (one) => this.#instances.contextOf(one)?.id ?? `${one.at.file}:${one.at.start}`,
    )
    const key = `${node.at.file}:${node.at.start}:${run.seq}:${given.join(',')}:${frame.call?.node.at.start ?? ''}`
    if (
      this.#running.length > DEEPEST ||
      this.#running.some((one) => one.key === key) ||
      (given.length > 0 && this.#ran.has(key) && self !== undefined)
    )
      return
    this.#ran.add(key)
    this.#running.push({ node, key, call: frame.call?.node })
    const inner = { ...frame, outer: frame.outer ?? value.frame }
    const own = frame.self === undefined && self !== undefined ? { ...inner, self } : inner
    this.execute(node.body, this.#bodyScope(value), own, run)
    this.#running.pop()
  }

  #bodyScope({ node, scope }: FunctionValue): Scope {
    const [first] = node.body
    return (first && this.#reading.program.scopeOf(first)) ?? scope
  }

  #visit(node: Node, scope: Scope, frame: Frame | undefined, run: Run): void {
    this.#steps += 1
    if (this.#steps > MOST_STEPS || node.kind === 'function' || node.kind === 'type' || node.kind === 'import') return
    if (node.kind === 'class') return
    if (node.kind === 'call') {
      if (node.callee.kind === 'member') this.#visit(node.callee.object, scope, frame, run)
      else if (node.callee.kind !== 'name') this.#visit(node.callee, scope, frame, run)
      for (const arg of node.args) this.#visit(arg, scope, frame, run)
      this.#call({ call: { node, scope }, frame, run })
      return
    }
    const loop = loopOf(node)
    if (loop !== undefined && this.#loop(loop, scope, frame, run)) return
    for (const child of childrenOf(node)) this.#visit(child, scope, frame, run)
  }

  /** `for (const route of routes) app.route(route)`. */
  #loop({ variable, over, body }: Loop, scope: Scope, frame: Frame | undefined, run: Run): boolean {
    const items = itemsOf(this.#reading.evaluator, this.#value(over, scope, frame))
    if (items === undefined) return false
    this.#visit(over, scope, frame, run)
    for (const item of items) this.execute(body, scope, inTurn(frame, scope, variable, item), run)
    return true
  }

  #call(running: Running): void {
    const { call, frame, run } = running
    const { node, scope } = call
    this.handled.add(node)
    const { callee } = node
    if (callee.kind === 'member') {
      const context = this.#instances.contextOf(this.#value(callee.object, scope, frame))
      const name = lastName(callee)
      if (context !== undefined && name !== undefined) {
        this.#instances.called(name, context, running)
        return
      }
    }
    for (const one of possibilities(this.#value(callee, scope, frame))) {
      // `app.register(…)` of a wrapper is the wrapper's own business: only what is handed an instance, or can see one, is followed.
      if (one.kind === 'function' && this.#concerns(one, call, frame))
        this.enter(one, this.#reading.evaluator.frame(one, call, frame), run)
      if (one.kind === 'class') this.#construct(one, running)
    }
    this.#callbacks(running)
  }

  /** forEach and map give each of a list; then gives what it waited for. */
  #callbacks({ call: { node, scope }, frame, run }: Running): void {
    const functions = node.args.flatMap((arg) => this.#inline(arg, scope, frame) ?? [])
    if (functions.length === 0) return
    const object = node.callee.kind === 'member' ? node.callee.object : undefined
    const name = lastName(node.callee) ?? ''
    const items =
      object !== undefined && /^(?:forEach|map|flatMap|reduce)$/.test(name)
        ? itemsOf(this.#reading.evaluator, this.#value(object, scope, frame))
        : undefined
    for (const one of functions) {
      const enter = (...given: readonly Value[]) =>
        this.enter(one, frameGiven(this.#reading.evaluator, one.node, given, frame), run)
      if (items !== undefined) for (const item of items) enter(item)
      else if (/^(?:then|after|ready)$/.test(name) && object !== undefined) enter(this.#value(object, scope, frame))
      else if (
        /^(?:forEach|map|all|catch|finally|nextTick|setImmediate|setTimeout|on|once)$/.test(name) ||
        object === undefined
      )
        enter()
    }
  }

  #inline(node: Node, scope: Scope, frame: Frame | undefined): FunctionValue | undefined {
    if (node.kind !== 'function') return
    const value = this.#value(node, scope, frame)
    return value.kind === 'function' ? value : undefined
  }

  #construct(type: Extract<Value, { kind: 'class' }>, { call, frame, run }: Running): void {
    const made = type.node.members.find((one) => one.kind === 'function' && one.name === 'constructor')
    if (made?.kind !== 'function') return
    const scope = this.#reading.program.scopeOf(made) ?? type.scope
    const self: Value = { kind: 'instance', class: type, call, frame, at: call.node.at }
    const value: FunctionValue = { kind: 'function', node: made, scope, frame: undefined, self, at: made.at }
    this.enter(value, this.#reading.evaluator.frame(value, call, frame), run)
  }

  /** Whether a function of the project's can see an instance: by what it is given, by where it stands, or as a method. */
  #concerns(callee: FunctionValue, { node, scope }: Located<Call>, frame: Frame | undefined): boolean {
    if (callee.self !== undefined || this.#running.some((one) => isInside(callee.node, one.node))) return true
    return node.args.some((arg) => this.#holds(this.#value(arg.kind === 'spread' ? arg.operand : arg, scope, frame)))
  }

  #holds(value: Value, depth = 0): boolean {
    if (this.#instances.contextOf(value) !== undefined) return true
    if (depth > 1 || value.kind !== 'object') return false
    return [...value.entries.values()].some((one) => this.#holds(one, depth + 1))
  }

  #value(node: Node, scope: Scope, frame: Frame | undefined): Value {
    return this.#reading.evaluator.value(node, scope, frame)
  }
}

const isInside = ({ at }: Node, { at: outer }: Node): boolean =>
  at.file === outer.file && at.start > outer.start && at.end < outer.end
