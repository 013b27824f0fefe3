import type { Part } from './pointers.ts'
import { follow, isPart } from './pointers.ts'

/**
 * Whether a property is read-only: by its own word, or by that of what it refers to, of a part or of an alternative of it. One that says so
 * is enough: JSON Schema 2020-12, Validation §9.4.
 */
export const isReadOnly = (document: Part, property: unknown, seen = new Set<unknown>()): boolean => {
  if (!isPart(property) || seen.has(property)) return false
  seen.add(property)
  if (property['readOnly'] === true) return true
  const within = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) =>
    Array.isArray(property[keyword]) ? (property[keyword] as unknown[]) : [],
  )
  return [...referred(document, property), ...within].some((one) => isReadOnly(document, one, seen))
}

/** A schema with all that is said beside it of the same value: what it refers to, and the parts of its `allOf`. Its own comes last. */
export const saidTogether = (document: Part, schema: unknown): readonly Part[] => saidIn(document, schema, ['allOf'])

/**
 * The same, and all that its alternatives say: each once, since a base that has its variants as alternatives, each of which builds on the base, says
 * them again in each.
 */
export const saidOrElse = (document: Part, schema: unknown): readonly Part[] =>
  saidIn(document, schema, ['allOf', 'anyOf', 'oneOf'])

/** Keywords that say something of the same value, or of some such values alone. What stands in `not` and `if` is not said of it. */
const SAYING = ['allOf', 'anyOf', 'oneOf', 'then', 'else', 'dependentSchemas']

const saidIn = (
  document: Part,
  schema: unknown,
  keywords: readonly string[],
  seen = new Set<unknown>(),
): readonly Part[] => {
  if (!isPart(schema) || seen.has(schema)) return []
  seen.add(schema)
  const parts = [...referred(document, schema), ...partsIn(schema, keywords)]
  return [...parts.flatMap((part) => saidIn(document, part, keywords, seen)), schema]
}

/** What stands under these keywords. */
const partsIn = (schema: Part, keywords: readonly string[]): readonly unknown[] =>
  keywords.flatMap((keyword) => {
    const said = schema[keyword]
    return keyword === 'dependentSchemas' && isPart(said) ? Object.values(said) : [said].flat()
  })

/** The same, and what is said under a condition. */
export const saidAnyhow = (document: Part, schema: unknown): readonly Part[] => saidIn(document, schema, SAYING)

/** What is described of an object, in its alternatives too. */
const describedOf = (document: Part, schema: unknown): readonly (readonly [name: string, property: unknown])[] =>
  saidAnyhow(document, schema).flatMap(({ properties }) => (isPart(properties) ? Object.entries(properties) : []))

/** All properties that are described of an object, with all that is said of each, read-only ones and those of its alternatives included. */
export const describedProperties = (document: Part, schema: unknown): ReadonlyMap<string, readonly unknown[]> => {
  const described = new Map<string, unknown[]>()
  for (const [name, property] of describedOf(document, schema))
    described.set(name, [...(described.get(name) ?? []), property])
  return described
}

const COMPOSED = ['$ref', 'allOf', 'anyOf', 'oneOf']

/**
 * Whether an object may take names that are not listed: a part or an alternative of it says so, lists none, or an empty list as Pydantic
 * writes it, or is `true`.
 */
export const mayBeOpen = (document: Part, schema: unknown): boolean =>
  saidAnyhow(document, schema).some((part) => {
    if (partsIn(part, SAYING).includes(true)) return true
    const { additionalProperties = false, unevaluatedProperties = false, patternProperties, properties, type } = part
    if (additionalProperties !== false || unevaluatedProperties !== false || patternProperties !== undefined)
      return true
    const isObject = type === undefined || [type].flat().includes('object')
    const listsNone = Object.keys(properties ?? {}).length === 0
    return isObject && listsNone && !COMPOSED.some((keyword) => keyword in part)
  })

/** Whether no part or alternative of an object takes a name by anything but its own list. */
export const takesNoOthers = (document: Part, schema: unknown): boolean =>
  saidAnyhow(document, schema).every(
    (part) =>
      !partsIn(part, SAYING).includes(true) &&
      [part['additionalProperties'], part['unevaluatedProperties']].every(
        (one) => one === undefined || one === false,
      ) &&
      part['patternProperties'] === undefined,
  )

/** What is said of the values under names that are not listed, in alternatives too. */
export const describedRest = (document: Part, schema: unknown): readonly unknown[] =>
  saidAnyhow(document, schema)
    .flatMap(({ additionalProperties, unevaluatedProperties, patternProperties }) => [
      additionalProperties,
      unevaluatedProperties,
      ...(isPart(patternProperties) ? Object.values(patternProperties) : []),
    ])
    .filter((one) => isPart(one) && Object.keys(one).length > 0)

/**
 * The properties that are read-only wherever they are described of this object, in its alternatives too: refused in that alternative alone,
 * one would be sent by another that takes any name.
 */
export const neverSent = (document: Part, schema: unknown): readonly string[] => {
  const described = describedOf(document, schema)
  const sent = new Set(described.flatMap(([name, property]) => (isReadOnly(document, property) ? [] : [name])))
  return [...new Set(described.map(([name]) => name))].filter((name) => !sent.has(name))
}

/** The read-only properties of an object. One that is required is so in answers alone: OpenAPI 3.0 §4.7.24.2. */
export const readOnlyNames = (document: Part, schema: unknown): readonly string[] =>
  saidTogether(document, schema).flatMap(({ properties }) =>
    isPart(properties) ? Object.keys(properties).filter((name) => isReadOnly(document, properties[name])) : [],
  )

const referred = (document: Part, { $ref }: Part): readonly unknown[] =>
  typeof $ref === 'string' ? [follow(document, $ref)] : []
