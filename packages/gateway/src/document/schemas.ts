import type { Part } from './pointers.ts'
import { follow, isPart } from './pointers.ts'
import { isReadOnly, readOnlyNames } from './read-only.ts'

/** A JSON Schema of draft 2020-12 that stands on its own: what it refers to is under its `$defs`. */
export type ClosedSchema = Part | boolean

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
const PLAIN = [
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
/** Schemas of the same value. */
const SAME = ['not', 'if', 'then', 'else']
const SAME_LISTS = ['allOf', 'anyOf', 'oneOf']
/** Schemas of a value inside. */
const INSIDE = [
  'items',
  'contains',
  'additionalProperties',
  'propertyNames',
  'unevaluatedProperties',
  'unevaluatedItems',
]
const INSIDE_MAPS = ['properties', 'patternProperties']
/** Of those inside, what stands under names that are not listed. */
const NAMED = new Set(['additionalProperties', 'unevaluatedProperties'])
const REFUSED = ['$dynamicRef', '$recursiveRef', '$dynamicAnchor', '$id', '$anchor']

/** Turns schemas of one document into closed ones. */
export interface SchemaCloser {
  /**
   * A schema in which every object that lists its keys takes no others. `additionalProperties: false` in each part of an `allOf`
   * would refuse the keys of the other parts, so each object is closed once, at its outermost, by `unevaluatedProperties`.
   *
   * @throws TypeError that says what can't be expressed
   */
  close(schema: unknown): ClosedSchema
}

/** @param document OpenAPI 3.0 or 3.1: 3.0's own keywords (`nullable`, boolean `exclusiveMinimum`) are translated */
export const schemaCloser = (document: Part): SchemaCloser => {
  const names = new Map<string, string>()
  const defs: Record<string, ClosedSchema> = {}

  /** The name under `$defs` of what a reference means, as a whole value (closed) or as a part of one (open). */
  const define = (reference: string, closed: boolean): Part => {
    const key = `${closed ? 'closed' : 'open'} ${reference}`
    const known = names.get(key)
    if (known !== undefined) return { $ref: `#/$defs/${known}` }
    const name = `${closed ? 'closed' : 'open'}${names.size}`
    names.set(key, name)
    const target = follow(document, reference)
    defs[name] = closed ? whole(target) : part(target)
    return { $ref: `#/$defs/${name}` }
  }

  /** A value of its own: the body, a property, an item. */
  const whole = (schema: unknown): ClosedSchema => {
    if (typeof schema === 'boolean') return schema
    if (!isPart(schema)) throw new TypeError('has a schema that is neither an object nor a boolean')
    if (typeof schema['$ref'] === 'string' && !beside(schema)) return define(schema['$ref'], true)
    const union = ['anyOf', 'oneOf'].find((keyword) => Array.isArray(schema[keyword]))
    if (union !== undefined && !keysBeside(schema, union)) return nullable(schema, translate(schema, true))
    const open = part(schema)
    if (typeof open === 'boolean' || 'unevaluatedProperties' in open || !listsKeys(schema, new Set())) return open
    return { ...open, unevaluatedProperties: false }
  }

  /** A part of a value: what the other parts say of it is not known here, but for the names that can't be sent. */
  const part = (schema: unknown, unsent: readonly string[] = []): ClosedSchema => {
    if (typeof schema === 'boolean') return schema
    if (!isPart(schema)) throw new TypeError('has a schema that is neither an object nor a boolean')
    return nullable(schema, translate(schema, false, unsent))
  }

  /**
   * What only the server sets is not sent (API3:2023): under such a name nothing is taken. Left out, it would be one of those that an open
   * object takes, or that another part of an `allOf` does.
   */
  const property = (schema: unknown): ClosedSchema => (isReadOnly(document, schema) ? false : whole(schema))

  const translate = (schema: Part, closeUnions: boolean, above: readonly string[] = []): Record<string, unknown> => {
    const refused = REFUSED.find((keyword) => keyword in schema)
    if (refused !== undefined) throw new TypeError(`uses ${refused}, which is not served`)
    const unsent = [...above, ...readOnlyNames(document, schema)]
    const made: Record<string, unknown> = {}
    for (const keyword of PLAIN) if (schema[keyword] !== undefined) made[keyword] = schema[keyword]
    if (typeof schema['$ref'] === 'string') Object.assign(made, define(schema['$ref'], false))
    for (const keyword of SAME) if (schema[keyword] !== undefined) made[keyword] = part(schema[keyword])
    for (const keyword of SAME_LISTS) {
      if (!Array.isArray(schema[keyword])) continue
      const each = (branch: unknown): ClosedSchema =>
        keyword === 'allOf' ? part(branch, unsent) : closeUnions ? whole(branch) : part(branch)
      made[keyword] = schema[keyword].map((branch) => each(tagged(schema, branch)))
    }
    if (isPart(schema['dependentSchemas'])) made['dependentSchemas'] = mapped(schema['dependentSchemas'], part)
    for (const keyword of INSIDE)
      if (schema[keyword] !== undefined) made[keyword] = (NAMED.has(keyword) ? property : whole)(schema[keyword])
    for (const keyword of INSIDE_MAPS) if (isPart(schema[keyword])) made[keyword] = mapped(schema[keyword], property)
    if (Array.isArray(schema['prefixItems'])) made['prefixItems'] = schema['prefixItems'].map(whole)
    if (Array.isArray(made['required'])) made['required'] = made['required'].filter((name) => !unsent.includes(name))
    return bounded(made)
  }

  /** A discriminator names the branch that a value must be of: OpenAPI 3.1 §4.8.25. JSON Schema has no such word. */
  const tagged = (schema: Part, branch: unknown): unknown => {
    const { propertyName, mapping } = isPart(schema['discriminator']) ? schema['discriminator'] : {}
    if (typeof propertyName !== 'string' || !isPart(branch) || typeof branch['$ref'] !== 'string') return branch
    const name = branch['$ref'].split('/').at(-1)
    const mapped_ = Object.entries(isPart(mapping) ? mapping : {}).filter(
      ([, target]) => target === branch['$ref'] || target === name,
    )
    const tags = mapped_.length > 0 ? mapped_.map(([tag]) => tag) : [name]
    // The tag first: a branch that is not meant is not looked into, however deep it goes.
    return { allOf: [{ required: [propertyName], properties: { [propertyName]: { enum: tags } } }, branch] }
  }

  /** Whether a schema, in any part of it, lists keys. One that lists none (`type: object`) means a map of anything. */
  const listsKeys = (schema: unknown, seen: Set<unknown>): boolean => {
    if (!isPart(schema) || seen.has(schema)) return false
    seen.add(schema)
    if (INSIDE_MAPS.some((keyword) => isPart(schema[keyword]) && Object.keys(schema[keyword]).length > 0)) return true
    if (typeof schema['$ref'] === 'string' && listsKeys(follow(document, schema['$ref']), seen)) return true
    return [...SAME.map((one) => schema[one]), ...SAME_LISTS.flatMap((one) => schema[one] ?? [])].some((one) =>
      listsKeys(one, seen),
    )
  }

  return {
    close: (schema) => {
      const made = whole(schema)
      return typeof made === 'boolean' ? made : { ...made, $defs: defs }
    },
  }
}

const mapped = (schemas: Part, each: (schema: unknown) => ClosedSchema): Part =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, each(schema)]))

