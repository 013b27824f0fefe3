import { z } from 'zod'
import type { Checked } from '../layers/validation/index.ts'
import { auditSchema, compileSchema, field, isFieldId } from '../layers/validation/index.ts'

/** The JSON Schemas of a route's inputs; undefined where the route has none. */
export interface RouteInputs {
  readonly methods: readonly string[]
  readonly path: string
  readonly body: object | undefined
  readonly params: object | undefined
  readonly query: object | undefined
}

/** What the start makes of them. */
export interface InputReport {
  /** Stop the start, everywhere. */
  readonly faults: readonly string[]
  /** Stop the start outside development unless waived by name: `POST /orders body/note`. */
  readonly findings: readonly { readonly name: string; readonly problem: string }[]
}

const WITH_BODY = ['POST', 'PUT', 'PATCH', 'QUERY']

/** Audits the inputs of a route. API8:2023, ASVS 2.2.1: a value that nobody described is a value that nobody checks. */
export const auditInputs = ({ methods, path, body, params, query }: RouteInputs): InputReport => {
  const name = `${methods.join(',')} ${path}`
  const open = body === undefined && methods.some((method) => WITH_BODY.includes(method))
  const mend = methods.includes('GET')
    ? 'register GET and HEAD apart, and give the others schema.body'
    : 'give it schema.body, or schema.body: noBody when it takes none'
  const faults = open ? [`${name} takes a body and has no schema for it: ${mend}.`] : []
  const findings = Object.entries({ body, params, query })
    .filter(([, schema]) => schema !== undefined)
    .flatMap(([where, schema]) => auditSchema(schema, where))
    .map((finding) => ({ name: `${name} ${finding.where}`, problem: finding.problem }))
  return { faults, findings }
}

/** The schema of a route that takes no body (a POST that only does something). */
export const noBody: z.ZodType = z.undefined()

/** For a route without a schema for its query: no parameter at all. */
export const noQuery: z.ZodType = z.strictObject({})

/** For a route without a schema for its path: each value an id, `^[A-Za-z0-9_-]{1,64}$`; a wildcard one line of text. */
export const plainParams = (path: string): z.ZodType => {
  const named = path.replaceAll('::', '').matchAll(/:([A-Za-z0-9_]+)(?:\([^)]*\))?(\?)?/g)
  const shape = Object.fromEntries(
    [...named].map(([, name, optional]) => [
      name as string,
      optional === undefined ? field.id : field.id.or(z.literal('')).optional(),
    ]),
  )
  const whole = path.includes('*') ? { ...shape, '*': field.line(1024).or(z.literal('')) } : shape
  const schema = z.strictObject(whole)
  plain.set(schema, new Set(Object.keys(whole)))
  return schema
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

const nothing = (values: Values): Values | undefined => (Object.keys(values).length === 0 ? values : undefined)

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
