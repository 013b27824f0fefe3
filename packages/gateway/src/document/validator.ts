import type { ErrorObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { noteEvaluated } from './evaluated.ts'
import { addStrictFormats } from './formats.ts'
import { MAPS } from './keywords.ts'
import { addSpelled, SPELLED } from './letters.ts'
import { addMultiples } from './multiples.ts'
import { addNumerals } from './numerals.ts'
import { boundedPattern, inTime } from './patterns.ts'
import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'
import type { ClosedSchema } from './schemas.ts'
import { isWhole } from './schemas.ts'
import { isSlow, LOCAL, referencesOf } from './slow.ts'
import { addUnique } from './unique.ts'
import { addWholes, WHOLE } from './wholes.ts'
import { standing } from './written.ts'

/** A value that was refused: where, by JSON pointer (RFC 6901), and what it must be. Never the value, nor a name that was sent. */
export interface Fault {
  readonly field: string
  readonly problem: string
}

/**
 * Says what is wrong with a value; nothing when it may pass. Throws OutOfTime where that could not be found out.
 *
 * @param written what stood there, where it holds numbers that no double is
 */
export type Check = (value: unknown, written?: unknown) => readonly Fault[]

const MOST_FAULTS = 20

const UNKNOWN = 'has keys that are not known'
/** What is said where a name is sent that nothing describes; the name is not repeated. */
export const UNKNOWN_KEYS: readonly Fault[] = [{ field: '', problem: UNKNOWN }]

/**
 * V8 compiles a function when it is first called, and makes it fast when it has been called often. That of a union of 150 types takes longer
 * than a call has under the clock, and the first honest bodies would pay for it: so each function that judges such a schema, those of the
 * types that it refers to as well, is called at the start, with what holds nothing.
 */
const WARMING = [undefined, [], ...Array<object>(100).fill({})]

/** Compiles schemas. */
export interface Validator {
  /** @throws Error when the schema is none */
  compile(schema: ClosedSchema): Check
}

/**
 * Names that every object has: an optional property called `constructor` would be there in each, and of the wrong type. To look for own ones alone takes four
 * times as long.
 */
const OF_OBJECTS = new RegExp(`"(?:${Object.getOwnPropertyNames(Object.prototype).join('|')})"`)

/** One for a document. Nothing is coerced, dropped or filled in: the upstream gets what was sent. */
export const validator = (document: Part = {}): Validator => {
  const regExp = Object.assign(boundedPattern, { code: 'boundedPattern' })
  const ajv = new Ajv2020({
    strict: false,
    ownProperties: OF_OBJECTS.test(JSON.stringify(document)),
    // The first fault is enough: to look for all of them lets a small body cost much.
    allErrors: false,
    logger: false,
    addUsedSchema: false,
    // Before it writes one into those that refer to it, ajv looks at each letter of its enums: of 5,000 values in 50 operations for seconds.
    inlineRefs: false,
    code: { regExp },
  })
  addStrictFormats(ajv)
  noteEvaluated(ajv)
  addMultiples(ajv)
  addUnique(ajv)
  addNumerals(ajv)
  addSpelled(ajv)
  addWholes(ajv)
  // Each of the document's own schemas is compiled once, under a name of its own: within each schema that refers to them it would be
  // compiled again, and a document of a few hundred routes would take minutes.
  const defined = new Set<string>()
  const names = new Set<string>()
  const define = (defs: Part): void => {
    for (const [name, def] of Object.entries(defs)) {
      if (defined.has(name)) continue
      defined.add(name)
      propertyNames(def, names)
      ajv.addSchema(named(def) as object, PREFIX + name)
    }
  }
  /** Those that a schema leads to are compiled with it, and not when the first value comes. */
  const reached = new Set<string>()
  const compileFrom = (schema: unknown, defs: Part): void => {
    const waiting = [schema]
    while (waiting.length > 0) {
      for (const name of referencesOf(waiting.pop())) {
        if (reached.has(name)) continue
        reached.add(name)
        waiting.push(defs[name])
        ajv.getSchema(PREFIX + name)
      }
    }
  }
  /** Their functions, each once: without a function of its own is what ajv wrote into those that refer to it. */
  const warmed = new Set<string>()
  const compiled = (defs: readonly string[]): readonly Warmed[] =>
    defs.flatMap((name) => {
      const { validate } = (ajv.schemas[PREFIX + name] ?? {}) as { readonly validate?: Warmed }
      if (validate === undefined || warmed.has(name)) return []
      warmed.add(name)
      return [validate]
    })
  return {
    compile: (schema) => {
      const { $defs = {}, ...own } = typeof schema === 'boolean' ? (schema ? {} : { not: {} }) : schema
      define($defs as Part)
      propertyNames(own, names)
      compileFrom(own, $defs as Part)
      const check = ajv.compile(named(own) as object)
      const slow = isSlow(own, $defs as Part)
      if (slow)
        for (const one of [check, ...compiled(Object.keys($defs as Part))]) for (const value of WARMING) one(value)
      const passes = inTime((value, written) => check(value, standing(value, written)) === true, slow)
      return (value, written) =>
        passes(value, written)
          ? NONE
          : (check.errors ?? []).slice(0, MOST_FAULTS).map((error) => faultOf(error, value, names))
    },
  }
}

type Warmed = (value: unknown) => unknown

const PREFIX = 'urn:portcullis:document:'

const mapValues = (map: Part, each: (value: unknown) => unknown): Part =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, each(value)]))

/** A schema whose references are the names of what they refer to. */
const named = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(named)
  if (!isPart(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (keyword === '$ref' && typeof value === 'string')
        return [isWhole(value) ? WHOLE : keyword, value.replace(LOCAL, PREFIX)]
      // What stands in these is no schema, or a map of schemas by names that may be words of the language.
      if (keyword === 'enum' || keyword === 'const') return [keyword, value]
      return [keyword, MAPS.has(keyword) && isPart(value) ? mapValues(value, named) : named(value)]
    }),
  )
}

const NONE: readonly Fault[] = Object.freeze([])

const faultOf = (error: ErrorObject, value: unknown, names: ReadonlySet<string>): Fault => {
  let at = value
  const field = error.instancePath.replace(/\/([^/]*)/g, (whole, segment: string) => {
    const parent = at
    const name = segment.replaceAll('~1', '/').replaceAll('~0', '~')
    at = (parent as Part | undefined)?.[name]
    // Digits are an index in a list alone: in a map they are a name, and may be a card's number.
    return Array.isArray(parent) || names.has(name) ? whole : '/*'
  })
  return { field, problem: sentence(error) }
}

/** ajv's sentences are made of the schema's own words; those of a few keywords would name what was sent. */
const sentence = ({ keyword, message, params }: ErrorObject): string => {
  if (keyword === 'unevaluatedProperties' || keyword === 'additionalProperties' || keyword === SPELLED) return UNKNOWN
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
