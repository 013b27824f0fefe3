import type { ErrorObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { boundedPattern } from './patterns.ts'
import { isPart } from './pointers.ts'
import type { ClosedSchema } from './schemas.ts'

/** A value that was refused: where, by JSON pointer (RFC 6901), and what it must be. Never the value, nor a name that was sent. */
export interface Fault {
  readonly field: string
  readonly problem: string
}

/** Says what is wrong with a value; nothing when it may pass. */
export type Check = (value: unknown) => readonly Fault[]

const MOST_FAULTS = 20

/** Compiles schemas. */
export interface Validator {
  /** @throws Error when the schema is none */
  compile(schema: ClosedSchema): Check
}

/** One for a document. Nothing is coerced, dropped or filled in: the upstream gets what was sent. */
export const validator = (): Validator => {
  const regExp = Object.assign(boundedPattern, { code: 'boundedPattern' })
  const ajv = new Ajv2020({
    strict: false,
    // The first fault is enough: to look for all of them lets a small body cost much.
    allErrors: false,
    logger: false,
    addUsedSchema: false,
    code: { regExp },
  })
  // ajv-formats is CommonJS, whose default export stands under its own name.
  const add = (addFormats as unknown as { default?: typeof addFormats }).default ?? addFormats
  ;(add as unknown as (ajv: Ajv2020) => void)(ajv)
  return {
    compile: (schema) => {
      const check = ajv.compile(schema as object)
      const names = propertyNames(schema)
      return (value) =>
        check(value) === true ? NONE : (check.errors ?? []).slice(0, MOST_FAULTS).map((error) => faultOf(error, names))
    },
  }
}

const NONE: readonly Fault[] = Object.freeze([])

const faultOf = (error: ErrorObject, names: ReadonlySet<string>): Fault => ({
  field: error.instancePath.replace(/\/([^/]*)/g, (whole, segment: string) =>
    /^\d+$/.test(segment) || names.has(segment.replaceAll('~1', '/').replaceAll('~0', '~')) ? whole : '/*',
  ),
  problem: sentence(error),
})

/** ajv's sentences are made of the schema's own words; those of a few keywords would name what was sent. */
const sentence = ({ keyword, message, params }: ErrorObject): string => {
  if (keyword === 'unevaluatedProperties' || keyword === 'additionalProperties') return 'has keys that are not known'
  if (keyword === 'propertyNames') return 'has a key of a name that is not allowed'
  if (keyword === 'enum') return `must be one of ${(params['allowedValues'] as unknown[]).slice(0, 50).join(', ')}`
  if (keyword === 'false schema') return 'is not allowed'
  return message ?? 'is not valid'
}

/** The names that the schema itself has; whatever else stands in a path came from outside. */
const propertyNames = (schema: unknown, names = new Set<string>(), seen = new Set<unknown>()): ReadonlySet<string> => {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return names
  seen.add(schema)
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'properties' && isPart(value)) for (const name of Object.keys(value)) names.add(name)
    propertyNames(value, names, seen)
  }
  return names
}
