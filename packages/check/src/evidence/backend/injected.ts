/** What a container of dependencies hands out: awilix, whose functions are given everything by name. */
import { type Located, lastName, type Node, possibilities, type Scope, type Value } from '../source/index.ts'
import type { Reading } from './reading.ts'

const known = new WeakMap<Reading, ReadonlyMap<string, Value>>()

/** `register({ tokens: asValue(app.jwt) })`, `register('tokens', asClass(Tokens).singleton())`: by the name it is asked for. */
const registered = (reading: Reading): ReadonlyMap<string, Value> => {
  const before = known.get(reading)
  if (before !== undefined) return before
  const values = new Map<string, Value>()
  known.set(reading, values)
  const add = (name: string, node: Node | undefined, scope: Scope) => {
    const value = node && resolved(reading, node, scope)
    if (value !== undefined) values.set(name, value)
  }
  for (const { node, scope } of reading.program.callsNamed('register')) {
    const [first, second] = node.args
    if (first?.kind === 'object') {
      for (const { key, value } of first.entries) if (key.kind === 'literal') add(String(key.value), value, scope)
    } else if (first?.kind === 'literal' && typeof first.value === 'string') add(first.value, second, scope)
  }
  return values
}

/** What `asValue(x)`, `asFunction(make)` or `asClass(Type)` resolves to, whatever is chained to it. */
const resolved = (reading: Reading, node: Node, scope: Scope): Value | undefined => {
  if (node.kind !== 'call') return
  const how = lastName(node.callee)
  const [given] = node.args
  if (given === undefined || !/^as(?:Value|Function|Class)$/.test(how ?? ''))
    return node.callee.kind === 'member' ? resolved(reading, node.callee.object, scope) : undefined
  if (!fromAwilix(reading, { node: node.callee, scope })) return
  const value = reading.evaluator.value(given, scope)
  if (how === 'asFunction') return value.kind === 'function' ? reading.evaluator.returned(value) : undefined
  if (how === 'asClass') return value.kind === 'class' ? { kind: 'instance', class: value, at: value.at } : undefined
  return value
}

const fromAwilix = (reading: Reading, { node, scope }: Located): boolean =>
  possibilities(reading.evaluator.value(node, scope)).some((one) => one.kind === 'external' && AWILIX.test(one.from))

const AWILIX = /^(?:@fastify\/awilix|awilix(?:-\w+)?)$/

/** `cradle.tokens.sign`, `({ tokens }) => tokens.sign`, `container.resolve('tokens').sign`: what stands under the name there. */
export const handedOut = (reading: Reading, value: Value): Value | undefined => {
  const [name, ...rest] = askedFor(value) ?? []
  const found = name === undefined ? undefined : registered(reading).get(name)
  return found && rest.reduce<Value>((whole, key) => reading.evaluator.member(whole, key, value.at), found)
}

const askedFor = (value: Value): readonly string[] | undefined => {
  const path = value.kind === 'external' ? value.path : value.kind === 'unknown' ? (value.label ?? []) : []
  const cradle = path.findLastIndex((one) => /^cradle$/i.test(one))
  if (cradle !== -1) return path.slice(cradle + 1)
  // What a function takes apart from its parameter is called what it is registered as.
  if (value.kind === 'unknown') return path
  const resolve = path.lastIndexOf('resolve')
  const key = value.kind === 'external' && resolve !== -1 ? value.call?.node.args[0] : undefined
  return key?.kind === 'literal' ? [String(key.value), ...path.slice(resolve + 2)] : undefined
}
