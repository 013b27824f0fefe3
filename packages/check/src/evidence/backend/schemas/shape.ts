/** What a validation schema lets through, whatever the library it is written with. */
import type { At } from '../../source/index.ts'

export type Shape =
  /** `bounded`: a maximum length, a list of values, a pattern or a format. */
  | { readonly kind: 'string'; readonly bounded: boolean; readonly at: At }
  /** `bounded`: a maximum, or a list of values. */
  | { readonly kind: 'number'; readonly bounded: boolean; readonly at: At }
  | { readonly kind: 'array'; readonly bounded: boolean; readonly items: readonly Shape[]; readonly at: At }
  /** `closed`: keys that it does not name are refused or dropped. `drops`: they are dropped, so that what came in still has them. */
  | {
      readonly kind: 'object'
      readonly closed: boolean
      readonly drops?: boolean
      readonly fields: ReadonlyMap<string, Shape>
      readonly at: At
    }
  /** A boolean, a date, one of a list: there is nothing to bound. */
  | { readonly kind: 'fixed'; readonly at: At }
  | { readonly kind: 'any'; readonly at: At }
  | { readonly kind: 'union'; readonly of: readonly Shape[]; readonly at: At }
  /** It could not be read. */
  | { readonly kind: 'unread'; readonly why: string; readonly at: At }

export type ObjectShape = Extract<Shape, { kind: 'object' }>

export const unread = (why: string, at: At): Shape => ({ kind: 'unread', why, at })

/** All of several, as an intersection: one that says enough is enough. */
export const both = (left: Shape, right: Shape): Shape => {
  if (left.kind === 'any') return right
  if (right.kind === 'any') return left
  if (left.kind === 'object' && right.kind === 'object')
    return { ...left, closed: left.closed && right.closed, fields: new Map([...left.fields, ...right.fields]) }
  if (left.kind === 'union') return { ...left, of: left.of.map((one) => both(one, right)) }
  if (right.kind === 'union') return { ...right, of: right.of.map((one) => both(left, one)) }
  if (right.kind === 'fixed' || ('bounded' in right && right.bounded)) return right
  return left
}

/** The same with a bound; what has no bound to give stays as it is. */
export const bounded = (shape: Shape): Shape => {
  if (shape.kind === 'string' || shape.kind === 'number' || shape.kind === 'array') return { ...shape, bounded: true }
  return shape.kind === 'union' ? { ...shape, of: shape.of.map(bounded) } : shape
}

/** Each object in it changed, unions included. */
export const objects = (shape: Shape, change: (one: ObjectShape) => Shape): Shape => {
  if (shape.kind === 'object') return change(shape)
  return shape.kind === 'union' ? { ...shape, of: shape.of.map((one) => objects(one, change)) } : shape
}

/** What a key of it may hold. */
export const fieldOf = (shape: Shape, key: string): Shape | undefined => {
  if (shape.kind === 'object') return shape.fields.get(key)
  if (shape.kind !== 'union') return
  const found = shape.of.flatMap((one) => fieldOf(one, key) ?? [])
  return found.length < 2 ? found[0] : { ...shape, of: found }
}

/** Whether all that an object does not name is dropped: what came in still has it. */
export const drops = (shape: Shape): boolean =>
  shape.kind === 'union' ? shape.of.every(drops) : shape.kind === 'object' && shape.drops === true

export const keysOf = (shape: Shape): readonly string[] => {
  if (shape.kind === 'object') return [...shape.fields.keys()]
  return shape.kind === 'union' ? [...new Set(shape.of.flatMap(keysOf))] : []
}
