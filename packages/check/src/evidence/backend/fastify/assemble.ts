/** Puts an application of Fastify together as its code does: runs the bodies of plugins, with their first parameter an instance. */
import {
  type Call,
  childrenOf,
  type Frame,
  type FunctionNode,
  type Located,
  lastName,
  type Node,
  pathOf,
  possibilities,
  type Scope,
  type Value,
  withoutDefault,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { isAutoload, loadFolder } from './autoload.ts'
import { isAwaited } from './awaits.ts'
import { define } from './definitions.ts'
import { cameTo, entryOf, expression, frameFor, optionValue, textIn, withLocal } from './expressions.ts'
import { instanceValue, memberOfContext, rootCallOf } from './instances.ts'
import type { Application, Context, Expression, Run } from './model.ts'
import { pluginIn } from './plugins.ts'
import { definitionsOf } from './portcullis.ts'
import { joined, METHODS, routeEntries } from './route-entries.ts'

const DEEPEST = 40
const MOST_STEPS = 60_000

type FunctionValue = Extract<Value, { kind: 'function' }>

export class Assembler {
  readonly #reading: Reading
  readonly #contexts = new Map<string, Context>()
  readonly #roots = new Map<Node, Application>()
  readonly #running: { readonly node: FunctionNode; readonly key: string; readonly call: Node | undefined }[] = []
  readonly #ran = new Set<string>()
  readonly handled = new Set<Node>()
  #seq = 0
  #steps = 0

  constructor(reading: Reading) {
    this.#reading = reading
  }

  get applications(): readonly Application[] {
    return [...this.#roots.values()]
  }

  /** The application that a call makes; the key of one that a command starts is its plugin. */
  application(key: Node, made: Located<Call> | undefined, options: Value | undefined): Application {
    const known = this.#roots.get(key)
    if (known !== undefined) return known
    const contexts: Context[] = []
    const app: Application = {
      root: undefined as unknown as Context,
      made,
      options,
      contexts,
      hooks: [],
      routes: [],
      plugins: [],
      handlings: [],
      unresolved: [],
      accounts: [],
      unreadDefinitions: [],
    }
    Object.assign(app, { root: this.context(undefined, '', app) })
    this.#roots.set(key, app)
    return app
  }

  context(parent: Context | undefined, prefix: string, app: Application): Context {
    const made: Context = { id: String(this.#contexts.size), parent, prefix, app, decorators: new Map() }
    this.#contexts.set(made.id, made)
    app.contexts.push(made)
    return made
  }

  newRun(parent: Run | undefined, call: Located<Call> | undefined): Run {
    this.#seq += 1
    return { parent, seq: this.#seq, call, loadedAt: Number.POSITIVE_INFINITY }
  }

  contextOf(value: Value): Context | undefined {
    for (const one of possibilities(value)) {
      const member = memberOfContext(one)
      if (member !== undefined) {
        if (member.path.length === 0 && member.id !== undefined) return this.#contexts.get(member.id)
        continue
      }
      const root = rootCallOf(this.#reading, one)
      const app = root && this.#roots.get(root.node)
      if (app !== undefined) return app.root
    }
    return
  }

  /** Runs statements; functions that stand in them run where they are called. */
  execute(nodes: readonly Node[], scope: Scope, frame: Frame | undefined, run: Run): void {
    for (const node of nodes) this.#visit(node, scope, frame, run)
  }

  #visit(node: Node, scope: Scope, frame: Frame | undefined, run: Run): void {
    this.#steps += 1
    if (this.#steps > MOST_STEPS || node.kind === 'function' || node.kind === 'type' || node.kind === 'import') return
    if (node.kind === 'class') return
    if (node.kind === 'call') {
      if (node.callee.kind === 'member') this.#visit(node.callee.object, scope, frame, run)
      else if (node.callee.kind !== 'name') this.#visit(node.callee, scope, frame, run)
      for (const arg of node.args) this.#visit(arg, scope, frame, run)
      this.#call({ node, scope }, frame, run)
      return
    }
    if (node.kind === 'other' && this.#loop(node, scope, frame, run)) return
    for (const child of childrenOf(node)) this.#visit(child, scope, frame, run)
  }

  /** `for (const route of routes) app.route(route)`. */
  #loop(node: Extract<Node, { kind: 'other' }>, scope: Scope, frame: Frame | undefined, run: Run): boolean {
    const [variable, over, ...body] = node.children
    if (
      variable?.kind !== 'assign' ||
      !variable.declares ||
      variable.value !== undefined ||
      over === undefined ||
      body.length === 0
    )
      return false
    const items = this.#items(over, scope, frame)
    if (items === undefined) return false
    this.#visit(over, scope, frame, run)
    for (const item of items.slice(0, 200)) this.execute(body, scope, withLocal(frame, variable, item), run)
    return true
  }

  #items(node: Node, scope: Scope, frame: Frame | undefined): readonly Value[] | undefined {
    const of =
      node.kind === 'call' && /^Object\.(?:entries|values)$/.test(pathOf(node.callee)?.join('.') ?? '')
        ? node
        : undefined
    const value = this.#value(of?.args[0] ?? node, scope, frame)
    const list = possibilities(value).find((one) => one.kind === 'list')
    if (list?.kind === 'list') return list.items
    const object = value.kind === 'object' || value.kind === 'module' ? this.#entries(value) : undefined
    if (of === undefined || object === undefined) return
    const pairs = lastName(of.callee) === 'entries'
    return object.map(([key, one]) =>
      pairs ? { kind: 'list', items: [{ kind: 'literal', value: key, at: one.at }, one], at: one.at } : one,
    )
  }

  /** The members of an object, or of a module that was imported whole. */
  #entries(value: Value): readonly (readonly [string, Value])[] {
    if (value.kind === 'object') return [...value.entries]
    if (value.kind !== 'module') return []
    const names = value.module.body.flatMap((one) =>
      one.kind === 'export' ? one.names.map(({ exported }) => exported) : [],
    )
    return names
      .filter((one) => one !== '*')
      .map((name) => [name, this.#reading.evaluator.member(value, name, value.at)] as const)
  }

  #value(node: Node, scope: Scope, frame: Frame | undefined): Value {
    return this.#reading.evaluator.value(node, scope, frame)
  }

  #call(call: Located<Call>, frame: Frame | undefined, run: Run): void {
    const { node, scope } = call
    this.handled.add(node)
    const { callee } = node
    if (callee.kind === 'member') {
      const context = this.contextOf(this.#value(callee.object, scope, frame))
      const name = lastName(callee)
      if (context !== undefined && name !== undefined) {
        this.#method(name, context, call, frame, run)
        return
      }
    }
    for (const one of possibilities(this.#value(callee, scope, frame))) {
      // `app.register(…)` of a wrapper is the wrapper's own business: only what is handed an instance, or can see one, is followed.
      if (one.kind === 'function' && this.#concerns(one, call, frame))
        this.#enter(one, this.#reading.evaluator.frame(one, call, frame), run)
      if (one.kind === 'class') this.#construct(one, call, frame, run)
    }
    this.#callbacks(call, frame, run)
  }

  /** forEach and map give each of a list; then gives what it waited for. */
  #callbacks({ node, scope }: Located<Call>, frame: Frame | undefined, run: Run): void {
    const functions = node.args.map((arg) => this.#inline(arg, scope, frame)).filter((one) => one !== undefined)
    if (functions.length === 0) return
    const object = node.callee.kind === 'member' ? node.callee.object : undefined
    const name = lastName(node.callee) ?? ''
    const items =
      object !== undefined && /^(?:forEach|map|flatMap|reduce)$/.test(name)
        ? this.#items(object, scope, frame)
        : undefined
    for (const one of functions) {
      if (items !== undefined)
        for (const item of items.slice(0, 200)) this.#enter(one, frameFor(this.#reading, one.node, [item], frame), run)
      else if (/^(?:then|after|ready)$/.test(name) && object !== undefined)
        this.#enter(one, frameFor(this.#reading, one.node, [this.#value(object, scope, frame)], frame), run)
      else if (
        /^(?:forEach|map|all|catch|finally|nextTick|setImmediate|setTimeout|on|once)$/.test(name) ||
        object === undefined
      )
        this.#enter(one, frameFor(this.#reading, one.node, [], frame), run)
    }
  }

  #inline(node: Node, scope: Scope, frame: Frame | undefined): FunctionValue | undefined {
    if (node.kind !== 'function') return
    const value = this.#value(node, scope, frame)
    return value.kind === 'function' ? value : undefined
  }

  #construct(type: Extract<Value, { kind: 'class' }>, call: Located<Call>, frame: Frame | undefined, run: Run): void {
    const made = type.node.members.find((one) => one.kind === 'function' && one.name === 'constructor')
    if (made?.kind !== 'function') return
    const scope = this.#reading.program.scopeOf(made) ?? type.scope
    const self: Value = { kind: 'instance', class: type, call, frame, at: call.node.at }
    const value: FunctionValue = { kind: 'function', node: made, scope, frame: undefined, self, at: made.at }
    this.#enter(value, this.#reading.evaluator.frame(value, call, frame), run)
  }

  #through(): readonly Node[] {
    return this.#running.flatMap((one) => one.call ?? [])
  }

  /** Whether a function of the project's can see an instance: by what it is given, by where it stands, or as a method. */
  #concerns(callee: FunctionValue, { node, scope }: Located<Call>, frame: Frame | undefined): boolean {
    if (callee.self !== undefined) return true
    if (
      this.#running.some(
        (one) =>
          callee.node.at.file === one.node.at.file &&
          callee.node.at.start > one.node.at.start &&
          callee.node.at.end < one.node.at.end,
      )
    )
      return true
    return node.args.some((arg) => this.#holds(this.#value(arg.kind === 'spread' ? arg.operand : arg, scope, frame)))
  }

  #holds(value: Value, depth = 0): boolean {
    if (this.contextOf(value) !== undefined) return true
    if (depth > 1 || value.kind !== 'object') return false
    return [...value.entries.values()].some((one) => this.#holds(one, depth + 1))
  }

  #enter(value: FunctionValue, frame: Frame, run: Run): void {
    const given = [...frame.parameters.values()].map(
      (one) => this.contextOf(one)?.id ?? `${one.at.file}:${one.at.start}`,
    )
    const key = `${value.node.at.file}:${value.node.at.start}:${run.seq}:${given.join(',')}:${frame.call?.node.at.start ?? ''}`
    if (
      this.#running.length > DEEPEST ||
      this.#running.some((one) => one.key === key) ||
      (given.length > 0 && this.#ran.has(key) && value.self !== undefined)
    )
      return
    this.#ran.add(key)
    this.#running.push({ node: value.node, key, call: frame.call?.node })
    const scope = this.#bodyScope(value)
    this.execute(
      value.node.body,
      scope,
      {
        ...frame,
        ...(frame.self === undefined && value.self !== undefined ? { self: value.self } : {}),
        outer: frame.outer ?? value.frame,
      },
      run,
    )
    this.#running.pop()
  }

  #bodyScope({ node, scope }: FunctionValue): Scope {
    const [first] = node.body
    return (first && this.#reading.program.scopeOf(first)) ?? scope
  }

  #method(name: string, context: Context, call: Located<Call>, frame: Frame | undefined, run: Run): void {
    const { node, scope } = call
    const waits = isAwaited(this.#reading, node)
    const args = node.args.map((one) => expression(one, scope, frame))
    const added = () => ({ context, run, seq: ++this.#seq, call, through: this.#through() })
    if (name === 'register') this.register(context, call, args[0], args[1], run, waits)
    else if (METHODS.test(name) || name === 'route')
      context.app.routes.push(...routeEntries(this.#reading, name, added(), args))
    else if (name === 'addHook' && args[0] !== undefined && args[1] !== undefined) {
      const hook = textIn(cameTo(this.#reading, args[0]))
      if (hook !== undefined) context.app.hooks.push({ ...added(), name: hook, value: cameTo(this.#reading, args[1]) })
    } else if (name === 'use') {
      for (const one of args) {
        const value = cameTo(this.#reading, one)
        if (value.kind !== 'literal') context.app.hooks.push({ ...added(), name: 'onRequest', value })
      }
    } else if (name === 'decorate' && args[0] !== undefined && args[1] !== undefined) {
      const key = textIn(cameTo(this.#reading, args[0]))
      if (key !== undefined) context.decorators.set(key, cameTo(this.#reading, args[1]))
    } else if (name === 'setErrorHandler' && args[0] !== undefined)
      context.app.handlings.push({ ...added(), kind: 'error', value: cameTo(this.#reading, args[0]) })
    else if (name === 'setNotFoundHandler' && args.length > 0)
      context.app.handlings.push({
        ...added(),
        kind: 'not-found',
        value: cameTo(this.#reading, args.at(-1) as Expression),
      })
    else if (/^(?:after|ready|listen)$/.test(name)) {
      if (waits) settle(run, ++this.#seq, this.#runs)
      for (const one of args) {
        const value = cameTo(this.#reading, one)
        if (value.kind !== 'function') continue
        // What is in here runs when all before is loaded.
        const inner = this.newRun(run, call)
        this.#runs.push(inner)
        this.#enter(
          value,
          frameFor(
            this.#reading,
            value.node,
            [instanceValue(context, node.at), instanceValue(context, node.at)],
            frame,
          ),
          inner,
        )
      }
    } else {
      // A decorator of the project's own that registers: `app.crud('notes', …)`.
      for (const one of possibilities(this.#decorated(context, name)))
        if (one.kind === 'function') this.#enter(one, this.#reading.evaluator.frame(one, call, frame), run)
    }
  }

  readonly #runs: Run[] = []

  #decorated(context: Context, name: string): Value {
    for (let one: Context | undefined = context; one !== undefined; one = one.parent) {
      const found = one.decorators.get(name)
      if (found !== undefined) return found
    }
    return { kind: 'unknown', at: { file: '', line: 0, start: 0, end: 0 } }
  }

  /** `register(plugin, options)`. */
  register(
    context: Context,
    call: Located<Call>,
    plugin: Expression | undefined,
    options: Expression | undefined,
    parent: Run,
    waits: boolean,
  ): void {
    if (plugin === undefined) return
    const inner = this.newRun(parent, call)
    this.#runs.push(inner)
    for (const one of possibilities(cameTo(this.#reading, plugin)))
      this.load(context, call, one, options, options && this.#settings(context, options), inner)
    if (waits) settle(parent, ++this.#seq, this.#runs)
  }

  /** Options may be a function of the instance that gives them. */
  #settings(context: Context, options: Expression): Value {
    const value = cameTo(this.#reading, options)
    if (value.kind !== 'function') return value
    return this.#reading.evaluator.returned(
      value,
      frameFor(this.#reading, value.node, [instanceValue(context, value.at)], value.frame),
    )
  }

  /** Loads a plugin into a context, or into one of its own. */
  load(
    context: Context,
    call: Located<Call>,
    value: Value,
    options: Expression | undefined,
    settings: Value | undefined,
    run: Run,
  ): void {
    const added = { context, run, seq: ++this.#seq, call, through: this.#through() }
    const definitions = definitionsOf(this.#reading, value)
    if (definitions !== undefined) {
      const inner = this.context(context, joined(context.prefix, this.#prefix(options, settings)), context.app)
      define(this.#reading, definitions, { ...added, context: inner }, () => ++this.#seq)
      return
    }
    const plugin = pluginIn(this.#reading, value)
    if (plugin === undefined) {
      context.app.unresolved.push(added)
      return
    }
    if (plugin.kind === 'package') {
      if (isAutoload(plugin.from)) loadFolder(this.#reading, this, context, call, options, run)
      else context.app.plugins.push({ ...added, from: plugin.from, path: plugin.path, options, settings })
      return
    }
    const inner = plugin.shared
      ? context
      : this.context(context, joined(context.prefix, this.#prefix(options, settings)), context.app)
    const { value: body } = plugin
    const given: Value = settings ?? { kind: 'object', entries: new Map(), rest: [], at: call.node.at }
    this.#enter(body, frameFor(this.#reading, body.node, [instanceValue(inner, body.at), given], body.frame), run)
  }

  #prefix(options: Expression | undefined, settings: Value | undefined): string {
    return textIn(optionValue(this.#reading, options, 'prefix') ?? entryOf(settings, 'prefix')) ?? ''
  }

  /** Runs a plugin on the context itself, as fastify-plugin has it. */
  enterShared(context: Context, value: FunctionValue, settings: Value, run: Run): void {
    this.#enter(
      value,
      frameFor(this.#reading, value.node, [instanceValue(context, value.at), settings], value.frame),
      run,
    )
  }

  /** Whether a value is the instance of any application. */
  isInstance(value: Value): boolean {
    return this.contextOf(value) !== undefined
  }
}

/** With an `await`, everything that the same body registered before is loaded. */
const settle = (parent: Run, seq: number, runs: readonly Run[]): void => {
  for (const one of runs) if (one.parent === parent && one.loadedAt > seq) one.loadedAt = seq
}

/** The packages whose name is Fastify's own, for the search for where applications are made. */
export const isFactoryValue = (value: Value): boolean =>
  value.kind === 'external' &&
  value.from === 'fastify' &&
  /^(?:|fastify|Fastify)$/.test(withoutDefault(value.path).join('.'))
