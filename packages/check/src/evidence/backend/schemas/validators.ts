/** Middleware that validates: of packages, and of the project's own. */
import { type Frame, lastName, type Node, possibilities, type Scope, type Value, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { argOf, type Chain, chainOf, type External, type Step, textOf, textsIn } from './chain.ts'
import { EXPRESS_VALIDATOR } from './express-validator.ts'
import { unheededIn } from './heeded.ts'
import { optionsAmong, split, type Validated, validationsIn, withOptions } from './inline.ts'
import { JOI } from './joi.ts'
import { type From, originsIn, requestOf, TARGETS } from './origins.ts'
import { isSchemaLibrary, shapeOf } from './schema-shape.ts'

export type { Validated } from './inline.ts'

/** What a middleware validates; undefined where it is no validator. */
export const validatedBy = (
  reading: Reading,
  value: Value,
  node: Node,
  scope: Scope,
): readonly Validated[] | undefined => {
  const found = possibilities(value).flatMap((one) => validatedByOne(reading, one, node, scope) ?? [])
  return found.length === 0 ? undefined : found
}

const validatedByOne = (reading: Reading, value: Value, node: Node, scope: Scope): readonly Validated[] | undefined => {
  switch (value.kind) {
    case 'list':
      return value.items.flatMap((one) => validatedBy(reading, one, node, scope) ?? [])
    case 'external':
      return ofPackage(reading, value)
    case 'function':
      return ofProject(reading, value)
    default:
      return
  }
}

const HONO = /^@hono\/|^hono\/validator$|^hono-openapi/
const HONO_VALIDATOR = /^(?:\w*[vV]alidator|describeInput)$/
const OTHERS = /valid|celebrate|zod|joi|yup|schema|openapi/i

const ofPackage = (reading: Reading, value: External): readonly Validated[] | undefined => {
  const chain = chainOf(reading, value)
  const { from } = chain
  if (EXPRESS_VALIDATOR.test(from)) return ofExpressValidator(reading, chain, value)
  const step = chain.steps.findLast((one) => one.called)
  if (step?.call === undefined) return
  if (HONO.test(from)) return HONO_VALIDATOR.test(step.name) ? ofHono(reading, step) : undefined
  if (from === 'celebrate') return ofCelebrate(reading, chain)
  if (!OTHERS.test(from) || isBareSchema(from, step)) return
  const schema = step.call.node.args.find((one) => one.kind !== 'literal')
  if (schema === undefined) return
  const located = { scope: step.call.scope, ...(step.frame ? { frame: step.frame } : {}) }
  const parts = split(reading, schema, step.call.scope, step.frame)
  if (parts !== undefined) return parts
  const target = Object.keys(TARGETS).find((one) => step.name.toLowerCase().endsWith(one.toLowerCase()))
  if (target === undefined && !/valid|check|process/i.test(step.name)) return
  return [{ from: target === undefined ? 'body' : (TARGETS[target] as From), schema, ...located }]
}

/** `z.object(…)` is no middleware. */
const isBareSchema = (from: string, step: Step): boolean =>
  isSchemaLibrary(from) && !/valid|process|middleware/i.test(`${from}${step.name}`)

const ofHono = (reading: Reading, step: Step): readonly Validated[] | undefined => {
  const { call, frame } = step
  const target = TARGETS[textOf(argOf(reading, step, 0)) ?? '']
  const schema = call?.node.args[1]
  if (call === undefined || target === undefined || schema === undefined) return []
  const value = argOf(reading, step, 1)
  // hono/validator: a function that is given the value, and checks it itself.
  if (value?.kind === 'function') {
    const parameter = value.node.parameters[0]?.target
    const names = new Map(
      parameter?.kind === 'name' ? [[parameter.name, { kind: 'input' as const, from: target }]] : [],
    )
    const inside = validationsIn(reading, originsIn(reading, value.node, value.scope, names, value.frame)).map(
      ({ subject: _, ...one }) => one,
    )
    return inside.length > 0 ? inside : [{ from: target, schema, scope: call.scope, ...(frame ? { frame } : {}) }]
  }
  return [{ from: target, schema, scope: call.scope, ...(frame ? { frame } : {}) }]
}

/** `celebrate(schemas, options)`, and `celebrator({ reqContext: true }, options, schemas)`, which takes them one call at a time too. */
const ofCelebrate = (reading: Reading, { steps }: Chain): readonly Validated[] | undefined => {
  const first = steps.findIndex(({ name }) => /^celebrat(?:e|or)$/.test(name))
  if (first === -1) return
  const given = steps
    .slice(first)
    .flatMap(({ call, frame }) => (call?.node.args ?? []).map((node) => ({ node, call, frame })))
  const [, second, third] = given
  const [schemas, told] = steps[first]?.name === 'celebrator' ? [third, second] : [given[0], second]
  if (schemas?.call === undefined) return []
  const options = told?.call && optionsAmong(reading, [told.node], told.call.scope, told.frame)
  return ofSegments(reading, schemas.node, schemas.call.scope, schemas.frame, options)
}

/** `{ [Segments.BODY]: schema }`; the computed keys are read as they are written. */
const ofSegments = (
  reading: Reading,
  located: Node,
  scope: Scope,
  frame: Frame | undefined,
  options: Node | undefined,
): readonly Validated[] => {
  const value = reading.evaluator.value(located, scope, frame)
  const object = value.kind === 'object' ? value.node : undefined
  if (object?.node.kind !== 'object') return split(reading, located, scope, frame) ?? []
  return object.node.entries.flatMap(({ key, value: schema }): readonly Validated[] => {
    const name = key.kind === 'literal' ? String(key.value) : (lastName(key) ?? '').toLowerCase()
    const from = TARGETS[name]
    const told = options === undefined ? schema : withOptions(schema, options)
    return from === undefined ? [] : [{ from, schema: told, scope: object.scope, ...(frame ? { frame } : {}) }]
  })
}

const ofExpressValidator = (reading: Reading, chain: Chain, value: External): readonly Validated[] | undefined => {
  const start = chain.steps.find((one) => one.called)
  if (
    start === undefined ||
    value.call === undefined ||
    start.name === 'validationResult' ||
    start.name === 'matchedData'
  )
    return
  const schema = value.call.node
  const located = { schema, scope: value.call.scope, ...(value.frame ? { frame: value.frame } : {}) }
  switch (start.name) {
    case 'body':
      return [{ from: 'body', ...located }]
    case 'query':
      return [{ from: 'query', ...located }]
    case 'param':
      return [{ from: 'path', ...located }]
    case 'check':
      return [{ from: 'all', ...located }]
    case 'checkSchema': {
      const first = argOf(reading, start, 0)
      const fields = first?.kind === 'object' ? [...first.entries.values()] : []
      const places = textsIn(argOf(reading, start, 1)).concat(
        fields.flatMap((one) => (one.kind === 'object' ? textsIn(one.entries.get('in')) : [])),
      )
      const froms = new Set(places.flatMap((one) => TARGETS[one] ?? []))
      return froms.size === 0 ? [{ from: 'all', ...located }] : [...froms].map((from) => ({ from, ...located }))
    }
    case 'checkExact':
    case 'oneOf': {
      const inner = argOf(reading, start, 0)
      const parts = inner === undefined ? undefined : validatedBy(reading, inner, schema, value.call.scope)
      const froms = new Set((parts ?? []).map((one) => one.from))
      return froms.size === 0 ? [{ from: 'all', ...located }] : [...froms].map((from) => ({ from, ...located }))
    }
    default:
      return
  }
}

type FunctionValue = Extract<Value, { kind: 'function' }>

const ofProject = (reading: Reading, value: FunctionValue): readonly Validated[] | undefined => {
  const inside = validationsIn(
    reading,
    originsIn(reading, value.node, value.scope, requestOf(value.node), value.frame),
  ).map(({ subject: _, ...one }) => one)
  if (inside.length > 0) return inside
  return value.frame === undefined ? undefined : byParameters(reading, value, value.frame)
}

const VALIDATES =
  /^(?:parse|safeParse|parseAsync|safeParseAsync|validate|validateAsync|validateSync|validationResult|run|check|Check|assert|compile|Parse|Decode|is|isValid)$/

/** Joi's ways to be told of keys that a schema does not name. */
const PREFERS = /^(?:prefs|preferences|options|validate|validateAsync)$/

const preferring = (reading: Reading, { schema, scope, frame }: Validated, preferred: Node | undefined): Node => {
  const isJoi = possibilities(reading.evaluator.value(schema, scope, frame)).every(
    (one) => one.kind === 'external' && JOI.test(chainOf(reading, one).from),
  )
  return preferred !== undefined && isJoi ? withOptions(schema, preferred) : schema
}

/** A middleware whose loop over `req[part]` nobody can follow: what it was made with says what it checks. */
const byParameters = (reading: Reading, value: FunctionValue, frame: Frame): readonly Validated[] | undefined => {
  let validates = false
  let unheeded: Node | undefined
  let preferred: Node | undefined
  const origins = originsIn(reading, value.node, value.scope, requestOf(value.node), frame)
  const named = new Set<From>()
  walk(value.node.body, (one) => {
    if (one.kind === 'call' && VALIDATES.test(lastName(one.callee) ?? '')) {
      const lost = unheededIn(reading, origins, one)
      if (lost === undefined) validates = true
      else unheeded = lost
    }
    if (one.kind === 'call' && PREFERS.test(lastName(one.callee) ?? ''))
      preferred ??= optionsAmong(reading, one.args, origins.scopeOf(one), frame)
    if (one.kind === 'member' && one.object.kind === 'name' && one.property.kind === 'literal') {
      const from = TARGETS[String(one.property.value)]
      if (from !== undefined) named.add(from)
    }
  })
  if (!validates && unheeded === undefined) return
  const dropped = validates || unheeded === undefined ? {} : { unheeded }
  const targets = new Set(
    [...frame.parameters.values()].flatMap((one) => textsIn(one).flatMap((text) => TARGETS[text] ?? [])),
  )
  const found: Validated[] = []
  for (const [name, given] of frame.parameters) {
    if (possibilities(given).every((one) => one.kind === 'literal' || one.kind === 'function')) continue
    const chains = possibilities(given).some(
      (one) => one.kind === 'list' || (one.kind === 'external' && EXPRESS_VALIDATOR.test(one.from)),
    )
    const schema: Node = { kind: 'name', name, at: given.at }
    if (chains) {
      found.push(...(validatedBy(reading, given, schema, value.scope) ?? []))
      continue
    }
    const parts = split(reading, schema, value.scope, frame)
    if (parts !== undefined)
      found.push(...parts.map((one) => ({ ...one, schema: preferring(reading, one, preferred), ...dropped })))
    else if (shapeOf(reading, given).kind !== 'unread' || given.kind === 'unknown') {
      const froms = targets.size > 0 ? targets : named
      for (const from of froms.size > 0 ? froms : (['body'] as const))
        found.push({ from, schema, scope: value.scope, frame, ...dropped })
    }
  }
  return found.length === 0 ? undefined : found
}
