/** TypeBox and fluent-json-schema: JSON Schema as functions. */
import type { Value } from '../../source/index.ts'
import { argOf, argsOf, type Chain, isFalse, type Step, textOf } from './chain.ts'
import { keywords } from './json-schema.ts'
import { isBoundingPattern } from './patterns.ts'
import { type Context, fieldsOf, given, into, listed, maskOf, shapeOfArg, unionOf } from './readers.ts'
import { both, bounded, objects, type Shape, unread } from './shape.ts'
import { masked } from './zod.ts'

export const TYPEBOX = /^(?:typebox|@sinclair\/typebox|@fastify\/type-provider-typebox|elysia)(?:\/|$)/
export const FLUENT = /^fluent-json-schema$|^fluent-schema$|^json-schema-to-ts$/

export const typeboxShape = (context: Context, chain: Chain): Shape => {
  const first = chain.steps.findIndex((one) => one.called)
  const start = chain.steps[first]
  if (start === undefined) return unread('it is no call of TypeBox', chain.at)
  return chain.steps.slice(first + 1).reduce(
    (shape, step) => {
      if (!step.called) return into(shape, step)
      return step.name === 'Encode' || step.name === 'Decode' ? shape : unread(`TypeBox's ${step.name}`, step.at)
    },
    typebox(context, start),
  )
}

const typebox = (context: Context, step: Step): Shape => {
  const { name, at } = step
  const arg = (index: number): Value | undefined => argOf(context.reading, step, index)
  switch (name) {
    case 'Object':
      return keywords({ kind: 'object', closed: false, fields: fieldsOf(context, arg(0)), at }, arg(1))
    case 'String':
      return keywords({ kind: 'string', bounded: false, at }, arg(0))
    case 'RegExp':
    case 'TemplateLiteral':
      return { kind: 'string', bounded: true, at }
    case 'Number':
    case 'Integer':
    case 'BigInt':
    case 'Numeric':
      return keywords({ kind: 'number', bounded: false, at }, arg(0))
    case 'Array':
      return keywords({ kind: 'array', bounded: false, items: [shapeOfArg(context, arg(0), at)], at }, arg(1))
    case 'Tuple':
      return { kind: 'array', bounded: true, items: listed(context, arg(0)), at }
    case 'Boolean':
    case 'Null':
    case 'Undefined':
    case 'Void':
    case 'Never':
    case 'Literal':
    case 'Enum':
    case 'Date':
    case 'KeyOf':
    case 'Const':
    case 'BooleanString':
    case 'File':
      return { kind: 'fixed', at }
    case 'Union':
      return unionOf(listed(context, arg(0)), at)
    case 'Intersect':
    case 'Composite':
    case 'Evaluate': {
      // Composite makes one object of several, and keeps none of their options; an intersection keeps each one's.
      const whole = listed(context, arg(0)).reduce<Shape>(both, { kind: 'any', at })
      return keywords(name === 'Composite' ? objects(whole, (one) => ({ ...one, closed: false })) : whole, arg(1))
    }
    case 'Optional':
    case 'Readonly':
    case 'ReadonlyOptional':
    case 'Partial':
    case 'Required':
    case 'Transform':
    case 'Exclude':
    case 'Extract':
    case 'Refine':
    case 'Codec':
    case 'Clone':
    case 'Immutable':
    case 'MaybeEmpty':
    case 'Nullable':
      return keywords(shapeOfArg(context, arg(0), at), arg(1))
    case 'Pick':
    case 'Omit':
      return keywords(masked(shapeOfArg(context, arg(0), at), maskOf(arg(1)), name === 'Pick'), arg(2))
    case 'Record': {
      const key = arg(0) === undefined ? undefined : context.shape(arg(0) as Value)
      return {
        kind: 'object',
        closed: key?.kind === 'fixed' || key?.kind === 'union',
        fields: new Map(arg(1) ? [['*', shapeOfArg(context, arg(1), at)]] : []),
        at,
      }
    }
    case 'Any':
    case 'Unknown':
      return { kind: 'any', at }
    case 'Unsafe':
      return shapeOfArg(context, arg(0), at)
    case 'Ref': {
      const id = textOf(arg(0))
      const shared = id === undefined ? undefined : context.shared(id)
      if (shared !== undefined) return context.shape(shared)
      return id === undefined ? shapeOfArg(context, arg(0), at) : unread(`Type.Ref ${id}`, at)
    }
    case 'Recursive':
      return shapeOfArg(context, given(context.reading, arg(0), undefined), at)
    case 'This':
      return { kind: 'fixed', at }
    default:
      return unread(`Type.${name}`, at)
  }
}

