/** Records: written, spread, taken apart; and the fields that a class declares. */

import type { Evaluator } from './evaluate.ts'
import type { Located } from './program.ts'
import type { Scope } from './scopes.ts'
import type { At, Call, FunctionNode, Node, ObjectNode } from './tree.ts'
import { either, type Frame, isTooMuch, unknown, type Value } from './value.ts'
import { lastName, walkBody } from './walk.ts'

/** `const { password, ...rest } = user`: the keys that the rest of this name is without; undefined for any other name. */
export const keysTaken = (target: Node, name: string): readonly string[] | undefined => {
  switch (target.kind) {
    case 'object': {
      const isRest = target.spreads.some((one) => one.kind === 'name' && one.name === name)
      if (isRest) return target.entries.flatMap(({ key }) => (key.kind === 'literal' ? [String(key.value)] : []))
      return target.entries.map(({ value }) => keysTaken(value, name)).find((one) => one !== undefined)
    }
    case 'list':
      return target.items.map((one) => keysTaken(one, name)).find((one) => one !== undefined)
    case 'assign':
      return keysTaken(target.target, name)
    default:
      return
  }
}

/** What came out of a collection, a promise: nothing is known of it but the type that somebody gave it. */
export const isOpaque = (value: Value): boolean =>
  value.kind === 'external' && value.from === 'global' && value.path.includes('()')

/** The fields that an instance's class and the project's classes under it declare. */
export const declaredFields = (
  evaluator: Evaluator,
  value: Extract<Value, { kind: 'instance' }>,
  at: At,
): Extract<Value, { kind: 'object' }> => {
  const entries = new Map<string, Value>()
  const visit = (type: Extract<Value, { kind: 'class' }>, depth: number): void => {
    for (const base of type.node.bases) {
      const above = evaluator.value(base, type.scope)
      if (above.kind === 'class' && above.node !== type.node && depth < 6) visit(above, depth + 1)
    }
    for (const member of type.node.members)
      if (member.kind === 'assign' && member.target.kind === 'name')
        entries.set(member.target.name, unknown(at, [member.target.name]))
  }
  visit(value.class, 0)
  return { kind: 'object', entries, rest: [], at }
}

/**
 * The fields of a new object of the project's, as its constructor leaves them: `{ ...new Claims(user.id, life) }`. Undefined where
 * that is not the whole story: nothing says how it was made, or what it extends has fields of its own.
 */
export const constructed = (
  evaluator: Evaluator,
  value: Extract<Value, { kind: 'instance' }>,
  at: At,
): Extract<Value, { kind: 'object' }> | undefined => {
  const { call, class: type } = value
  const made = type.node.members.find((one) => one.kind === 'function' && one.name === 'constructor')
  if (call === undefined || made?.kind !== 'function' || type.node.bases.length > 0) return
  const inner = evaluator.program.scopeOf(made) ?? type.scope
  const callee = { kind: 'function', node: made, scope: inner, frame: undefined, self: value, at } as const
  const frame = evaluator.frame(callee, call, value.frame)
  const entries = new Map<string, Value>()
  for (const member of type.node.members)
    if (member.kind === 'assign' && member.target.kind === 'name')
      entries.set(
        member.target.name,
        member.value === undefined
          ? unknown(at, [member.target.name])
          : evaluator.value(member.value, evaluator.program.scopeOf(member) ?? inner),
      )
  for (const { target, field } of made.parameters)
    if (field === true && target.kind === 'name')
      entries.set(target.name, frame.parameters.get(target.name) ?? unknown(at, [target.name]))
  for (const [name, nodes] of putOnThis(made))
    entries.set(
      name,
      either(
        nodes.map((one) => evaluator.value(one, evaluator.program.scopeOf(one) ?? inner, frame)),
        at,
      ),
    )
  return { kind: 'object', entries, rest: [], at }
}

const MOST_SPREADS = 100

const putOnThis = ({ body }: FunctionNode): ReadonlyMap<string, readonly Node[]> => {
  const put = new Map<string, Node[]>()
  walkBody(body, (one) => {
    if (one.kind !== 'assign' || one.target.kind !== 'member' || one.target.object.kind !== 'name') return
    const name = one.target.object.name === 'this' ? lastName(one.target) : undefined
    if (name !== undefined && one.value !== undefined) put.set(name, [...(put.get(name) ?? []), one.value])
  })
  return put
}

