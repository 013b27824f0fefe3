import { inEcmaScript } from './dialects.ts'
import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'

/** Characters of a string that the document gives a pattern or a format that is checked, and no length. */
const CHECKED_LENGTH = 1_024
/** Formats whose check costs more than one look at each character. `byte`, `binary` and `password` may be long. */
const CHECKED_FORMATS = new Set([
  ...[
    'date',
    'time',
    'date-time',
    'duration',
    'iso-time',
    'iso-date-time',
    'email',
    'hostname',
    'ipv4',
    'ipv6',
    'uuid',
  ],
  ...['uri', 'uri-reference', 'uri-template', 'url', 'regex', 'json-pointer', 'relative-json-pointer'],
])
/** Items of a list that must be unique and has no length: each is compared with every other. */
const UNIQUE_ITEMS = 1_000

/** Keywords that are taken over as they stand. The rest is text for people, or a mistake. */
export const PLAIN = [
  ...[
    'type',
    'enum',
    'const',
    'required',
    'dependentRequired',
    'multipleOf',
    'maximum',
    'minimum',
    'format',
    'pattern',
  ],
  ...['exclusiveMaximum', 'exclusiveMinimum', 'maxLength', 'minLength', 'maxItems', 'minItems', 'uniqueItems'],
  ...['maxContains', 'minContains', 'maxProperties', 'minProperties'],
]
/** Schemas of the same value, which it is asked for or may not be; and those that it then must be. */
export const ASKED = ['not', 'if']
export const SAME = ['then', 'else']
export const SAME_LISTS = ['allOf', 'anyOf', 'oneOf']
/** Schemas of a value inside. */
export const INSIDE = [
  'items',
  'contains',
  'additionalProperties',
  'propertyNames',
  'unevaluatedProperties',
  'unevaluatedItems',
]
export const INSIDE_MAPS = ['properties', 'patternProperties']
/** All that hold schemas by names, which are no keywords. */
export const MAPS: ReadonlySet<string> = new Set([...INSIDE_MAPS, 'dependentSchemas'])
/** Of those inside, what stands under names that are not listed. */
export const NAMED = new Set(['additionalProperties', 'unevaluatedProperties'])
export const REFUSED = ['$dynamicRef', '$recursiveRef', '$dynamicAnchor', '$id', '$anchor']

/** Whether a text costs more than its size. */
export const isChecked = ({ pattern, format }: Part): boolean =>
  pattern !== undefined || CHECKED_FORMATS.has(String(format))

/**
 * Bounds what costs more than its size: see patterns.ts, and the comparison of unique items.
 *
 * @param isMeasured whether another part of the same value says how long a text may be
 */
export const bounded = (made: Record<string, unknown>, isMeasured: boolean): Record<string, unknown> => {
  if (isChecked(made) && !isMeasured) made['maxLength'] ??= CHECKED_LENGTH
  if (made['uniqueItems'] === true) made['maxItems'] ??= UNIQUE_ITEMS
  return made
}

/**
 * OpenAPI 3.0's booleans become numbers, and patterns those of ECMA-262.
 *
 * @throws TypeError that names a pattern of another language
 */
export const translated = (made: Record<string, unknown>): Record<string, unknown> => {
  if (typeof made['pattern'] === 'string') made['pattern'] = inEcmaScript(made['pattern'])
  if (isPart(made['patternProperties']))
    made['patternProperties'] = Object.fromEntries(
      Object.entries(made['patternProperties']).map(([pattern, schema]) => [inEcmaScript(pattern), schema]),
    )
  for (const [exclusive, plain] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof made[exclusive] !== 'boolean') continue
    if (made[exclusive] === true) {
      made[exclusive] = made[plain]
      delete made[plain]
    } else delete made[exclusive]
  }
  return made
}

/** A list under `items` is what draft 2020-12 has under `prefixItems`: Pydantic 1 writes a tuple so. */
export const tupled = (schema: Part): Part => {
  const { items, additionalItems, ...rest } = schema
  if (!Array.isArray(items)) return schema
  return { ...rest, prefixItems: items, ...(additionalItems === undefined ? {} : { items: additionalItems }) }
}

/** `dependentSchemas` in other words: where there is no such key, ajv forgets which of the others were described, and all would be unknown. */
export const conditioned = (schema: Part): Part => {
  const { dependentSchemas, allOf = [], ...rest } = schema
  if (!isPart(dependentSchemas) || !Array.isArray(allOf)) return schema
  const conditions = Object.entries(dependentSchemas).map(([name, said]) => ({
    if: { type: 'object', required: [name] },
    // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
    then: said,
  }))
  return { ...rest, allOf: [...allOf, ...conditions] }
}

/**
 * The names that an object must have, each once: those of its list, and those whose own schema says `required: true`. So draft 3 of JSON Schema had it, and
 * people and tools still write it; passed over, what they mean would not be asked for.
 */
export const requiredNames = ({ required, properties }: Part): readonly unknown[] => {
  const saying = Object.entries(isPart(properties) ? properties : {}).filter(
    ([, schema]) => isPart(schema) && schema['required'] === true,
  )
  return [...new Set<unknown>([...(Array.isArray(required) ? required : []), ...saying.map(([name]) => name)])]
}

/**
 * Without lists of schemas that say nothing, and with the names that are required in one list. By the letter such is no JSON Schema, and tools that gather the
 * parts or the names of a class write it; `Tuple[()]` of Pydantic 1 has `items: []`.
 */
export const tidied = (schema: Part): Part => {
  const saying = Object.entries(schema).filter(([keyword, value]) => !saysNothing(keyword, value))
  const required = requiredNames(schema)
  return { ...Object.fromEntries(saying), ...(required.length === 0 ? {} : { required }) }
}

/** Of a property's own `required` the object around it is told. */
const saysNothing = (keyword: string, value: unknown): boolean =>
  keyword === 'required'
    ? typeof value === 'boolean'
    : MAY_BE_EMPTY.has(keyword) && Array.isArray(value) && value.length === 0

const MAY_BE_EMPTY = new Set(['allOf', 'prefixItems'])

/** One that lists none (`type: object`) means a map of anything. */
export const listsKeys = (schema: Part): boolean =>
  INSIDE_MAPS.some((keyword) => isPart(schema[keyword]) && Object.keys(schema[keyword]).length > 0)

/** OpenAPI 3.0's `nullable`. */
export const nullable = (schema: Part, made: Record<string, unknown>): Part => {
  if (schema['nullable'] !== true) return made
  if (typeof made['type'] !== 'string') return 'type' in made ? made : { anyOf: [made, { type: 'null' }] }
  const { enum: values } = made as { enum?: readonly unknown[] }
  return { ...made, type: [made['type'], 'null'], ...(values === undefined ? {} : { enum: [...values, null] }) }
}
