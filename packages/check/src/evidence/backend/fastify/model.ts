/** An application of Fastify as it is put together: its contexts, and what each plugin adds to them. */
import type { Call, Frame, Located, Node, Scope, Value } from '../../source/index.ts'
import type { Input } from '../facts.ts'

/** What an unwrapped plugin gets of its own; it sees what those above have. */
export interface Context {
  readonly id: string
  readonly parent: Context | undefined
  readonly prefix: string
  readonly app: Application
  readonly decorators: Map<string, Value>
}

/** One run of a plugin's function. Plugins load in their order, but only where somebody waits for them. */
export interface Run {
  readonly parent: Run | undefined
  readonly seq: number
  readonly call: Located<Call> | undefined
  /** From when on its parent can count on it: its own place when it is awaited, the next `await` otherwise. */
  loadedAt: number
}

/** An expression with what it is to be read in. */
export interface Expression {
  readonly node: Node
  readonly scope: Scope
  readonly frame: Frame | undefined
}

export interface Added {
  readonly context: Context
  /** The calls of the project's own functions that led here. */
  readonly through: readonly Node[]
  readonly run: Run
  readonly seq: number
  readonly call: Located<Call>
}

interface Hook extends Added {
  readonly name: string
  readonly value: Value
}

export interface RouteEntry extends Added {
  readonly methods: readonly string[]
  readonly url: string
  /** The object of options, where there is one. */
  readonly options: Expression | undefined
  readonly handler: Value | undefined
  readonly handlerName: string
  /** Given as a definition of Portcullis: `path`, `query`, and `access` beside them. */
  readonly neutral?: boolean
  /** Of a route whose schemas are known to be right, without being read: what they are about. */
  readonly takes?: readonly Input['from'][]
}

/** A plugin of another package. */
export interface PluginUse extends Added {
  readonly from: string
  readonly path: readonly string[]
  readonly options: Expression | undefined
  /** What the options come to; autoload's are no expression. */
  readonly settings: Value | undefined
}

interface Handling extends Added {
  readonly kind: 'error' | 'not-found'
  readonly value: Value
}

export interface Application {
  readonly root: Context
  readonly made: Located<Call> | undefined
  readonly options: Value | undefined
  readonly contexts: Context[]
  readonly hooks: Hook[]
  readonly routes: RouteEntry[]
  readonly plugins: PluginUse[]
  readonly handlings: Handling[]
  /** Plugins whose function could not be found. */
  readonly unresolved: Added[]
  /** Where `accountRoutes(…)` of Portcullis is called. */
  readonly accounts: Node['at'][]
  /** Where `routesOf(…)` registers routes that could not be read. */
  readonly unreadDefinitions: Added[]
}

export const isWithin = (context: Context, outer: Context): boolean => {
  for (let one: Context | undefined = context; one !== undefined; one = one.parent) if (one === outer) return true
  return false
}

const lineage = (run: Run): Run[] => (run.parent === undefined ? [run] : [...lineage(run.parent), run])

/**
 * Whether a hook of the kind that sees routes as they are added (onRoute: @fastify/rate-limit is one) was there when this route
 * was added. An `app.register(limits)` that nobody awaits is not there yet for the routes on the lines after it.
 */
export const sees = (added: Added, route: Added): boolean => {
  if (!isWithin(route.context, added.context)) return false
  const [left, right] = [lineage(added.run), lineage(route.run)]
  let shared = 0
  while (left[shared] !== undefined && left[shared] === right[shared]) shared += 1
  const [ofAdded, ofRoute] = [left[shared], right[shared]]
  if (ofAdded === undefined)
    return added.seq < (ofRoute?.seq ?? route.seq) || (ofRoute !== undefined && ofRoute.loadedAt > added.seq)
  return ofRoute === undefined ? ofAdded.loadedAt <= route.seq : ofAdded.seq < ofRoute.seq
}
