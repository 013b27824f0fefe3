/** What is left of a record that is taken apart, and the fields that a class declares. */
import type { Evaluator } from './evaluate.ts'
import type { At, FunctionNode, Node } from './tree.ts'
import { either, unknown, type Value } from './value.ts'
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
