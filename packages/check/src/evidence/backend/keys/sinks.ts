/** Where secrets are used: what packages are given to sign, to encrypt or to log in with. */
import {
  type Call,
  type Located,
  lastName,
  lookup,
  type Node,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { isForDevelopment } from '../switches/index.ts'
import { SINKS, type Sink } from './packages.ts'
import { isSecretName } from './secret-names.ts'

export interface UsedSecret {
  readonly value: Value
  /** How it is called there: `express-session secret`. */
  readonly sink: string
}

/** What each of them is given: options, arguments, and what is put on an object of theirs. For development alone it may be anything. */
export const usedSecrets = (reading: Reading): readonly UsedSecret[] => {
  const found: UsedSecret[] = []
  for (const module of reading.program.modules.values()) {
    const { around } = reading.program.scopes(module)
    walk(module.body, (node) => {
      const scope = around.get(node)
      if (scope === undefined) return true
      const here =
        node.kind === 'call'
          ? givenTo(reading, { node, scope })
          : node.kind === 'assign'
            ? putOn(reading, { node, scope })
            : []
      if (here.length > 0 && !isForDevelopment(reading, node)) found.push(...here)
      return true
    })
  }
  return found
}

const givenTo = (reading: Reading, { node, scope }: Located<Call>): readonly UsedSecret[] => {
  const name = lastName(node.callee)
  if (node.args.length + node.named.size === 0 || !mayTake(node, scope)) return []
  // `app.register(cookie, { secret })`, `app.add_middleware(SessionMiddleware, secret_key=…)`: the plugin is what is given it.
  const [first] = node.args
  const isPlugin = first !== undefined && (name === 'register' || name === 'add_middleware')
  const from = [...(isPlugin ? originsOf(reading, first, scope) : []), ...originsOf(reading, node.callee, scope)]
  return SINKS.filter(
    (sink) => from.some((one) => sink.from.test(one)) && (sink.calls?.test(name ?? '') ?? true),
  ).flatMap((sink) => inCall(reading, { node, scope }, sink, from[0] ?? ''))
}

const OPTIONS = SINKS.flatMap(({ options }) => options ?? [])
const CALLS = SINKS.flatMap(({ arg, calls }) => (arg === undefined || calls === undefined ? [] : calls))

/**
 * Whether to ask where a call's callee comes from at all: what each call of a program is made on takes longer than all the rest. It is given
 * an option that is called so, or it is one that takes a secret as it is, or something of a package's by its name.
 */
const mayTake = (call: Call, scope: Scope): boolean =>
  namesOption(call) ||
  CALLS.some((one) => one.test(lastName(call.callee) ?? '')) ||
  isOfPackage(call.callee, scope) ||
  (call.args.length > 1 && isOfPackage(call.args[0], scope))

const namesOption = ({ args, named }: Call): boolean => {
  let found = [...named.keys()].some(isOption)
  walk(args, (one) => {
    if (one.kind === 'object') found ||= one.entries.some(({ key }) => key.kind === 'literal' && isOption(key.value))
    return !found
  })
  return found
}

const isOption = (name: unknown): boolean => OPTIONS.some((one) => one.test(String(name)))

/** `Pool`, `pg.Pool`, of an import or of a `require`. */
const isOfPackage = (node: Node | undefined, scope: Scope): boolean => {
  if (node?.kind === 'member') return isOfPackage(node.object, scope)
  const [binding] = node?.kind === 'name' ? lookup(scope, node.name) : []
  if (binding?.kind === 'import') return true
  const made = binding?.kind === 'value' ? binding.assign.value : undefined
  return made?.kind === 'call' && lastName(made.callee) === 'require'
}

const originsOf = (reading: Reading, node: Node, scope: Scope): readonly string[] =>
  possibilities(reading.evaluator.value(node, scope)).flatMap((one) =>
    one.kind === 'external' && one.from !== 'global' ? [one.from.replace(/^node:/, '')] : [],
  )

const inCall = (reading: Reading, { node, scope }: Located<Call>, sink: Sink, from: string): readonly UsedSecret[] => {
  const { options, arg } = sink
  const given = arg === undefined ? undefined : node.args[arg]
  if (given !== undefined) return [{ value: reading.evaluator.value(given, scope), sink: `${from} key` }]
  if (options === undefined) return []
  const named = [...node.named].flatMap(([key, one]) =>
    options.test(key) ? [{ value: reading.evaluator.value(one, scope), sink: `${from} ${key}` }] : [],
  )
  return [
    ...named,
    ...node.args
      .flatMap((one) => optionsIn(reading, reading.evaluator.value(one, scope), options, 0))
      .map(([key, value]) => ({ value, sink: `${from} ${key}` })),
  ]
}

const DEEPEST = 4

/** The options of these names, in what is given and in what a factory in it gives. */
const optionsIn = (reading: Reading, value: Value, options: RegExp, depth: number): readonly [string, Value][] =>
  possibilities(value).flatMap((one): readonly [string, Value][] => {
    if (depth > DEEPEST) return []
    if (one.kind === 'function')
      return depth === 0 ? [] : optionsIn(reading, reading.evaluator.returned(one, one.frame), options, depth + 1)
    if (one.kind === 'list') return one.items.flatMap((item) => optionsIn(reading, item, options, depth + 1))
    if (one.kind !== 'object' || isLocal(one)) return []
    return [...one.entries].flatMap(([key, inner]): readonly [string, Value][] =>
      options.test(key)
        ? textsIn(reading, inner).map((text): [string, Value] => [key, text])
        : optionsIn(reading, inner, options, depth + 1),
    )
  })

/** A server on the machine of whoever develops, as in a URL. */
const isLocal = ({ entries }: Extract<Value, { kind: 'object' }>): boolean => {
  const host = entries.get('host')
  return host?.kind === 'literal' && /^(?:localhost|127\.0\.0\.1|::1)$/.test(String(host.value))
}

/** `secret: 'x'`, `getSecret: () => 'x'`, `users: { admin: 'x' }`, `password: { 1: 'x', 2: 'y' }`. */
const textsIn = (reading: Reading, value: Value): readonly Value[] => {
  if (value.kind === 'function') return [reading.evaluator.returned(value, value.frame)]
  return value.kind === 'object' ? [...value.entries.values()] : [value]
}

/** `app.secret_key = 'x'` of Flask, `app.keys = ['x']` of Koa, `stripe.api_key = 'x'`. */
const putOn = (reading: Reading, { node, scope }: Located): readonly UsedSecret[] => {
  if (node.kind !== 'assign' || node.value === undefined || node.target.kind !== 'member') return []
  const name = lastName(node.target) ?? ''
  const isKeys = name === 'keys'
  if (!isKeys && !isSecretName(name)) return []
  const { object } = node.target
  const from = originsOf(reading, object, scope)
  // A factory is given the application: `def init(app): app.secret_key = 'x'`.
  const isApp = name === 'secret_key' && /app$/i.test(lastName(object) ?? '')
  const holds = isKeys ? from.includes('koa') : from.length > 0 || isApp
  return holds ? [{ value: reading.evaluator.value(node.value, scope), sink: `${from[0] ?? 'app'} ${name}` }] : []
}
