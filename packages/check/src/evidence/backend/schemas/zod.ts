/** Zod, 3 and 4, mini and with OpenAPI. An object drops unknown keys unless it is told to keep them. */
import type { Value } from '../../source/index.ts'
import { argOf, argsOf, type Chain, type Step } from './chain.ts'
import { isBoundingPattern } from './patterns.ts'
import { boundsLength, boundsNumber, makesNumber } from './predicates.ts'
import { type Context, fieldsOf, given, into, listed, maskOf, shapeOfArg, unionOf } from './readers.ts'
import { both, bounded, objects, type Shape, unread } from './shape.ts'

export const ZOD =
  /(?:^|[/@:])zod(?:@[^/]*)?(?:$|\/)|^@hono\/zod-openapi$|^@asteasolutions\/zod-to-openapi$|^nestjs-zod|^zod-openapi$|^@zod\/mini$/

const FIXED =
  /^(?:boolean|stringbool|date|enum|nativeEnum|literal|null|undefined|void|never|nan|symbol|file|instanceof|keyof|templateLiteral|success)$/
const FORMAT =
  /^(?:email|uuid\w*|guid|url|httpUrl|hostname|emoji|nanoid|cuid2?|ulid|ip|ipv[46]|mac|cidr|cidrv[46]|hash|hex|datetime|time|duration|e164|xid|ksuid|stringFormat|isoDate|isoTime|isoDatetime|isoDuration)$/
const NUMBER = /^(?:number|int|bigint|int64|uint64|float64)$/
const SMALL = /^(?:int32|uint32|float32)$/
const MAXIMUM = /^(?:max|length|lte?|maxLength|maxSize|size|maximum|negative|nonpositive|max_length)$/

export const zodShape = (context: Context, chain: Chain): Shape => {
  const steps = chain.steps.filter((one, index) => one.called || index > 0)
  const first = steps.findIndex((one) => one.called)
  const start = steps[first]
  if (start === undefined) return unread('it is no call of zod', chain.at)
  const iso = steps.slice(0, first).some((one) => one.name === 'iso')
  return zodSteps(context, started(context, start, iso), steps.slice(first + 1))
}

/** What follows a schema of zod: its methods, and members such as `.shape.body`. */
export const zodSteps = (context: Context, shape: Shape, steps: readonly Step[]): Shape =>
  steps.reduce((one, step) => (step.called ? modified(context, one, step) : into(one, step)), shape)

const started = (context: Context, step: Step, iso: boolean): Shape => {
  const { name, at } = step
  const arg = (index: number): Value | undefined => argOf(context.reading, step, index)
  if (iso || FORMAT.test(name)) return { kind: 'string', bounded: true, at }
  if (name === 'string' || /^(?:base64|base64url|jwt)$/.test(name)) return { kind: 'string', bounded: false, at }
  if (NUMBER.test(name)) return { kind: 'number', bounded: false, at }
  if (SMALL.test(name)) return { kind: 'number', bounded: true, at }
  if (FIXED.test(name)) return { kind: 'fixed', at }
  switch (name) {
    case 'object':
    case 'strictObject':
    case 'looseObject':
    case 'interface':
      return {
        kind: 'object',
        closed: name !== 'looseObject',
        drops: name === 'object' || name === 'interface',
        fields: fieldsOf(context, arg(0)),
        at,
      }
    case 'array':
    case 'set':
      return { kind: 'array', bounded: false, items: [shapeOfArg(context, arg(0), at)], at }
    case 'tuple':
      return { kind: 'array', bounded: arg(1) === undefined, items: listed(context, arg(0)), at }
    case 'record':
    case 'partialRecord':
    case 'map': {
      const [key, value] = arg(1) === undefined ? [undefined, arg(0)] : [arg(0), arg(1)]
      const keys = key === undefined ? undefined : context.shape(key)
      return {
        kind: 'object',
        closed: keys?.kind === 'fixed',
        fields: new Map(value ? [['*', context.shape(value)]] : []),
        at,
      }
    }
    case 'union':
    case 'xor':
      return unionOf(listed(context, arg(0)), at)
    case 'discriminatedUnion':
      return unionOf(listed(context, arg(1)), at)
    case 'intersection':
      return both(shapeOfArg(context, arg(0), at), shapeOfArg(context, arg(1), at))
    case 'optional':
    case 'nullable':
    case 'nullish':
    case 'promise':
    case 'effects':
    case 'readonly':
    case 'catch':
    case 'prefault':
    case 'partial':
    case 'required':
    case '_default':
    case 'nonoptional':
      return shapeOfArg(context, arg(0), at)
    case 'lazy':
      return shapeOfArg(context, given(context.reading, arg(0), undefined), at)
    case 'preprocess':
      return shapeOfArg(context, arg(1), at)
    case 'pipe':
    case 'pipeline':
      return piped(shapeOfArg(context, arg(0), at), shapeOfArg(context, arg(1), at))
    case 'codec':
      return shapeOfArg(context, arg(0), at)
    case 'extend':
    case 'safeExtend':
      return extended(context, shapeOfArg(context, arg(0), at), arg(1))
    case 'pick':
    case 'omit':
      return masked(shapeOfArg(context, arg(0), at), maskOf(arg(1)), name === 'pick')
    case 'any':
    case 'unknown':
    case 'json':
    case 'custom':
    case 'transform':
    case 'function':
      return { kind: 'any', at }
    default:
      return unread(`z.${name}`, at)
  }
}

