/** Records that an object makes of itself: pydantic's `user.model_dump(include={'id'})`, mongoose's `user.toObject()`. */
import type { Evaluator } from './evaluate.ts'
import type { Evaluated } from './known-calls.ts'
import { declaredFields, given } from './records.ts'
import type { At } from './tree.ts'
import type { Value } from './value.ts'
import { lastName } from './walk.ts'

const DUMPS = /^(?:dict|model_dump|toJSON|toObject)$/
/** Pydantic: the record of another class, read into the fields of this one. */
export const READS_ANOTHER = /^(?:from_orm|model_validate|parse_obj)$/

type Fields = Extract<Value, { kind: 'object' }>

/** What `object.method(…)` gives back where it makes a record of the object's fields; undefined for any other call. */
export const dumped = (
  evaluator: Evaluator,
  object: Value,
  method: string,
  call: Evaluated,
  at: At,
): Value | undefined => {
  if (!DUMPS.test(method) || isItsOwn(evaluator, object, method)) return
  const only = namesIn(call.named('include'))
  const out = namesIn(call.named('exclude')) ?? []
  const fields = fieldsOf(evaluator, object, at)
  if (fields !== undefined) {
    const assigned = object.kind === 'instance' ? (object.assigned ?? []) : []
    const entries = [...fields.entries, ...assigned].filter(
      ([key]) => !out.includes(key) && (only?.includes(key) ?? true),
    )
    return { ...fields, entries: new Map(entries) }
  }
  if (only === undefined) return
  const entries = new Map(only.map((key) => [key, evaluator.member(object, key, at)]))
  return { kind: 'object', entries, rest: [], at }
}

/** A method that the project wrote makes what it likes. */
const isItsOwn = (evaluator: Evaluator, object: Value, method: string): boolean =>
  object.kind === 'instance' && evaluator.classes.members(object.class.node, object.class.scope).has(method)

const fieldsOf = (evaluator: Evaluator, object: Value, at: At): Fields | undefined => {
  if (object.kind === 'object') return object
  if (object.kind !== 'instance' || object.call === undefined) return
  if (object.call.node.named.size > 0) return given(evaluator, object)
  if (!READS_ANOTHER.test(lastName(object.call.node.callee) ?? '')) return
  const fields = declaredFields(evaluator, object, at)
  return fields.entries.size > 0 ? fields : undefined
}

/** `{'id', 'name'}`; undefined where one of them isn't known. */
const namesIn = (value: Value | undefined): readonly string[] | undefined => {
  if (value?.kind !== 'list') return
  const names = value.items.flatMap((one) => (one.kind === 'literal' ? [String(one.value)] : []))
  return names.length === value.items.length ? names : undefined
}
