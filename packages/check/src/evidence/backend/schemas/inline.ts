/** Validation inside a function: `schema.parse(req.body)`, `await schema.validateAsync(value)`, `v.parse(schema, await c.req.json())`. */
import {
  type Frame,
  type FunctionNode,
  lastName,
  type Node,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { memberNode } from './chain.ts'
import { unheededIn } from './heeded.ts'
import { isLeftOut } from './left-out.ts'
import { bind, type From, type Origin, type Origins, originsIn, requestOf, TARGETS } from './origins.ts'
import { isPortcullisSchema } from './portcullis.ts'
import { isSchemaLibrary, shapeOf } from './schema-shape.ts'
import { keysOf } from './shape.ts'
import { isTakenAfter, type Skipped, skippedBy } from './skipped.ts'

export interface Validated {
  readonly from: From | 'all'
  /** It looks at these of it alone: `schema.parse(req.query.q)`, `schema.parse({ title: req.body.title })`. */
  readonly keys?: readonly string[]
  readonly schema: Node
  readonly scope: Scope
  readonly frame?: Frame | undefined
  /** The validation, where nobody looks at what it found; the `if` that answers what it found, and goes on. */
  readonly unheeded?: Node
  /** What decides whether it is asked at all. */
  readonly skipped?: Skipped
}

export interface Validation extends Validated {
  /** What is given to it. */
  readonly subject: Node
}

const VALIDATES =
  /^(?:parse|safeParse|parseAsync|safeParseAsync|spa|validate|validateAsync|validateSync|validateAt|isValid|isValidSync|Check|Parse|Decode|Assert|assert|is|create|mask|attempt|check|decode|cast|__call)$/

export const validatedInline = (
  reading: Reading,
  handler: FunctionNode,
  scope: Scope,
  frame?: Frame,
): readonly Validated[] =>
  validationsIn(reading, originsIn(reading, handler, scope, requestOf(handler), frame)).map(
    ({ subject: _, ...one }) => one,
  )

const DEEPEST = 2

export const validationsIn = (reading: Reading, origins: Origins, depth = 0): readonly Validation[] => {
  const found: Validation[] = []
  walk(origins.fn.body, (node) => {
    if (node.kind !== 'call') return
    const scope = origins.scopeOf(node)
    const own = validation(reading, origins, node, scope)
    if (own.length > 0) found.push(...own)
    else if (depth < DEEPEST) found.push(...inCalled(reading, origins, node, scope, depth))
  })
  const all = found.map((one): Validation => {
    const others = found.flatMap((each) => (each.subject !== one.subject && each.from === one.from ? each.subject : []))
    const skipped = skippedBy(reading, origins, { ...one, others, isCalled: depth > 0 })
    return skipped === undefined ? one : { ...one, skipped }
  })
  const heeded = new Set(all.flatMap((one) => (isIdle(one) ? [] : [one.from])))
  return all.filter((one) => !isIdle(one) || !heeded.has(one.from))
}

const isIdle = ({ unheeded, skipped }: Validated): boolean => unheeded !== undefined || skipped !== undefined

type CallNode = Extract<Node, { kind: 'call' }>

const validation = (reading: Reading, origins: Origins, node: CallNode, scope: Scope): readonly Validation[] => {
  const { frame } = origins
  const subject = node.args.find((one) => partsOf(origins, one).length > 0)
  if (subject === undefined) return []
  const candidates = [...validatorOf(reading, node, scope, frame), ...node.args]
  const isMade = isCompiled(reading.evaluator.value(node.callee, scope, frame))
  if (!isMade && !VALIDATES.test(lastName(node.callee) ?? '')) return []
  const schema = isMade
    ? node.callee
    : candidates.find(
        (one) =>
          one !== subject &&
          // `users.check(req.body.email, req.body.password)`: the one is no schema of the other.
          origins.of(one) === undefined &&
          isSchema(reading.evaluator.value(one, scope, frame), one === node.args[0] || node.callee.kind !== 'member'),
      )
  if (schema === undefined || isLeftOut(reading, schema, scope, frame)) return []
  const after = node.args.slice(node.args.indexOf(subject) + 1).filter((one) => one !== schema)
  const options = optionsAmong(reading, after, scope, frame)
  const whole = options === undefined ? schema : withOptions(schema, options)
  const unheeded = unheededIn(reading, origins, node)
  return partsOf(origins, subject).flatMap((part): readonly Validation[] => {
    const base = { scope, ...(frame ? { frame } : {}), ...(unheeded ? { unheeded } : {}), subject }
    if (part.from === 'request')
      return (split(reading, whole, scope, frame) ?? [{ from: 'all' as const, schema: whole, scope }]).map((one) => ({
        ...one,
        ...base,
      }))
    if (part.only !== undefined)
      return [{ from: part.from, keys: [part.only], schema: onlyKey(whole, part.only), ...base }]
    if (part.key === undefined)
      return [{ from: part.from, schema: whole, ...(part.picked ? { keys: [part.picked] } : {}), ...base }]
    const keys = keysOf(shapeOf(reading, reading.evaluator.value(schema, scope, frame)))
    if (keys.length > 0 && !keys.includes(part.key)) return []
    return [{ from: part.from, schema: memberNode(whole, part.key), ...base }]
  })
}

/** What stands before the dot, but for what has a function of the project's own there: `notes.create(req.body)` is looked into. */
const validatorOf = (
  { evaluator }: Reading,
  { callee }: CallNode,
  scope: Scope,
  frame: Frame | undefined,
): readonly Node[] =>
  callee.kind !== 'member' || evaluator.value(callee, scope, frame).kind === 'function' ? [] : [callee.object]

/** `ajv.compile(schema)` called. */
const isCompiled = (value: Value): boolean =>
  possibilities(value).some(
    (one) =>
      one.kind === 'external' &&
      /^(?:ajv|@sinclair\/typebox|typebox|@exodus\/schemasafe|is-my-json-valid|arktype|effect$|@effect\/schema)/.test(
        one.from,
      ) &&
      one.path.at(-1) === '()' &&
      // effect's `Schema.decodeUnknownSync(Note)` is what decodes.
      (one.from === 'arktype' || one.path.some((name) => /compile|validator|^(?:decode|validate|asserts)/i.test(name))),
  )

/** Whether a validation can be asked of it; of what nothing is known only where it stands before the dot. */
const isSchema = (value: Value, isArgument: boolean): boolean =>
  possibilities(value).some((one) => {
    if (one.kind === 'external')
      return (
        isPortcullisSchema(one) ||
        (isSchemaLibrary(one.from) && one.path.includes('()') && (!one.from.startsWith('ajv') || isCompiled(one)))
      )
    if (one.kind === 'object') return one.entries.size > 0
    return one.kind === 'unknown' && !isArgument && one.label?.at(-1) !== '()'
  })

/** What Joi is told beside a schema, where it is told: `{ abortEarly: false }`, also under a name. */
export const optionsAmong = (
  { evaluator }: Reading,
  args: readonly Node[],
  scope: Scope,
  frame: Frame | undefined,
): Node | undefined => {
  for (const one of args) {
    if (one.kind === 'object') return one
    const value = evaluator.value(one, scope, frame)
    if (value.kind === 'object' && value.node !== undefined) return value.node.node
  }
  return
}

/** `schema.validate(value, { allowUnknown: true })` is a schema with that preference. */
export const withOptions = (schema: Node, options: Node): Node => {
  const mentions =
    options.kind === 'object' &&
    options.entries.some(
      ({ key }) => key.kind === 'literal' && /^(?:allowUnknown|stripUnknown)$/.test(String(key.value)),
    )
  if (!mentions) return schema
  return {
    kind: 'call',
    callee: memberNode(schema, 'prefs'),
    args: [options],
    named: new Map(),
    constructs: false,
    typeArgs: [],
    at: schema.at,
  }
}

interface Part {
  readonly from: From | 'request'
  /** The key of the schema that it answers to, when several are given together. */
  readonly key?: string
  /** It is one value of the part: `schema.parse(req.params.id)`. */
  readonly only?: string
  /** It is one value of the part, beside others: `schema.parse({ title: req.body.title })`. */
  readonly picked?: string
}

/** A schema of one key: whatever else is in the part was not looked at. */
const onlyKey = (schema: Node, key: string): Node => {
  const { at } = schema
  const text = (value: string | boolean): Node => ({ kind: 'literal', value, at })
  const object = (entries: readonly (readonly [string, Node])[]): Node => ({
    kind: 'object',
    entries: entries.map(([name, value]) => ({ key: text(name), value })),
    spreads: [],
    at,
  })
  return object([
    ['type', text('object')],
    ['additionalProperties', text(false)],
    ['properties', object([[key, schema]])],
  ])
}

const partsOf = (origins: Origins, node: Node): readonly Part[] => {
  const origin = origins.of(node)
  if (origin?.kind === 'input')
    return [{ from: origin.from, ...(origin.key === undefined ? {} : { only: origin.key }) }]
  if (origin?.kind === 'request') return [{ from: 'request' }]
  if (node.kind === 'other' && node.children.length === 1 && node.children[0]) return partsOf(origins, node.children[0])
  if (node.kind !== 'object') return []
  return [
    ...node.entries.flatMap(({ key, value }): readonly Part[] => {
      const of = origins.of(value)
      if (of?.kind !== 'input' || key.kind !== 'literal') return []
      // `{ body: req.body }` is the part by its name; `{ id: req.params.id }` one value of it.
      return TARGETS[String(key.value)] !== undefined && of.key === undefined
        ? [{ from: of.from, key: String(key.value) }]
        : [{ from: of.from, ...(of.key === undefined ? {} : { picked: of.key }) }]
    }),
    ...node.spreads.flatMap((one) => partsOf(origins, one.kind === 'spread' ? one.operand : one)),
  ]
}

/** `{ body: schema, query: schema }` by its parts: an object, or a schema of the whole request. */
export const split = (
  reading: Reading,
  schema: Node,
  scope: Scope,
  frame: Frame | undefined,
): readonly Validated[] | undefined => {
  const value = reading.evaluator.value(schema, scope, frame)
  const keys = possibilities(value).flatMap((one) =>
    one.kind === 'object' ? [...one.entries.keys()] : one.kind === 'external' ? keysOf(shapeOf(reading, one)) : [],
  )
  const parts = [...new Set(keys)].filter((one) => TARGETS[one] !== undefined)
  if (
    parts.length === 0 ||
    !keys.every((one) => TARGETS[one] !== undefined || /^(?:headers?|cookies?|signedCookies|files?)$/.test(one))
  )
    return
  return parts.map((key) => ({
    from: TARGETS[key] as From,
    schema: memberNode(schema, key),
    scope,
    ...(frame ? { frame } : {}),
  }))
}

/** A function of the project that is given the request, or what was in it. */
const inCalled = (
  reading: Reading,
  origins: Origins,
  node: CallNode,
  scope: Scope,
  depth: number,
): readonly Validation[] => {
  const given = node.args.map((one) => origins.of(one))
  if (given.every((one) => one === undefined)) return []
  return possibilities(reading.evaluator.value(node.callee, scope, origins.frame)).flatMap((callee) => {
    if (callee.kind !== 'function' || callee.node === origins.fn) return []
    const names = new Map<string, Origin>()
    callee.node.parameters.forEach(({ target }, index) => {
      const origin = given[index]
      if (origin !== undefined) for (const [name, one] of bind(target, origin)) names.set(name, one)
    })
    const frame = reading.evaluator.frame(callee, { node, scope }, origins.frame)
    const inner = originsIn(reading, callee.node, callee.scope, names, frame)
    const first = node.args.find((one) => origins.of(one) !== undefined)
    return validationsIn(reading, inner, depth + 1).map(({ skipped, ...one }) => ({
      ...one,
      subject: first ?? one.subject,
      ...(skipped !== undefined && isTakenAfter(reading, origins, node) ? { skipped } : {}),
    }))
  })
}
