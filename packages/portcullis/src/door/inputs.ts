import { z } from 'zod'
import type { Checked, SchemaFinding, TextPlace } from '../layers/validation/index.ts'
import { auditSchema, compileSchema, field, isFieldId, membersWithoutText } from '../layers/validation/index.ts'

/** The JSON Schemas of a route's inputs; undefined where the route has none. */
export interface RouteInputs {
  readonly methods: readonly string[]
  readonly path: string
  readonly body: object | undefined
  readonly params: object | undefined
  readonly query: object | undefined
  /** Only looked at for what no text fits: every request has header fields that nobody describes. */
  readonly headers: object | undefined
  /** True when they were written in JSON Schema, and not in zod. */
  readonly foreign: boolean
  /** Whether what checks JSON Schemas makes of a text what they take. */
  readonly converts: boolean
  /** What only zod tells: members that no text fits, and those of a body in JSON that take what they should refuse. */
  readonly mistaken: readonly SchemaFinding[]
}

/** What stops the start outside development unless it is waived by name: `POST /orders body/note`. */
export interface InputFinding {
  readonly name: string
  readonly problem: string
  /** What to write instead. */
  readonly mend?: string
}

/** What the start makes of them. */
export interface InputReport {
  /** Stop the start, everywhere. */
  readonly faults: readonly string[]
  readonly findings: readonly InputFinding[]
}

/** In zod's words, for who wrote the schema in zod: the audit speaks of the JSON Schema that is made of it. */
const MENDS: readonly (readonly [problem: RegExp, mend: string])[] = [
  [/^is coerced/, 'write it without .coerce: JSON has numbers and true and false of its own'],
  [/^is caught/, 'write it without .catch: what is wrong is refused; what is left out may have a .default'],
  [/^is a string/, 'write .max(n), or field.line(n), field.text(n), field.email'],
  [/^is a number/, 'write .min(n).max(n), or field.integer(min, max)'],
  [/^is an array/, 'write .max(n)'],
  [/^is an object/, 'write z.strictObject({ … })'],
  [/^is a record/, 'write z.strictObject({ … }), or z.array(z.strictObject({ name, value })).max(n)'],
  [
    /^takes anything/,
    'say what it is (JSON has no dates, sets or bigints: z.iso.date(), z.array(…), field.integer(…))',
  ],
]

const RENAME: readonly [RegExp, string] = [
  /^has a name/,
  'call it otherwise: __proto__, constructor and prototype lead to prototypes',
]

const HOLD_TEXT = 'a path, a query and header fields hold text: write'
const ZOD_TEXT = `${HOLD_TEXT} z.string().max(n).regex(…).transform(Number), or z.enum([…]).transform(…)`

/** Of JSON Schema only what its author can hardly know: that its validator, told to convert nothing, does so in no place. */
const JSON_MENDS: readonly (readonly [problem: RegExp, mend: string])[] = [
  [/^takes whatever is no object/, "write type: 'object' beside its properties"],
  [/^takes whatever is no array/, "write type: 'array' beside its items"],
  [/^takes no text/, `${HOLD_TEXT} type: 'string' with a maxLength and a pattern`],
  [/^takes a list alone/, "write anyOf: [{ type: 'string', maxLength, pattern }, { type: 'array', maxItems, items }]"],
]

const mendOf = (where: string, problem: string, foreign: boolean): { readonly mend?: string } => {
  if (!foreign && /^(?:is a number|takes no text)/.test(problem) && !/^body\b/.test(where)) return { mend: ZOD_TEXT }
  const mend = [RENAME, ...(foreign ? JSON_MENDS : MENDS)].find(([known]) => known.test(problem))?.[1]
  return mend === undefined ? {} : { mend }
}

const WITH_BODY = ['POST', 'PUT', 'PATCH', 'QUERY']

/** Audits the inputs of a route. API8:2023, ASVS 2.2.1: a value that nobody described is a value that nobody checks. */
export const auditInputs = (inputs: RouteInputs): InputReport => {
  const { methods, path, body, params, query, foreign, mistaken } = inputs
  const name = `${methods.join(',')} ${path}`
  const open = body === undefined && methods.some((method) => WITH_BODY.includes(method))
  const mend = methods.includes('GET')
    ? 'register GET and HEAD apart, and give the others schema.body'
    : 'give it schema.body, or schema.body: noBody when it takes none'
  const faults = open ? [`${name} takes a body and has no schema for it: ${mend}.`] : []
  const findings = Object.entries({ body, params, query })
    .filter(([, schema]) => schema !== undefined)
    .flatMap(([where, schema]) => auditSchema(schema, where, foreign))
    .concat(mistaken, foreign && !inputs.converts ? withoutText(inputs) : [])
    .map(({ where, problem }) => ({ name: `${name} ${where}`, problem, ...mendOf(where, problem, foreign) }))
  return { faults, findings }
}