export const fluentShape = (context: Context, chain: Chain): Shape => {
  const steps = chain.steps.filter((one) => one.called)
  const [start, ...rest] = steps
  if (start === undefined) return unread('it is no call of fluent-json-schema', chain.at)
  return rest.reduce((shape, step) => fluentStep(context, shape, step), fluent(context, start))
}

const fluent = (context: Context, step: Step): Shape => {
  const { name, at } = step
  const arg = (index: number): Value | undefined => argOf(context.reading, step, index)
  switch (name) {
    case 'object':
      return { kind: 'object', closed: false, fields: new Map(), at }
    case 'string':
      return { kind: 'string', bounded: false, at }
    case 'number':
    case 'integer':
      return { kind: 'number', bounded: false, at }
    case 'array':
      return { kind: 'array', bounded: false, items: [], at }
    case 'boolean':
    case 'null':
    case 'enum':
    case 'const':
      return { kind: 'fixed', at }
    case 'anyOf':
    case 'oneOf':
      return unionOf(listed(context, arg(0)), at)
    case 'allOf':
      return listed(context, arg(0)).reduce<Shape>(both, { kind: 'any', at })
    case 'mixed':
      return { kind: 'any', at }
    case 'raw':
      return shapeOfArg(context, arg(0), at)
    case 'ref': {
      const shared = context.shared((textOf(arg(0)) ?? '').replace(/#$/, ''))
      return shared === undefined ? unread('S.ref', at) : context.shape(shared)
    }
    default:
      return { kind: 'any', at }
  }
}

const fluentStep = (context: Context, shape: Shape, step: Step): Shape => {
  const arg = (index: number): Value | undefined => argOf(context.reading, step, index)
  switch (step.name) {
    case 'prop':
    case 'patternProperties': {
      const key = textOf(arg(0)) ?? '*'
      const field: Shape = arg(1) === undefined ? { kind: 'any', at: step.at } : shapeOfArg(context, arg(1), step.at)
      return objects(shape, (one) => ({ ...one, fields: new Map([...one.fields, [key, field]]) }))
    }
    case 'additionalProperties':
      return objects(shape, (one) => ({ ...one, closed: isFalse(arg(0)) }))
    case 'extend':
      return both(shape, shapeOfArg(context, arg(0), step.at))
    case 'only':
    case 'without':
      return masked(shape, maskOf(arg(0)), step.name === 'only')
    case 'maxLength':
    case 'maximum':
    case 'exclusiveMaximum':
    case 'maxItems':
    case 'format':
      return bounded(shape)
    case 'pattern':
      return isBoundingPattern(arg(0)) ? bounded(shape) : shape
    case 'enum':
    case 'const':
      return shape.kind === 'array' || shape.kind === 'object' ? shape : { kind: 'fixed', at: step.at }
    case 'items':
      return shape.kind === 'array'
        ? {
            ...shape,
            bounded: shape.bounded || arg(0)?.kind === 'list',
            items: argsOf(context.reading, step).flatMap((one) => listed(context, one)),
          }
        : shape
    case 'anyOf':
    case 'oneOf':
      return unionOf(listed(context, arg(0)), step.at)
    case 'raw':
      return keywords(shape, arg(0))
    default:
      return shape
  }
}
