/** Joi and celebrate's Joi: an object refuses unknown keys unless it is told otherwise. */
import type { Value } from '../../source/index.ts'
import { argOf, argsOf, type Chain, isFalse, isTrue, type Step } from './chain.ts'
import { isBoundingPattern } from './patterns.ts'
import { boundsLength } from './predicates.ts'
import { type Context, fieldsOf, into, listed, shapeOfArg, unionOf } from './readers.ts'
import { both, bounded, fieldOf, objects, type Shape, unread } from './shape.ts'

export const JOI = /^(?:@?hapi\/)?joi(?:\/|$)|^@hapi\/joi$|^celebrate$|^joi-/

const FIXED = /^(?:boolean|bool|date|func|function|symbol|valid|allow|equal|only|forbidden|link)$/
const TYPES =
  /^(?:string|number|boolean|bool|date|array|object|any|alternatives|alt|binary|func|function|symbol|link|valid|allow|equal|only|compile|build|required|optional|exist|custom|when|forbidden|bigint|objectId|concat|keys|types)$/
const STRING_BOUND =
  /^(?:max|length|email|guid|uuid|uri|domain|hostname|ip|pattern|regex|hex|isoDate|isoDuration|creditCard|objectId)$/
const NUMBER_BOUND = /^(?:max|less|negative|port)$/

export const joiShape = (context: Context, chain: Chain): Shape => {
  // Joi.extend(…), Joi.defaults(…): still Joi.
  const steps = chain.steps.filter(
    (one) => one.called && !/^(?:extend|defaults|bind)$/.test(one.name) && one.name !== '',
  )
  const after = chain.steps.slice(chain.steps.findLastIndex((one) => one.called) + 1)
  const [start, ...rest] = steps
  if (start === undefined) return unread('it is no call of Joi', chain.at)
  const made = rest.reduce((shape, step) => modified(context, shape, step), started(context, start))
  return after.reduce(into, made)
}

const started = (context: Context, step: Step): Shape => {
  const { name, at } = step
  const arg = (index: number): Value | undefined => argOf(context.reading, step, index)
  if (FIXED.test(name)) return { kind: 'fixed', at }
  switch (name) {
    case 'string':
    case 'binary':
      return { kind: 'string', bounded: false, at }
    case 'number':
    case 'bigint':
      return { kind: 'number', bounded: false, at }
    case 'array':
      return { kind: 'array', bounded: false, items: [], at }
    case 'object':
    case 'keys': {
      const keys = arg(0)
      return { kind: 'object', closed: keys !== undefined, fields: fieldsOf(context, keys), at }
    }
    case 'compile':
    case 'build':
      return shapeOfArg(context, arg(0), at)
    case 'alternatives':
    case 'alt':
    case 'types': {
      const args = argsOf(context.reading, step)
      return args.length === 0
        ? { kind: 'any', at }
        : unionOf(
            args.flatMap((one) => listed(context, one)),
            at,
          )
    }
    case 'when':
      return branches(context, arg(1), { kind: 'any', at })
    case 'any':
    case 'required':
    case 'optional':
    case 'exist':
    case 'concat':
      return { kind: 'any', at }
    case 'custom':
      return custom(context, { kind: 'any', at }, step)
    default:
      // Joi.objectId() and other types that were added by an extension.
      if (/id$/i.test(name)) return { kind: 'fixed', at }
      return TYPES.test(name) ? { kind: 'any', at } : unread(`Joi.${name}`, at)
  }
}

