/**
 * What is registered on which application, in the order in which it happens: modules in the order of their imports, and the project's
 * own functions where they are called. In Hono the order is the meaning: what comes after a route doesn't run for it.
 */
import {
  type Assign,
  type Call,
  childrenOf,
  type Frame,
  type FunctionNode,
  type Located,
  lastName,
  type Module,
  type Node,
  possibilities,
  type Scope,
  type Value,
  walk,
  withoutDefault,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { type App, appOf } from './apps.ts'

export interface Registration {
  readonly app: App
  readonly method: string
  readonly node: Call
  readonly scope: Scope
  readonly frame: Frame | undefined
  readonly order: number
}

const VERBS = /^(?:get|post|put|patch|delete|options|head|all|on)$/
const OTHERS = /^(?:use|route|mount|openapi|onError|notFound|doc|doc31)$/
const DEEPEST = 12

export const registrationsOf = (reading: Reading): readonly Registration[] => new Run(reading).registrations()

class Run {
  readonly #reading: Reading
  readonly #found: Registration[] = []
  readonly #entered = new Set<FunctionNode>()
  readonly #left = new Map<FunctionNode, Frame | undefined>()
  readonly #reaches = new Map<FunctionNode, boolean>()
  readonly #stack: FunctionNode[] = []

  constructor(reading: Reading) {
    this.#reading = reading
  }

  registrations(): readonly Registration[] {
    const { program } = this.#reading
    for (const module of inOrder(this.#reading)) this.#all(module.body, program.scopes(module).top, undefined)
    // What nobody is seen to call: callbacks of other packages, handlers of a platform, functions for whoever imports this.
    for (const [node, frame] of this.#left) if (!this.#entered.has(node)) this.#enter(node, frame)
    for (const module of program.modules.values())
      walk(module.body, (node) => {
        if (node.kind === 'function' && !this.#entered.has(node) && this.#registers(node)) this.#enter(node, undefined)
      })
    return this.#found
  }

  #all(nodes: readonly Node[], scope: Scope, frame: Frame | undefined): void {
    for (const node of nodes) this.#node(node, scope, frame)
  }

  #node(node: Node, outer: Scope, frame: Frame | undefined): void {
    const scope = this.#reading.program.scopeOf(node) ?? outer
    if (node.kind === 'function') {
      if (!this.#left.has(node) && this.#reachesHono(node)) this.#left.set(node, frame)
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
    const items = this.#items(this.#reading.evaluator.value(loop.over, scope, frame))
    for (const item of items) this.#all(loop.body, scope, turn(loop.variable, item, frame))
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
    if (callee.kind === 'member' && (VERBS.test(method) || OTHERS.test(method))) {
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
      if (each?.kind === 'function' && this.#reachesHono(each.node)) {
        const items = this.#items(this.#reading.evaluator.value(callee.object, scope, frame))
        for (const item of items.length > 0 ? items : [undefined])
          this.#enter(each.node, callbackFrame(this.#reading, each.node, { node, scope }, item, frame))
        return
      }
    }
    this.#all(
      node.args.filter((one) => one.kind === 'function'),
      scope,
      frame,
    )
    for (const one of possibilities(this.#reading.evaluator.value(callee, scope, frame))) {
      if (one.kind === 'function' && this.#reachesHono(one.node))
        this.#enter(one.node, this.#reading.evaluator.frame(one, { node, scope }, frame))
      if (one.kind === 'class' && node.constructs) {
        const made = this.#reading.evaluator.classes.members(one.node, one.scope).get('constructor')?.[0]
        if (made?.node.kind !== 'function' || !this.#reachesHono(made.node)) continue
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

  #enter(node: FunctionNode, frame: Frame | undefined): void {
    this.#entered.add(node)
    if (this.#stack.length > DEEPEST || this.#stack.includes(node)) return
    const scope = this.#reading.program.scopeOf(node)
    if (scope === undefined || inDurableObject(scope)) return
    this.#stack.push(node)
    this.#all(node.body, scope, frame)
    this.#stack.pop()
  }

  /** What a list holds, one by one; nothing where that is not known. */
  #items(value: Value): readonly Value[] {
    for (const one of possibilities(value)) {
      if (one.kind === 'list') return one.items
      if (one.kind !== 'external' || one.call?.node.args[0] === undefined) continue
      const path = withoutDefault(one.path).join('.')
      if (!/^Object\.(?:entries|values)\.\(\)$/.test(path)) continue
      const of = this.#reading.evaluator.value(one.call.node.args[0], one.call.scope, one.frame)
      const entries = of.kind === 'object' ? [...of.entries] : of.kind === 'module' ? this.#exports(of.module) : []
      return entries.map(
        ([key, entry]): Value =>
          path.includes('values')
            ? entry
            : { kind: 'list', items: [{ kind: 'literal', value: key, at: one.at }, entry], at: one.at },
      )
    }
    return []
  }

  /** `import * as routes`: each thing that the module exports. */
  #exports(module: Module): (readonly [string, Value])[] {
    const names = module.body.flatMap((one) => (one.kind === 'export' ? one.names.map((each) => each.exported) : []))
    return names
      .filter((one) => one !== '*')
      .map(
        (name) =>
          [
            name,
            this.#reading.evaluator.member(
              { kind: 'module', module, at: { file: module.file, line: 1, start: 0, end: 0 } },
              name,
              { file: module.file, line: 1, start: 0, end: 0 },
            ),
          ] as const,
      )
  }

  /** Whether its own body registers something, by how that looks. */
  #registers(node: FunctionNode): boolean {
    let found = false
    walk(node.body, (one) => {
      if (one.kind === 'call' && looksLikeRegistration(one)) found = true
      return !found && one.kind !== 'function'
    })
    return found
  }

  /** Whether a call of it leads to a registration. */
  #reachesHono(node: FunctionNode): boolean {
    const known = this.#reaches.get(node)
    if (known !== undefined) return known
    this.#reaches.set(node, false)
    let found = false
    walk(node.body, (one) => {
      if (found) return false
      if (one.kind !== 'call') return true
      if (looksLikeRegistration(one)) found = true
      else {
        const scope = this.#reading.program.scopeOf(one)
        for (const callee of scope ? possibilities(this.#reading.evaluator.value(one.callee, scope)) : [])
          if (callee.kind === 'function' && this.#reachesHono(callee.node)) found = true
          else if (callee.kind === 'class' && one.constructs) {
            const made = this.#reading.evaluator.classes
              .members(callee.node, callee.scope)
              .get('constructor')?.[0]?.node
            if (made?.kind === 'function' && this.#reachesHono(made)) found = true
          }
      }
      return !found
    })
    this.#reaches.set(node, found)
    return found
  }
}

const looksLikeRegistration = (node: Call): boolean => {
  if (node.callee.kind !== 'member') return false
  const name = lastName(node.callee) ?? ''
  return (VERBS.test(name) && node.args.length > 1) || (OTHERS.test(name) && node.args.length > 0)
}

/** `for (const x of xs) …` */
const loopOf = (node: Node): { variable: Assign; over: Node; body: readonly Node[] } | undefined => {
  if (node.kind !== 'other') return
  const [variable, over, ...body] = node.children
  if (variable?.kind !== 'assign' || variable.value !== undefined || !variable.declares || over === undefined) return
  return { variable, over, body }
}

const NO_FUNCTION: FunctionNode = {
  kind: 'function',
  parameters: [],
  body: [],
  decorators: [],
  isAsync: false,
  at: { file: '', line: 0, start: 0, end: 0 },
}

const turn = (variable: Assign, item: Value, outer: Frame | undefined): Frame => ({
  function: outer?.function ?? NO_FUNCTION,
  call: outer?.call,
  parameters: outer?.parameters ?? new Map(),
  ...(outer?.self ? { self: outer.self } : {}),
  depth: outer?.depth ?? 0,
  locals: new Map([[variable, item]]),
  ...(outer ? { outer: outer.locals ? outer : outer.outer } : {}),
})

/** The frame of a callback in one turn of forEach: its first parameter is the item. */
const callbackFrame = (
  reading: Reading,
  node: FunctionNode,
  call: Located<Call>,
  item: Value | undefined,
  outer: Frame | undefined,
): Frame => {
  const parameters = new Map<string, Value>()
  const bind = (target: Node, value: Value): void => {
    if (target.kind === 'name') parameters.set(target.name, value)
    else if (target.kind === 'assign') bind(target.target, value)
    else if (target.kind === 'list')
      for (const [index, one] of target.items.entries())
        bind(one, reading.evaluator.member(value, String(index), target.at))
    else if (target.kind === 'object')
      for (const { key, value: inner } of target.entries)
        if (key.kind === 'literal') bind(inner, reading.evaluator.member(value, String(key.value), target.at))
  }
  const first = node.parameters[0]?.target
  if (first !== undefined && item !== undefined) bind(first, item)
  return { function: node, call, parameters, depth: (outer?.depth ?? 0) + 1, ...(outer ? { outer } : {}) }
}

/** An application inside a Durable Object answers the project's own worker, not the network. */
const inDurableObject = (scope: Scope): boolean => {
  for (let one: Scope | undefined = scope; one !== undefined; one = one.parent) {
    if (one.owner?.kind !== 'class') continue
    const { bases, members } = one.owner
    if (bases.some((base) => /^DurableObject/.test(lastName(base) ?? ''))) return true
    if (
      members.some(
        (member) =>
          member.kind === 'assign' && /^DurableObjectState$/.test((member.type && lastName(member.type)) ?? ''),
      )
    )
      return true
    const made = members.find((member) => member.kind === 'function' && member.name === 'constructor')
    if (
      made?.kind === 'function' &&
      made.parameters.some((each) => each.type && lastName(each.type) === 'DurableObjectState')
    )
      return true
  }
  return false
}

/** The modules, each after the ones that it imports. */
const inOrder = (reading: Reading): readonly Module[] => {
  const done = new Set<Module>()
  const order: Module[] = []
  const visit = (module: Module): void => {
    if (done.has(module)) return
    done.add(module)
    for (const node of module.body) {
      const from = node.kind === 'import' || node.kind === 'export' ? node.from : undefined
      const other = from === undefined ? undefined : reading.program.imported(module, from)
      if (other !== undefined) visit(other)
    }
    order.push(module)
  }
  for (const module of reading.program.modules.values()) if (module.language === 'javascript') visit(module)
  return order
}
