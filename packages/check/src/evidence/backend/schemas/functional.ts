/** Valibot and superstruct: schemas as functions of schemas. */
import type { Value } from '../../source/index.ts'
import { argOf, argsOf, type Chain, type Step } from './chain.ts'
import { isBoundingPattern } from './patterns.ts'
import { boundsLength, boundsNumber, makesNumber } from './predicates.ts'
import { type Context, fieldsOf, given, into, listed, maskOf, shapeOfArg, unionOf } from './readers.ts'
import { both, bounded, type Shape, unread } from './shape.ts'
import { masked } from './zod.ts'

export const VALIBOT = /^(?:valibot|@valibot\/.*)$/
export const SUPERSTRUCT = /^superstruct$/

const ACTION_BOUND =
  /^(?:maxLength|length|maxValue|ltValue|maxSize|size|email|rfcEmail|uuid|url|regex|isoDate|isoTime|isoDateTime|isoTimestamp|ip|ipv[46]|mac|nanoid|cuid2|ulid|hexColor|hash|emoji|imei|bic|creditCard|values?|maxGraphemes|maxBytes|maxWords|octal|digits)$/

export const functionalShape = (context: Context, chain: Chain): Shape => {
  const first = chain.steps.findIndex((one) => one.called)
  const start = chain.steps[first]
  if (start === undefined) return unread('it is no call of a schema', chain.at)
  const made = SUPERSTRUCT.test(chain.from) ? struct(context, start) : valibot(context, start)
  return chain.steps.slice(first + 1).reduce((shape, step) => (step.called ? shape : into(shape, step)), made)
}

const common = (context: Context, step: Step): Shape | undefined => {
  const { name, at } = step
  const arg = (index: number): Value | undefined => argOf(context.reading, step, index)
  switch (name) {
    case 'string':
    case 'nonempty':
      return { kind: 'string', bounded: false, at }
    case 'number':
    case 'bigint':
    case 'integer':
      return { kind: 'number', bounded: false, at }
    case 'boolean':
    case 'date':
    case 'literal':
    case 'enum':
    case 'enum_':
    case 'enums':
    case 'picklist':
    case 'null':
    case 'null_':
    case 'undefined':
    case 'undefined_':
    case 'never':
    case 'instance':
    case 'file':
    case 'blob':
    case 'keyof':
      return { kind: 'fixed', at }
    case 'array':
    case 'set':
      return { kind: 'array', bounded: false, items: arg(0) ? [shapeOfArg(context, arg(0), at)] : [], at }
    case 'tuple':
      return { kind: 'array', bounded: true, items: listed(context, arg(0)), at }
    case 'record':
    case 'map':
      return {
        kind: 'object',
        closed: arg(0) !== undefined && context.shape(arg(0) as Value).kind === 'fixed',
        fields: new Map(arg(1) ? [['*', shapeOfArg(context, arg(1), at)]] : []),
        at,
      }
    case 'optional':
    case 'exactOptional':
    case 'nullable':
    case 'nullish':
    case 'undefinedable':
    case 'partial':
    case 'required':
    case 'readonly':
    case 'defaulted':
    case 'fallback':
    case 'nonOptional':
    case 'nonNullable':
    case 'nonNullish':
    case 'trimmed':
    case 'deprecated':
    case 'config':
    case 'message':
      return shapeOfArg(context, arg(0), at)
    case 'union':
      return unionOf(
        (arg(0)?.kind === 'list' ? [arg(0) as Value] : argsOf(context.reading, step)).flatMap((one) =>
          listed(context, one),
        ),
        at,
      )
    case 'variant':
      return unionOf(listed(context, arg(1)), at)
    case 'intersect':
    case 'intersection':
      return listed(context, arg(0)).reduce<Shape>(both, { kind: 'any', at })
    case 'pick':
    case 'omit':
      return masked(shapeOfArg(context, arg(0), at), maskOf(arg(1)), name === 'pick')
    case 'lazy':
    case 'dynamic':
      return shapeOfArg(context, given(context.reading, arg(0), undefined), at)
    case 'any':
    case 'unknown':
    case 'custom':
      return { kind: 'any', at }
    default:
      return
  }
}

const valibot = (context: Context, step: Step): Shape => {
  const { name, at } = step
  const arg = (index: number): Value | undefined => argOf(context.reading, step, index)
  switch (name) {
    case 'object':
    case 'strictObject':
    case 'looseObject':
    case 'objectWithRest':
      return {
        kind: 'object',
        closed: name === 'object' || name === 'strictObject',
        drops: name === 'object',
        fields: fieldsOf(context, arg(0)),
        at,
      }
    case 'pipe':
    case 'pipeAsync': {
      const [first, ...actions] = argsOf(context.reading, step)
      return actions.reduce<Shape>((shape, action) => acted(context, shape, action), shapeOfArg(context, first, at))
    }
    default:
      return common(context, { ...step, name: name.replace(/Async$/, '') }) ?? unread(`valibot's ${name}`, at)
  }
}

const acted = (context: Context, shape: Shape, action: Value): Shape => {
  if (action.kind !== 'external') return shape
  const name = action.path.filter((one) => one !== '()').at(-1) ?? ''
  const argument = action.call?.node.args[0]
  const value =
    argument && action.call ? context.reading.evaluator.value(argument, action.call.scope, action.frame) : undefined
  if (ACTION_BOUND.test(name)) return name === 'regex' && !isBoundingPattern(value) ? shape : bounded(shape)
  if (name === 'check')
    return (shape.kind === 'number' ? boundsNumber(value, false) : boundsLength(value, false)) ? bounded(shape) : shape
  if (
    shape.kind === 'string' &&
    (name === 'toNumber' || name === 'decimal' || (name === 'transform' && makesNumber(value)))
  )
    return name === 'decimal' ? shape : { kind: 'number', bounded: shape.bounded, at: shape.at }
  // Another schema in the pipe: what it says counts too.
  const next = /^(?:string|number|bigint|boolean|date|picklist|enum_?|object|strictObject|array|union|pipe)$/.test(name)
    ? context.shape(action)
    : undefined
  return next ?? shape
}

const struct = (context: Context, step: Step): Shape => {
  const { name, at } = step
  const arg = (index: number): Value | undefined => argOf(context.reading, step, index)
  switch (name) {
    case 'object':
      return { kind: 'object', closed: arg(0) !== undefined, fields: fieldsOf(context, arg(0)), at }
    case 'type':
      return { kind: 'object', closed: false, fields: fieldsOf(context, arg(0)), at }
    case 'assign':
      return argsOf(context.reading, step)
        .map((one) => context.shape(one))
        .reduce<Shape>(both, { kind: 'any', at })
    case 'pattern':
      if (!isBoundingPattern(arg(1))) return shapeOfArg(context, arg(0), at)
      return bounded(shapeOfArg(context, arg(0), at))
    case 'size':
    case 'max':
      return bounded(shapeOfArg(context, arg(0), at))
    case 'min':
    case 'refine':
    case 'coerce':
      return shapeOfArg(context, arg(0), at)
    case 'define':
      return { kind: 'any', at }
    default:
      return common(context, step) ?? unread(`superstruct's ${name}`, at)
  }
}
