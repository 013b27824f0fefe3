/** Yup: an object keeps unknown keys unless it says `noUnknown`, or the call that validates strips them. */
import type { Value } from '../../source/index.ts'
import { argOf, argsOf, type Chain, isFalse, isTrue, type Step } from './chain.ts'
import { deep } from './joi.ts'
import { isBoundingPattern } from './patterns.ts'
import { boundsLength } from './predicates.ts'
import { type Context, fieldsOf, given, into, listed, maskOf, shapeOfArg } from './readers.ts'
import { both, bounded, objects, type Shape, unread } from './shape.ts'
import { masked } from './zod.ts'

export const YUP = /^yup(?:\/|$)/

export const yupShape = (context: Context, chain: Chain): Shape => {
  const first = chain.steps.findIndex((one) => one.called)
  const start = chain.steps[first]
  if (start === undefined) return unread('it is no call of yup', chain.at)
  return chain.steps
    .slice(first + 1)
    .reduce(
      (shape, step) => (step.called ? modified(context, shape, step) : into(shape, step)),
      started(context, start),
    )
}

const started = (context: Context, step: Step): Shape => {
  const { name, at } = step
  const arg = (index: number): Value | undefined => argOf(context.reading, step, index)
  switch (name) {
    case 'string':
      return { kind: 'string', bounded: false, at }
    case 'number':
      return { kind: 'number', bounded: false, at }
    case 'boolean':
    case 'bool':
    case 'date':
    case 'ref':
      return { kind: 'fixed', at }
    case 'array':
      return { kind: 'array', bounded: false, items: arg(0) ? [shapeOfArg(context, arg(0), at)] : [], at }
    case 'tuple':
      return { kind: 'array', bounded: true, items: listed(context, arg(0)), at }
    case 'object':
      return { kind: 'object', closed: false, fields: fieldsOf(context, arg(0)), at }
    case 'mixed':
      return { kind: 'any', at }
    case 'lazy':
      return shapeOfArg(context, given(context.reading, arg(0), undefined), at)
    default:
      return unread(`yup.${name}`, at)
  }
}

const modified = (context: Context, shape: Shape, step: Step): Shape => {
  const { name, at } = step
  const arg = (index: number): Value | undefined => argOf(context.reading, step, index)
  switch (name) {
    case 'max':
    case 'length':
    case 'lessThan':
    case 'negative':
    case 'email':
    case 'url':
    case 'uuid':
    case 'datetime':
      return bounded(shape)
    case 'matches':
      return isBoundingPattern(arg(0)) ? bounded(shape) : shape
    case 'oneOf':
    case 'equals':
      return shape.kind === 'array' || shape.kind === 'object' ? shape : { kind: 'fixed', at }
    case 'test':
      return argsOf(context.reading, step).some((one) =>
        boundsLength(one.kind === 'object' ? one.entries.get('test') : one, false),
      )
        ? bounded(shape)
        : shape
    case 'of':
      return shape.kind === 'array' ? { ...shape, items: [shapeOfArg(context, arg(0), at)] } : shape
    case 'shape':
      return objects(shape, (one) => ({ ...one, fields: new Map([...one.fields, ...fieldsOf(context, arg(0))]) }))
    case 'noUnknown':
    case 'exact':
    case 'stripUnknown':
      return objects(shape, (one) => ({
        ...one,
        closed: !isFalse(arg(0)),
        drops: name !== 'exact' && !isFalse(arg(0)),
      }))
    case 'concat':
      return both(shape, shapeOfArg(context, arg(0), at))
    case 'pick':
    case 'omit':
      return masked(shape, maskOf(arg(0)), name === 'pick')
    case 'prefs': {
      const options = arg(0)
      return options?.kind === 'object' && isTrue(options.entries.get('stripUnknown')) ? deep(shape, true) : shape
    }
    default:
      return shape
  }
}
