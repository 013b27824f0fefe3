/** What the reader of each library is given: the program, and the way back to the reader of any schema. */
import type { At, Frame, FunctionNode, Value } from '../../source/index.ts'
import { possibilities } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { type Step, textOf } from './chain.ts'
import { fieldOf, type Shape, unread } from './shape.ts'

export interface Context {
  readonly reading: Reading
  shape(value: Value): Shape
  /** Of fluent and JSON schemas: what `$ref` names. */
  shared(id: string): Value | undefined
}

/** The shape of a step's argument; without one, nothing is known. */
export const shapeOfArg = (context: Context, value: Value | undefined, at: At): Shape =>
  value === undefined ? unread('a schema is missing', at) : context.shape(value)

/** In place of the keys of fields that could not be read. */
export const SPREAD = '...'

/** `{ name: schema }`, spreads of other schemas' shapes included. */
export const fieldsOf = (context: Context, value: Value | undefined): Map<string, Shape> => {
  const fields = new Map<string, Shape>()
  for (const one of value === undefined ? [] : possibilities(value)) {
    if (one.kind !== 'object') {
      const spread = context.shape(one)
      if (spread.kind === 'object') for (const [key, field] of spread.fields) fields.set(key, field)
      else fields.set(SPREAD, unread('fields that are spread into it could not be read', one.at))
      continue
    }
    for (const rest of one.rest) for (const [key, field] of fieldsOf(context, rest)) fields.set(key, field)
    for (const [key, entry] of one.entries) fields.set(key, context.shape(entry))
  }
  return fields
}

/** `{ name: true }` or `['name']`. */
export const maskOf = (value: Value | undefined): ReadonlySet<string> => {
  if (value?.kind === 'object') return new Set(value.entries.keys())
  return new Set(value?.kind === 'list' ? value.items.flatMap((one) => textOf(one) ?? []) : [])
}

export const unionOf = (of: readonly Shape[], at: At): Shape =>
  of.length === 1 && of[0] ? of[0] : { kind: 'union', of, at }

export const listed = (context: Context, value: Value | undefined): readonly Shape[] =>
  value?.kind === 'list'
    ? value.items.map((one) => context.shape(one))
    : value === undefined
      ? []
      : [context.shape(value)]

/** What a callback gives back when its first parameter is this. */
export const given = (
  reading: Reading,
  callback: Value | undefined,
  parameter: Value | undefined,
): Value | undefined => {
  if (callback?.kind !== 'function') return
  const first = callback.node.parameters[0]?.target
  if (parameter === undefined || first?.kind !== 'name') return reading.evaluator.returned(callback)
  return reading.evaluator.returned(callback, frameOf(callback.node, first.name, parameter, callback.frame))
}

const frameOf = (node: FunctionNode, name: string, parameter: Value, outer: Frame | undefined): Frame => ({
  function: node,
  call: undefined,
  parameters: new Map([[name, parameter]]),
  depth: (outer?.depth ?? 0) + 1,
})

/** The members and keys after a schema: `.shape.body`, `.fields.body`. */
export const into = (shape: Shape, step: Step): Shape => {
  if (
    /^(?:shape|entries|fields|properties|_def|def|schema|_shape)$/.test(step.name) &&
    fieldOf(shape, step.name) === undefined
  )
    return shape
  if (step.name === 'element' || step.name === 'items' || step.name === 'item')
    return shape.kind === 'array' ? unionOf(shape.items, shape.at) : shape
  return fieldOf(shape, step.name) ?? unread(`no field ${step.name} in the schema`, step.at)
}
