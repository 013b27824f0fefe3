import { ASKED, SAME, SAME_LISTS } from './keywords.ts'
import type { Part } from './pointers.ts'
import { follow, isPart } from './pointers.ts'

/** Whether a schema says something, in any part of it. */
export const says = (
  document: Part,
  schema: unknown,
  something: (one: Part) => boolean,
  seen = new Set<unknown>(),
): boolean => {
  if (!isPart(schema) || seen.has(schema)) return false
  seen.add(schema)
  return something(schema) || ofSameValue(document, schema).some((one) => says(document, one, something, seen))
}

/** What else is said of the same value, or asked of it. */
const ofSameValue = (document: Part, schema: Part): readonly unknown[] => [
  ...(typeof schema['$ref'] === 'string' ? [follow(document, schema['$ref'])] : []),
  ...[...ASKED, ...SAME, ...SAME_LISTS].flatMap((keyword) => schema[keyword] ?? []),
]

/** Whether a schema is asked for again before any value inside: JSON Schema 2020-12, Core §9.4.1. No value would ever be judged by it. */
export const comesBack = (document: Part, schema: unknown): boolean => {
  const seen = new Set<unknown>()
  const within = (one: unknown): boolean => {
    if (!isPart(one)) return false
    if (seen.has(one)) return one === schema
    seen.add(one)
    const keyed = isPart(one['dependentSchemas']) ? Object.values(one['dependentSchemas']) : []
    return [...ofSameValue(document, one), ...keyed].some(within)
  }
  return within(schema)
}
