import { z } from 'zod'
import { atOnce } from './at-once.ts'
import { closed } from './closed.ts'
import { jsonSchemaOf } from './json-schema.ts'
import { onlyChecks } from './only-checks.ts'
import { ownMembers } from './own-members.ts'

/** A field that was refused: where, and what it must be. Never the value, never an unknown key's name. */
export interface FieldFault {
  /** A JSON pointer (RFC 6901): `/email`, `/items/0/name`; '' for the whole. */
  readonly field: string
  readonly problem: string
}

/** What a value is after its check, or what is wrong with it. */
export type Checked =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly faults: readonly FieldFault[] }

const MAX_FAULTS = 20

/**
 * Prepares the check of a schema. Unknown keys are refused, also where the author wrote a plain z.object.
 *
 * @throws TypeError at the first check of a schema with an asynchronous refinement: a check answers at once
 */
export const compileSchema = (schema: z.ZodType): ((value: unknown) => Checked) => {
  const strict = compiled(closed(schema))
  const names = propertyNames(jsonSchemaOf(schema))
  const own = ownMembers(names)
  return (sent) => {
    const value = own(sent)
    const result = atOnce(() => strict.safeParse(value))
    if (result.success) return { ok: true, value: result.data }
    const issues = result.error.issues.slice(0, MAX_FAULTS)
    return {
      ok: false,
      faults: issues.map((issue) => ({
        field: pointer(issue.path, names),
        problem: sentence(issue, at(value, issue.path)),
      })),
    }
  }
}

/**
 * A schema made one function by zod, where that says the same: what it refuses is asked of the schema once more, for the reasons, and a
 * transform that changes what it was given would get another value then.
 */
export const compiled = <Schema extends z.ZodType>(schema: Schema): Schema =>
  onlyChecks(schema) ? z.compile(schema) : schema

/** What was refused, to be sure that no sentence repeats it. */
const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce(
    (part: unknown, key) =>
      typeof part === 'object' && part !== null ? (part as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  )

/** The names that the schema itself has; whatever else stands in a path, a record's key say, came from outside. */
export const propertyNames = (schema: unknown, names: Set<string> = new Set()): ReadonlySet<string> => {
  if (typeof schema !== 'object' || schema === null) return names
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'properties') for (const name of Object.keys(Object(value))) names.add(name)
    propertyNames(value, names)
  }
  return names
}

const pointer = (path: readonly PropertyKey[], names: ReadonlySet<string>): string =>
  path
    .map((segment) => {
      if (typeof segment === 'number') return `/${segment}`
      return typeof segment === 'string' && names.has(segment)
        ? `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`
        : '/*'
    })
    .join('')

/** What of: characters, items, or a number. */
const unit: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' items',
  set: ' items',
  object: ' keys',
  record: ' keys',
  map: ' keys',
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  undefined: 'left out',
  never: 'left out',
}

/** What zod says of what is not there. */
const OF_ABSENCE: ReadonlySet<string> = new Set(['invalid_type', 'invalid_value', 'invalid_union'])

/** The author's own sentence, unless it is zod's stock phrase, or was made of the refused value (one of a few letters tells nothing). */
const authors = (message: string, refused: unknown): string | undefined => {
  const text = typeof refused === 'string' || typeof refused === 'number' ? String(refused) : ''
  return message.startsWith('Invalid') || (text.length > 3 && message.includes(text)) ? undefined : message
}

const sentence = (issue: z.core.$ZodIssue, refused: unknown): string => {
  // JSON has no undefined: nothing was sent.
  if (refused === undefined && OF_ABSENCE.has(issue.code)) return 'is missing'
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}`
    case 'too_small':
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit[issue.origin] ?? ''}`
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit[issue.origin] ?? ''}`
    case 'unrecognized_keys':
      return 'has keys that are not known'
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_format':
      return (
        authors(issue.message, refused) ??
        (issue.format === 'regex' ? 'is not of the form that is asked for' : `must be a valid ${issue.format}`)
      )
    case 'custom':
      return authors(issue.message, refused) ?? 'is not allowed'
    case 'invalid_union':
      return 'must be of one of the allowed forms'
    default:
      return 'is not valid'
  }
}