const modified = (context: Context, shape: Shape, step: Step): Shape => {
  const { name, at } = step
  const arg = (index: number): Value | undefined => argOf(context.reading, step, index)
  if (/^(?:valid|equal|only|allow|insensitive)$/.test(name))
    return name === 'allow' || name === 'insensitive' ? shape : chosen(shape, at)
  if (name === 'custom') return custom(context, shape, step)
  if (name === 'when') return branches(context, arg(1), shape)
  if (name === 'options' || name === 'prefs' || name === 'preferences') return preferred(shape, arg(0))
  if (name === 'concat') return both(shape, shapeOfArg(context, arg(0), at))
  if (name === 'extract') return argsOf(context.reading, step).reduce<Shape>((one, key) => extracted(one, key), shape)
  switch (shape.kind) {
    case 'string':
      if (/^(?:pattern|regex)$/.test(name) && !isBoundingPattern(argOf(context.reading, step, 0))) return shape
      return STRING_BOUND.test(name) ? bounded(shape) : shape
    case 'number':
      return NUMBER_BOUND.test(name) ? bounded(shape) : shape
    case 'array':
      if (name === 'max' || name === 'length') return bounded(shape)
      return name === 'items' || name === 'ordered'
        ? { ...shape, items: [...shape.items, ...argsOf(context.reading, step).flatMap((one) => listed(context, one))] }
        : shape
    case 'object':
      return objectStep(context, shape, step)
    case 'union':
    case 'any':
      if (/^(?:try|match|conditional)$/.test(name) && name === 'try')
        return unionOf(
          [
            ...(shape.kind === 'union' ? shape.of : []),
            ...argsOf(context.reading, step).flatMap((one) => listed(context, one)),
          ],
          at,
        )
      return shape
    default:
      return shape
  }
}

const objectStep = (context: Context, shape: Extract<Shape, { kind: 'object' }>, step: Step): Shape => {
  const arg = (index: number): Value | undefined => argOf(context.reading, step, index)
  switch (step.name) {
    case 'keys':
    case 'append':
      return {
        ...shape,
        closed: shape.closed || arg(0) !== undefined,
        fields: new Map([...shape.fields, ...fieldsOf(context, arg(0))]),
      }
    case 'unknown':
      return { ...shape, closed: isFalse(arg(0)), at: step.at }
    case 'pattern': {
      const field = arg(1)
      return {
        ...shape,
        closed: false,
        fields: new Map([...shape.fields, ...(field ? [['*', context.shape(field)] as const] : [])]),
      }
    }
    default:
      return shape
  }
}

const chosen = (shape: Shape, at: Shape['at']): Shape =>
  shape.kind === 'array' || shape.kind === 'object' ? shape : { kind: 'fixed', at }

/** `Joi.string().custom(objectId)`: a function of the project bounds it if it is seen to. */
const custom = (context: Context, shape: Shape, step: Step): Shape => {
  const node = step.call?.node.args[0]
  const name = node?.kind === 'name' ? node.name : ''
  if (!boundsLength(argOf(context.reading, step, 0), true, name)) return shape
  return shape.kind === 'any' ? { kind: 'fixed', at: step.at } : bounded(shape)
}

const branches = (context: Context, condition: Value | undefined, shape: Shape): Shape => {
  if (condition?.kind !== 'object' || !('bounded' in shape ? !shape.bounded : shape.kind === 'any')) return shape
  const of = ['then', 'otherwise'].map((key) => {
    const branch = condition.entries.get(key)
    return branch === undefined ? shape : both(context.shape(branch), shape)
  })
  return unionOf(of, shape.at)
}

/** `{ allowUnknown: true }` lets unknown keys pass, `{ stripUnknown: true }` drops them. */
const preferred = (shape: Shape, value: Value | undefined): Shape => {
  if (value?.kind !== 'object') return shape
  const strips = value.entries.get('stripUnknown')
  if (strips !== undefined && !isFalse(strips)) return objects(deep(shape, true), (one) => ({ ...one, drops: true }))
  return isTrue(value.entries.get('allowUnknown')) ? deep(shape, false) : shape
}

export const deep = (shape: Shape, closed: boolean): Shape => {
  if (shape.kind === 'array') return { ...shape, items: shape.items.map((one) => deep(one, closed)) }
  return objects(shape, (one) => ({
    ...one,
    closed,
    fields: new Map([...one.fields].map(([key, field]) => [key, deep(field, closed)])),
  }))
}

const extracted = (shape: Shape, key: Value): Shape => {
  const name = key.kind === 'literal' ? String(key.value) : ''
  return fieldOf(shape, name) ?? unread(`no field ${name}`, key.at)
}
