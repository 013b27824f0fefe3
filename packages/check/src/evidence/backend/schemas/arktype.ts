/** ArkType: definitions in texts and objects. An object lets unknown keys pass unless its `'+'` refuses or deletes them. */
import type { Value } from '../../source/index.ts'
import { arktypeText } from './arktype-text.ts'
import { argOf, type Chain, type Step, textOf } from './chain.ts'
import { type Context, maskOf, shapeOfArg, unionOf } from './readers.ts'
import { both, bounded, type ObjectShape, objects, type Shape, unread } from './shape.ts'
import { masked } from './zod.ts'

export const ARKTYPE = /^arktype$/

export const arktypeShape = (context: Context, chain: Chain): Shape => {
  const first = chain.steps.findIndex((one) => one.called)
  const start = chain.steps[first]
  if (start === undefined) return unread('it is no call of arktype', chain.at)
  return chain.steps.slice(first + 1).reduce((shape, step) => modified(context, shape, step), started(context, start))
}

const started = (context: Context, step: Step): Shape => {
  if (step.name === 'type') return defined(context, argOf(context.reading, step, 0), step.at)
  return /^(?:enumerated|valueOf|unit)$/.test(step.name)
    ? { kind: 'fixed', at: step.at }
    : unread(`arktype's ${step.name}`, step.at)
}

const defined = (context: Context, value: Value | undefined, at: Shape['at']): Shape => {
  if (value === undefined) return unread('a schema is missing', at)
  const text = textOf(value)
  if (text !== undefined) return arktypeText(text, value.at)
  if (value.kind === 'pattern') return arktypeText(`/${value.source}/`, value.at)
  if (value.kind === 'list') return ofTuple(context, value)
  if (value.kind !== 'object') return context.shape(value)
  if (value.rest.length > 0) return unread('what is spread into an arktype', value.at)
  const undeclared = textOf(value.entries.get('+'))
  const fields = [...value.entries]
    .filter(([name]) => name !== '+' && name !== '...')
    .map(([name, one]): [string, Shape] => [name.replace(/\?$/, ''), defined(context, one, one.at)])
  const spread = value.entries.get('...')
  const own: ObjectShape = { kind: 'object', ...keptBy(undeclared), fields: new Map(fields), at: value.at }
  return spread === undefined ? own : merged(defined(context, spread, spread.at), own)
}

/** `['string', '?']`, `['string', '=', 'x']`; a tuple's items, and expressions of another kind, are not read. */
const ofTuple = (context: Context, { items, at }: Extract<Value, { kind: 'list' }>): Shape => {
  const [first, operator] = items
  const mark = textOf(operator)
  if (first !== undefined && (mark === '?' || mark === '=' || mark === '@')) return defined(context, first, at)
  if (first !== undefined && mark === '[]')
    return { kind: 'array', bounded: false, items: [defined(context, first, at)], at }
  return unread("arktype's tuple", at)
}

/** The fields of both, the second's before the first's; either may say what becomes of other keys. */
const merged = (first: Shape, second: Shape): Shape =>
  first.kind === 'object' && second.kind === 'object'
    ? {
        ...second,
        closed: first.closed || second.closed,
        drops: first.drops === true || second.drops === true,
        fields: new Map([...first.fields, ...second.fields]),
      }
    : both(first, second)

const keptBy = (undeclared: string | undefined): Pick<ObjectShape, 'closed' | 'drops'> => ({
  closed: undeclared === 'reject' || undeclared === 'delete',
  drops: undeclared === 'delete',
})

const modified = (context: Context, shape: Shape, step: Step): Shape => {
  if (!step.called) return shape
  const argument = argOf(context.reading, step, 0)
  switch (step.name) {
    case 'atMost':
    case 'lessThan':
    case 'atMostLength':
    case 'lessThanLength':
    case 'exactlyLength':
    case 'matching':
      return bounded(shape)
    case 'array':
      return { kind: 'array', bounded: false, items: [shape], at: step.at }
    case 'or':
      return unionOf([shape, defined(context, argument, step.at)], step.at)
    case 'and':
    case 'intersect':
      return both(shape, defined(context, argument, step.at))
    case 'merge':
      return merged(shape, defined(context, argument, step.at))
    case 'to':
      return defined(context, argument, step.at)
    case 'onUndeclaredKey':
    case 'onDeepUndeclaredKey':
      return objects(shape, (one) => ({ ...one, ...keptBy(textOf(argument)) }))
    case 'pick':
    case 'omit':
      return masked(shape, maskOf(argument), step.name === 'pick')
    case 'pipe':
      return argument?.kind === 'external' ? shapeOfArg(context, argument, step.at) : shape
    default:
      return shape
  }
}
