/** Puts an application of Fastify together as its code does: its contexts, and the plugins that are loaded into them. */
import {
  type Call,
  type Frame,
  frameGiven,
  type Located,
  type Node,
  possibilities,
  type Scope,
  type Value,
  withoutDefault,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { isAutoload, loadFolder } from './autoload.ts'
import { define } from './definitions.ts'
import { cameTo, entryOf, optionValue, textIn } from './expressions.ts'
import { instanceValue, memberOfContext, rootCallOf } from './instances.ts'
import { callMethod } from './methods.ts'
import type { Added, Application, Context, Expression, Run } from './model.ts'
import { pluginIn } from './plugins.ts'
import { definitionsOf } from './portcullis.ts'
import { joined } from './route-entries.ts'
import { type FunctionValue, Walk } from './walk.ts'

export class Assembler {
  readonly #reading: Reading
  readonly #contexts = new Map<string, Context>()
  readonly #roots = new Map<Node, Application>()
  /** Those that load what was registered, or run when it is loaded. */
  readonly #loading: Run[] = []
  readonly #walk: Walk
  #seq = 0

  constructor(reading: Reading) {
    this.#reading = reading
    this.#walk = new Walk(reading, {
      contextOf: (value) => this.contextOf(value),
      called: (name, context, running) => callMethod(reading, this, name, context, running),
    })
  }

  get applications(): readonly Application[] {
    return [...this.#roots.values()]
  }

  /** Whether a call was run. */
  isHandled(node: Node): boolean {
    return this.#walk.handled.has(node)
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

  newRun(parent: Run | undefined, call: Located<Call> | undefined): Run {
    this.#seq += 1
    return { parent, seq: this.#seq, call, loadedAt: Number.POSITIVE_INFINITY }
  }

  /** A run that its parent waits for, sooner or later. */
  loading(parent: Run, call: Located<Call>): Run {
    const run = this.newRun(parent, call)
    this.#loading.push(run)
    return run
  }

  /** With an `await`, everything that the same body registered before is loaded. */
  settle(parent: Run): void {
    this.#seq += 1
    for (const one of this.#loading) if (one.parent === parent && one.loadedAt > this.#seq) one.loadedAt = this.#seq
  }

  /** Where and when something is added. */
  added(context: Context, run: Run, call: Located<Call>): Added {
    this.#seq += 1
    return { context, run, seq: this.#seq, call, through: this.#walk.through() }
  }

  execute(nodes: readonly Node[], scope: Scope, frame: Frame | undefined, run: Run): void {
    this.#walk.execute(nodes, scope, frame, run)
  }

  enter(value: FunctionValue, frame: Frame, run: Run): void {
    this.#walk.enter(value, frame, run)
  }

  /** `register(plugin, options)`. */
  register(
    context: Context,
    call: Located<Call>,
    plugin: Expression,
    options: Expression | undefined,
    parent: Run,
  ): void {
    const run = this.loading(parent, call)
    for (const one of possibilities(cameTo(this.#reading, plugin)))
      this.load(context, call, one, options, options && this.#settings(context, options), run)
  }

  /** Options may be a function of the instance that gives them. */
  #settings(context: Context, options: Expression): Value {
    const value = cameTo(this.#reading, options)
    if (value.kind !== 'function') return value
    return this.#reading.evaluator.returned(
      value,
      frameGiven(this.#reading.evaluator, value.node, [instanceValue(context, value.at)], value.frame),
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
    const added = this.added(context, run, call)
    const own = () => this.context(context, joined(context.prefix, this.#prefix(options, settings)), context.app)
    const definitions = definitionsOf(this.#reading, value)
    if (definitions !== undefined) {
      define(this.#reading, definitions, { ...added, context: own() }, () => ++this.#seq)
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
    const given: Value = settings ?? { kind: 'object', entries: new Map(), rest: [], at: call.node.at }
    this.enterPlugin(plugin.shared ? context : own(), plugin.value, given, run)
  }

  #prefix(options: Expression | undefined, settings: Value | undefined): string {
    return textIn(optionValue(this.#reading, options, 'prefix') ?? entryOf(settings, 'prefix')) ?? ''
  }

  /** Runs a plugin's function on a context. */
  enterPlugin(context: Context, value: FunctionValue, settings: Value, run: Run): void {
    this.enter(
      value,
      frameGiven(this.#reading.evaluator, value.node, [instanceValue(context, value.at), settings], value.frame),
      run,
    )
  }

  /** Whether a value is the instance of any application. */
  isInstance(value: Value): boolean {
    return this.contextOf(value) !== undefined
  }
}

/** The packages whose name is Fastify's own, for the search for where applications are made. */
export const isFactoryValue = (value: Value): boolean =>
  value.kind === 'external' &&
  value.from === 'fastify' &&
  /^(?:|fastify|Fastify)$/.test(withoutDefault(value.path).join('.'))