const withoutText = ({ params, query, headers }: RouteInputs): readonly SchemaFinding[] =>
  Object.entries({ params, query, headers }).flatMap(([place, schema]) =>
    schema === undefined ? [] : membersWithoutText(schema, place as TextPlace),
  )

/** The schema of a route that takes no body (a POST that only does something). */
export const noBody: z.ZodType = z.undefined()

/** For a route without a schema for its query: no parameter at all. */
export const noQuery: z.ZodType = z.strictObject({})

const PLAIN = {
  value: field.id,
  optional: field.id.or(z.literal('')).optional(),
  wildcard: field.line(1024).or(z.literal('')),
}

/**
 * For a route without a schema for its path: each value an id, `^[A-Za-z0-9_-]{1,64}$`; a wildcard one line of text. The same one for all
 * whose values have the same names.
 */
export const plainParams = (path: string): z.ZodType => {
  const values = [...valuesIn(path)]
  const key = JSON.stringify(values)
  const known = plainOf.get(key)
  if (known !== undefined) return known
  const schema = z.strictObject(Object.fromEntries(values.map(([name, kind]) => [name, PLAIN[kind]])))
  plainOf.set(key, schema)
  plain.set(schema, new Set(values.map(([name]) => name)))
  return schema
}

/** By the values' names and kinds; as many as applications have such paths. */
const plainOf = new Map<string, z.ZodType>()

/** The values in a path by their names: `/orders/:id`, `/files/*`. */
const valuesIn = (path: string): ReadonlyMap<string, 'value' | 'optional' | 'wildcard'> => {
  const named = path.replaceAll('::', '').matchAll(/:([A-Za-z0-9_]+)(?:\([^)]*\))?(\?)?/g)
  return new Map([
    ...[...named].map(([, name = '', optional]) => [name, optional === undefined ? 'value' : 'optional'] as const),
    ...(path.includes('*') ? ([['*', 'wildcard']] as const) : []),
  ])
}

/**
 * What is wrong with the names in a schema of a path's values: each request would be refused, one by one, and nobody told why.
 *
 * @param params JSON Schema
 */
export const paramsFault = (path: string, params: object): string | undefined => {
  const { properties, required = [] } = params as {
    readonly properties?: object
    readonly required?: readonly string[]
  }
  if (properties === undefined) return undefined
  const values = valuesIn(path)
  const strange = required.filter((name) => !values.has(name))
  const missing = [...values.keys()].filter((name) => !Object.hasOwn(properties, name))
  const open = (params as { readonly additionalProperties?: unknown }).additionalProperties
  if (strange.length === 0 && (missing.length === 0 || (open !== undefined && open !== false))) return undefined
  return `schema.params describes ${Object.keys(properties).join(', ') || 'nothing'}, and the path has ${[...values.keys()].join(', ') || 'no values'}`
}

/** The names in each path that no route describes. */
const plain = new WeakMap<z.ZodType, ReadonlySet<string>>()

/**
 * Prepares the check of an input, as `compileSchema` does. Where no route describes it the usual values are known without zod: no query,
 * and nothing but ids in a path.
 *
 * @throws as compileSchema does
 */
export const compileInput = (schema: z.ZodType): ((value: unknown) => Checked) => {
  const names = plain.get(schema)
  if (schema !== noQuery && names === undefined) return compileSchema(schema)
  const usual = names === undefined ? nothing : ids(names)
  let check: ReturnType<typeof compileSchema> | undefined
  return (value) => {
    const known = usual(value as Values)
    if (known !== undefined) return { ok: true, value: known }
    // Not at the start: nearly every route would have one that is never used.
    check ??= compileSchema(schema)
    return check(value)
  }
}

/** What the router and its parser of queries answer. */
type Values = Readonly<Record<string, string>>

const nothing = (values: Values): Values | undefined => {
  for (const _ in values) return undefined
  return values
}

/** Answers an object of the usual kind, as zod does: the router's has no prototype. */
const ids =
  (names: ReadonlySet<string>) =>
  (values: Values): Values | undefined => {
    const answer: Record<string, string> = {}
    for (const name in values) {
      const value = values[name] ?? ''
      if (!names.has(name) || !isFieldId(value)) return undefined
      answer[name] = value
    }
    return answer
  }
