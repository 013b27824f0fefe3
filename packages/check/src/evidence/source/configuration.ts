/** Where programs keep their settings: schemas of the environment with defaults, and factories that a configuration service serves. */
import type { Evaluator } from './evaluate.ts'
import type { Evaluated } from './known-calls.ts'
import type { At, Node } from './tree.ts'
import { either, possibilities, unknown, type Value } from './value.ts'
import { lastName, walk } from './walk.ts'

/** What is known of the program's settings, each thing looked for when it is first asked. */
export class Configuration {
  readonly #evaluator: Evaluator
  #defaults: ReadonlyMap<string, Value> | undefined
  #numbers: ReadonlySet<string> | undefined
  #texts: ReadonlySet<string> | undefined
  #factories: readonly Factory[] | undefined

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator
  }

  /** The default that a schema of the environment anywhere in the program gives a name. */
  defaultOf(name: string): Value | undefined {
    this.#defaults ??= defaultsOf(this.#evaluator)
    return this.#defaults.get(name)
  }

  /** Whether a schema of the environment anywhere in the program makes a number of a name. */
  isNumber(name: string): boolean {
    this.#numbers ??= keysThat(this.#evaluator, saysNumber)
    return this.#numbers.has(name)
  }

  /** Whether a schema of the environment anywhere in the program leaves a name the text that it is. */
  isText(name: string): boolean {
    this.#texts ??= keysThat(this.#evaluator, staysText)
    return this.#texts.has(name)
  }

  /** `configService.get('auth.secret')`: what a registered factory gives, or the environment. */
  get(key: string, call: Evaluated, at: At): Value {
    const fallback = call.arg(1)
    const given = fallback?.kind === 'literal' && fallback.value !== null ? fallback : undefined
    const [first = '', ...rest] = key.split('.')
    this.#factories ??= factoriesOf(this.#evaluator)
    for (const factory of this.#factories) {
      const whole = factory(first)
      if (whole === undefined) continue
      const value = rest.reduce((object, name) => this.#evaluator.member(object, name, at), whole)
      if (value.kind !== 'unknown') return given ? either([value, given], at) : value
    }
    if (!/^[A-Z][A-Z0-9_]*$/.test(key)) return given ? either([unknown(at, [key]), given], at) : unknown(at, [key])
    const env: Value = { kind: 'env', name: key, at, ...(this.isNumber(key) ? { number: true } : {}) }
    const other = given ?? this.defaultOf(key)
    return other ? either([env, other], at) : env
  }
}

const UPPER = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/

/** Every upper-case key of an object that has a default beside it: `JWT_SECRET: z.string().default('x')`. */
export const defaultsOf = (evaluator: Evaluator): ReadonlyMap<string, Value> => {
  const defaults = new Map<string, Value>()
  for (const module of evaluator.program.modules.values()) {
    const { around } = evaluator.program.scopes(module)
    walk(module.body, (node) => {
      if (node.kind !== 'object') return
      const scope = around.get(node)
      for (const { key, value } of node.entries) {
        if (
          key.kind !== 'literal' ||
          typeof key.value !== 'string' ||
          !UPPER.test(key.value) ||
          defaults.has(key.value) ||
          scope === undefined
        )
          continue
        const given = defaultNode(value)
        if (given !== undefined) defaults.set(key.value, evaluator.value(given, scope))
      }
    })
  }
  return defaults
}

/** Every upper-case key of an object of which that is said: `JWT_LIFE: z.coerce.number()`, `{ type: 'integer' }`. */
const keysThat = (evaluator: Evaluator, says: (node: Node) => boolean): ReadonlySet<string> => {
  const found = new Set<string>()
  for (const module of evaluator.program.modules.values())
    walk(module.body, (node) => {
      if (node.kind !== 'object') return
      for (const { key, value } of node.entries)
        if (key.kind === 'literal' && typeof key.value === 'string' && UPPER.test(key.value) && says(value))
          found.add(key.value)
    })
  return found
}

const NUMBER = /^(?:number|int|integer|num|Number|Integer|stringToNumber)$/