/** Bounds what costs more than its size: see patterns.ts, and the comparison of unique items. 3.0's booleans become numbers. */
const bounded = (made: Record<string, unknown>): Record<string, unknown> => {
  const checked = made['pattern'] !== undefined || CHECKED_FORMATS.has(String(made['format']))
  if (checked && made['maxLength'] === undefined) made['maxLength'] = CHECKED_LENGTH
  if (made['uniqueItems'] === true) made['maxItems'] ??= UNIQUE_ITEMS
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

/** OpenAPI 3.0's `nullable`. */
const nullable = (schema: Part, made: Record<string, unknown>): Part => {
  if (schema['nullable'] !== true) return made
  if (typeof made['type'] !== 'string') return 'type' in made ? made : { anyOf: [made, { type: 'null' }] }
  const { enum: values } = made as { enum?: readonly unknown[] }
  return { ...made, type: [made['type'], 'null'], ...(values === undefined ? {} : { enum: [...values, null] }) }
}

const beside = (schema: Part): boolean => Object.keys(schema).some((keyword) => MEANINGFUL.has(keyword))
const keysBeside = (schema: Part, union: string): boolean =>
  Object.keys(schema).some((keyword) => keyword !== union && COMPOSING.has(keyword))

const MEANINGFUL = new Set([...PLAIN, ...SAME, ...SAME_LISTS, ...INSIDE, ...INSIDE_MAPS, 'prefixItems', 'nullable'])
const COMPOSING = new Set(['$ref', ...SAME, ...SAME_LISTS, ...INSIDE_MAPS, 'additionalProperties', 'dependentSchemas'])