/** A record without some of its keys; what isn't known by its keys stays as it is. */
export const withoutKeys = (evaluator: Evaluator, value: Value, keys: readonly string[], at: At): Value => {
  const whole = value.kind === 'instance' ? declaredFields(evaluator, value, at) : value
  if (whole.kind !== 'object' || (whole !== value && whole.entries.size === 0)) return value
  return { ...whole, entries: new Map([...whole.entries].filter(([key]) => !keys.includes(key))) }
}

/** An object as it is written: its entries, and what is spread into it. */
export const written = (evaluator: Evaluator, node: ObjectNode, scope: Scope, frame: Frame | undefined): Value => {
  const entries = new Map<string, Value>()
  const rest: Value[] = []
  // In the order of the text: what comes later has the last word.
  const parts = [...node.spreads, ...node.entries].sort(
    (a, b) => ('key' in a ? a.key : a).at.start - ('key' in b ? b.key : b).at.start,
  )
  for (const part of parts) {
    if ('key' in part) {
      const key = part.key.kind === 'literal' ? part.key : evaluator.value(part.key, scope, frame)
      if ('value' in key && key.kind === 'literal' && key.value !== null)
        entries.set(String(key.value), evaluator.value(part.value, scope, frame))
      // Any key, so it may be the one that somebody looks for.
      else rest.push(unknown(part.key.at, ['a computed key']))
      continue
    }
    const given = evaluator.value(part, scope, frame)
    // `...user` of a typed parameter says more than the map it was read from.
    const declared = isOpaque(given) && frame !== undefined ? evaluator.value(part, scope) : given
    const value = declared.kind === 'instance' ? (constructed(evaluator, declared, node.at) ?? declared) : given
    if (value.kind === 'object') {
      for (const [key, one] of value.entries) entries.set(key, one)
      rest.push(...value.rest)
    } else rest.push(value)
    if (rest.length > MOST_SPREADS || isTooMuch(value)) return unknown(node.at)
  }
  return { kind: 'object', entries, rest, at: node.at, node: { node, scope } }
}

/** What was given to a class when it was made: pydantic's `Model(a=1).dict()`. */
export const given = (
  evaluator: Evaluator,
  object: Extract<Value, { kind: 'instance' }>,
): Extract<Value, { kind: 'object' }> => {
  const entries = new Map<string, Value>()
  const { call } = object
  if (call !== undefined)
    for (const [key, one] of call.node.named) entries.set(key, evaluator.value(one, call.scope, object.frame))
  return { kind: 'object', entries, rest: [], at: object.at }
}

/** Records laid over each other, the last on top: `{ ...a, ...b }`. What is not known as one is its rest. */
export const overlaid = (values: readonly Value[], at: At): Extract<Value, { kind: 'object' }> => ({
  kind: 'object',
  entries: new Map(values.flatMap((one) => (one.kind === 'object' ? [...one.entries] : []))),
  rest: values.flatMap((one) => (one.kind === 'object' ? one.rest : [one])),
  at,
})

/** What a call names, as a record. */
export const namedIn = (
  evaluator: Evaluator,
  { named, at }: Call,
  scope: Scope,
  frame: Frame | undefined,
): Extract<Value, { kind: 'object' }> => ({
  kind: 'object',
  entries: new Map([...named].map(([key, one]): [string, Value] => [key, evaluator.value(one, scope, frame)])),
  rest: [],
  at,
})

/** What a call gives `**kwargs`: what it names and no parameter is called, and what it spreads. */
export const keywordsOf = (
  evaluator: Evaluator,
  { parameters, at }: FunctionNode,
  { node, scope }: Located<Call>,
  outer: Frame | undefined,
): Value => {
  const spread = node.args
    .filter((one) => one.kind === 'spread')
    .map((one) => evaluator.value(one.operand, scope, outer))
    .filter((one) => one.kind !== 'list')
  const taken = parameters.flatMap(({ rest, target }) => (rest ? [] : (lastName(target) ?? [])))
  return withoutKeys(evaluator, overlaid([namedIn(evaluator, node, scope, outer), ...spread], at), taken, at)
}
