/**
 * What is registered on which application, in the order in which it happens: modules in the order of their imports, and the project's
 * own functions where they are called. In Hono the order is the meaning: what comes after a route doesn't run for it.
 */
import {
  type Call,
  childrenOf,
  type Frame,
  type FunctionNode,
  frameGiven,
  inTurn,
  itemsOf,
  lastName,
  loopOf,
  type Node,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { type App, appOf } from './apps.ts'
import { inDurableObject } from './durable-objects.ts'
import { inOrder } from './module-order.ts'
import { isRegistering, Reach, registers } from './reach.ts'

export interface Registration {
  readonly app: App
  readonly method: string
  readonly node: Call
  readonly scope: Scope
  readonly frame: Frame | undefined
  readonly order: number
}

const DEEPEST = 12

export const registrationsOf = (reading: Reading): readonly Registration[] => new Run(reading).registrations()

class Run {
  readonly #reading: Reading
  readonly #found: Registration[] = []
  readonly #entered = new Set<FunctionNode>()
  readonly #left = new Map<FunctionNode, Frame | undefined>()
  readonly #reach: Reach
  readonly #stack: FunctionNode[] = []

  constructor(reading: Reading) {
    this.#reading = reading
    this.#reach = new Reach(reading)
  }

  registrations(): readonly Registration[] {
    const { program } = this.#reading
    for (const module of inOrder(this.#reading)) this.#all(module.body, program.scopes(module).top, undefined)
    // What nobody is seen to call: callbacks of other packages, handlers of a platform, functions for whoever imports this.
    for (const [node, frame] of this.#left) if (!this.#entered.has(node)) this.#enter(node, frame)
    for (const module of program.modules.values())
      walk(module.body, (node) => {
        if (node.kind === 'function' && !this.#entered.has(node) && registers(node)) this.#enter(node, undefined)
      })
    return this.#found
  }

  #all(nodes: readonly Node[], scope: Scope, frame: Frame | undefined): void {
    for (const node of nodes) this.#node(node, scope, frame)
  }

  #node(node: Node, outer: Scope, frame: Frame | undefined): void {
    const scope = this.#reading.program.scopeOf(node) ?? outer
    if (node.kind === 'function') {
      if (!this.#left.has(node) && this.#reach.of(node)) this.#left.set(node, frame)
      return
    }
    if (node.kind === 'class' || node.kind === 'import' || node.kind === 'literal' || node.kind === 'name') return
    if (node.kind === 'call') {
      this.#call(node, scope, frame)
      return
    }
    const loop = loopOf(node)
    if (loop === undefined) {
      this.#all(childrenOf(node), scope, frame)
      return
    }
    this.#node(loop.over, scope, frame)
    const items = this.#items(loop.over, scope, frame)
    for (const item of items) this.#all(loop.body, scope, inTurn(frame, scope, loop.variable, item))
    if (items.length === 0) this.#all(loop.body, scope, frame)
  }

  #call(node: Call, scope: Scope, frame: Frame | undefined): void {
    const { callee } = node
    // The chain from its beginning: new Hono().use(…).get(…)
    this.#all(callee.kind === 'member' ? [callee.object] : [callee], scope, frame)
    const method = callee.kind === 'member' ? (lastName(callee) ?? '') : ''
    const iterates = /^(?:forEach|map)$/.test(method)
    this.#all(
      node.args.filter((one) => one.kind !== 'function'),
      scope,
      frame,
    )
    if (callee.kind === 'member' && isRegistering(method)) {
      const app = appOf(this.#reading, this.#reading.evaluator.value(callee.object, scope, frame))
      if (app !== undefined) {
        this.#found.push({ app, method, node, scope, frame, order: this.#found.length })
        return
      }
    }
    if (callee.kind === 'member' && iterates && node.args[0]) {
      const each = possibilities(this.#reading.evaluator.value(node.args[0], scope, frame)).find(
        (one) => one.kind === 'function',
      )
      if (each?.kind === 'function' && this.#reach.of(each.node)) {
        const items = this.#items(callee.object, scope, frame)
        for (const item of items.length > 0 ? items : [undefined])
          this.#enter(each.node, frameGiven(this.#reading.evaluator, each.node, [item], frame, { node, scope }))
        return
      }
    }
    this.#all(
      node.args.filter((one) => one.kind === 'function'),
      scope,
      frame,
    )
    for (const one of possibilities(this.#reading.evaluator.value(callee, scope, frame))) {
      if (one.kind === 'function' && this.#reach.of(one.node))
        this.#enter(one.node, this.#reading.evaluator.frame(one, { node, scope }, frame))
      if (one.kind === 'class' && node.constructs) {
        const made = this.#reading.evaluator.classes.members(one.node, one.scope).get('constructor')?.[0]
        if (made?.node.kind !== 'function' || !this.#reach.of(made.node)) continue
        const self: Value = { kind: 'instance', class: one, call: { node, scope }, at: node.at }
        const builder: Value = {
          kind: 'function',
          node: made.node,
          scope: made.scope,
          frame: undefined,
          self,
          at: made.node.at,
        }
        this.#enter(
          made.node,
          this.#reading.evaluator.frame(builder as Extract<Value, { kind: 'function' }>, { node, scope }, frame),
        )
      }
    }
  }

  /** Nothing where it is not known what is gone through. */
  #items(over: Node, scope: Scope, frame: Frame | undefined): readonly Value[] {
    return itemsOf(this.#reading.evaluator, this.#reading.evaluator.value(over, scope, frame)) ?? []
  }

  #enter(node: FunctionNode, frame: Frame | undefined): void {
    this.#entered.add(node)
    if (this.#stack.length > DEEPEST || this.#stack.includes(node)) return
    const scope = this.#reading.program.scopeOf(node)
    if (scope === undefined || inDurableObject(scope)) return
    this.#stack.push(node)
    this.#all(node.body, scope, frame)
    this.#stack.pop()
  }
}

/** What stands as an argument of a registration. */
export const argumentOf = (reading: Reading, one: Registration, index: number): Value => {
  const node = one.node.args[index]
  return node === undefined ? { kind: 'unknown', at: one.node.at } : reading.evaluator.value(node, one.scope, one.frame)
}