const modified = (context: Context, shape: Shape, step: Step): Shape => {
  const { name, at } = step
  const arg = (index: number): Value | undefined => argOf(context.reading, step, index)
  if (MAXIMUM.test(name) || FORMAT.test(name)) return bounded(shape)
  if (name === 'regex') return isBoundingPattern(arg(0)) ? bounded(shape) : shape
  switch (name) {
    case 'passthrough':
    case 'loose':
      return objects(shape, (one) => ({ ...one, closed: false, at }))
    case 'catchall': {
      const rest = shapeOfArg(context, arg(0), at)
      return objects(shape, (one) => ({ ...one, closed: rest.kind === 'fixed', drops: false, at }))
    }
    case 'strict':
    case 'strip':
      return objects(shape, (one) => ({
        ...one,
        closed: name === 'strip' || !isNotStrict(arg(0)),
        drops: name === 'strip',
      }))
    case 'extend':
    case 'safeExtend':
    case 'augment':
      return extended(context, shape, arg(0))
    case 'setKey':
      return shape
    case 'merge': {
      const other = shapeOfArg(context, arg(0), at)
      return shape.kind === 'object' && other.kind === 'object'
        ? { ...other, fields: new Map([...shape.fields, ...other.fields]) }
        : both(shape, other)
    }
    case 'and':
      return both(shape, shapeOfArg(context, arg(0), at))
    case 'or':
      return unionOf([shape, shapeOfArg(context, arg(0), at)], at)
    case 'pick':
    case 'omit':
      return masked(shape, maskOf(arg(0)), name === 'pick')
    case 'keyof':
      return { kind: 'fixed', at }
    case 'array':
      return { kind: 'array', bounded: false, items: [shape], at }
    case 'enum':
    case 'exclude':
    case 'extract':
      return { kind: 'fixed', at }
    case 'pipe':
      return piped(shape, shapeOfArg(context, arg(0), at))
    case 'transform':
      return shape.kind === 'string' && !shape.bounded && makesNumber(arg(0))
        ? { kind: 'number', bounded: false, at: shape.at }
        : shape
    case 'refine':
    case 'superRefine':
    case 'refinement':
      return refined(shape, arg(0), name !== 'refine')
    case 'check':
    case 'with':
      return argsOf(context.reading, step).reduce((one, check) => checked(context, one, check), shape)
    default:
      return shape
  }
}

/** `.strict(false)` of old versions. */
const isNotStrict = (value: Value | undefined): boolean => value?.kind === 'literal' && value.value === false

const checked = (context: Context, shape: Shape, check: Value): Shape => {
  if (check.kind !== 'external') return check.kind === 'function' ? refined(shape, check, true) : shape
  const name = check.path.filter((one) => one !== '()').at(-1) ?? ''
  if (name === 'regex') {
    const [given] = check.call?.node.args ?? []
    const pattern = given && check.call && context.reading.evaluator.value(given, check.call.scope, check.frame)
    return isBoundingPattern(pattern) ? bounded(shape) : shape
  }
  return MAXIMUM.test(name) || FORMAT.test(name) ? bounded(shape) : shape
}

const refined = (shape: Shape, check: Value | undefined, refuses: boolean): Shape => {
  if (shape.kind === 'number') return boundsNumber(check, refuses) ? bounded(shape) : shape
  return (shape.kind === 'string' || shape.kind === 'array') && boundsLength(check, refuses) ? bounded(shape) : shape
}

/** A string that goes on into another schema: the bound of either counts, what it becomes is the second's. */
const piped = (first: Shape, second: Shape): Shape => {
  if (second.kind === 'any' || second.kind === 'unread') return first
  return first.kind === 'string' && first.bounded && second.kind === 'string' ? first : second
}

const extended = (context: Context, shape: Shape, added: Value | undefined): Shape => {
  const fields = fieldsOf(context, added)
  return objects(shape, (one) => ({ ...one, fields: new Map([...one.fields, ...fields]) }))
}

export const masked = (shape: Shape, mask: ReadonlySet<string>, keeps: boolean): Shape =>
  objects(shape, (one) => ({ ...one, fields: new Map([...one.fields].filter(([key]) => mask.has(key) === keeps)) }))