/** `z.coerce.number().int()`, `Joi.number()`, `Type.Integer()`, `num({ … })`; a text that is measured (`.max(5)`) is none. */
const saysNumber = (node: Node): boolean => {
  if (node.kind === 'object')
    return node.entries.some(
      ({ key, value }) =>
        key.kind === 'literal' && key.value === 'type' && value.kind === 'literal' && NUMBER.test(String(value.value)),
    )
  if (node.kind !== 'call') return false
  if (NUMBER.test(lastName(node.callee) ?? '')) return true
  if (/^(?:transform|pipe|preprocess)$/.test(lastName(node.callee) ?? '') && node.args.some(isNumberCall)) return true
  return node.callee.kind === 'member' && saysNumber(node.callee.object)
}

/** `Type.String()`, `z.string().min(1)`, `{ type: 'string' }`; one that is taken apart (`separator`, `.transform(…)`) is none. */
const staysText = (node: Node): boolean => {
  if (node.kind === 'object') {
    const said = (name: string) => node.entries.find(({ key }) => key.kind === 'literal' && key.value === name)?.value
    const type = said('type')
    return type?.kind === 'literal' && type.value === 'string' && said('separator') === undefined
  }
  if (node.kind !== 'call' || CHANGES.test(lastName(node.callee) ?? '')) return false
  if (/^(?:String|string)$/.test(lastName(node.callee) ?? ''))
    return node.callee.kind === 'member' && !node.args.some((one) => one.kind === 'object' && mayDivide(one))
  return node.callee.kind === 'member' && staysText(node.callee.object)
}

const CHANGES = /^(?:transform|pipe|preprocess|custom|overwrite|codec|map|Transform|Decode)$/

/** `Type.String({ separator: ',' })` is a list to env-schema. */
const mayDivide = (options: Extract<Node, { kind: 'object' }>): boolean =>
  options.spreads.length > 0 || options.entries.some(({ key }) => key.kind === 'literal' && key.value === 'separator')

/** `.transform(Number)`, `z.preprocess(Number, …)`. */
const isNumberCall = (node: Node): boolean => node.kind === 'name' && node.name === 'Number'

const defaultNode = (node: Node): Node | undefined => {
  if (node.kind === 'call' && /^(?:default|prefault)$/.test(lastName(node.callee) ?? '')) return node.args[0]
  const options = node.kind === 'call' ? node.args[0] : node
  const given =
    options?.kind === 'object'
      ? options.entries.find((one) => one.key.kind === 'literal' && one.key.value === 'default')?.value
      : undefined
  if (given !== undefined) return given
  return node.kind === 'call' && node.callee.kind === 'member' ? defaultNode(node.callee.object) : undefined
}

/** What a configuration service answers for the first part of a key. */
export type Factory = (first: string) => Value | undefined

/** Nest's `registerAs('auth', factory)` and `ConfigModule.forRoot({ load: [factory] })`. */
export const factoriesOf = (evaluator: Evaluator): readonly Factory[] => {
  const result = (value: Value): Value | undefined =>
    value.kind === 'function' ? evaluator.returned(value) : undefined
  const registered = evaluator.program.callsNamed('registerAs').flatMap(({ node, scope }): Factory[] => {
    const name = node.args[0] && evaluator.value(node.args[0], scope)
    const factory = node.args[1] && evaluator.value(node.args[1], scope)
    if (name?.kind !== 'literal' || factory === undefined) return []
    return [(first) => (first === name.value ? result(factory) : undefined)]
  })
  const loaded = evaluator.program.callsNamed('forRoot').flatMap(({ node, scope }): Factory[] => {
    const options = node.args[0] && evaluator.value(node.args[0], scope)
    const load = options?.kind === 'object' ? options.entries.get('load') : undefined
    return possibilities(load ?? { kind: 'unknown', at: node.at }).flatMap((one): Factory[] =>
      one.kind === 'list'
        ? one.items.map((item) => (first) => {
            const whole = result(item)
            const entry = whole === undefined ? undefined : evaluator.member(whole, first, node.at)
            return entry?.kind === 'unknown' ? undefined : entry
          })
        : [],
    )
  })
  return [...registered, ...loaded]
}
