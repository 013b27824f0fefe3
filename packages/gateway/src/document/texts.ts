import type { Part } from './pointers.ts'
import { isPart, resolved } from './pointers.ts'
import { saidOrElse } from './read-only.ts'

/** Keywords, and formats, that say something of numbers alone, or of texts alone. */
const OF_NUMBERS = ['maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum', 'multipleOf']
const OF_TEXTS = ['pattern', 'format', 'maxLength', 'minLength']
const NUMBERS = new Set(['int32', 'int64', 'float', 'double'])

/**
 * The schema of what is sent as text, where it names no type and yet says something of texts or of numbers alone: it is one then. `123456`
 * as a number would be within a `maxLength` of 3, which says nothing of numbers, and as a text within a `maximum` of 5.
 */
export const ofText = (document: Part, schema: unknown, depth = 0): unknown => {
  // A list of itself says nothing of any text.
  if (typeof schema === 'boolean' || depth > 8) return schema
  const kinds = kindsOf(document, schema)
  const at = resolved(document, schema)
  if (kinds.has('array') && isPart(at['items'])) {
    const items = ofText(document, at['items'], depth + 1)
    return items === at['items'] ? schema : { allOf: [schema], items }
  }
  if (kinds.size > 0) return schema
  if (OF_NUMBERS.some((keyword) => keyword in at) || NUMBERS.has(String(at['format'])))
    return { allOf: [schema], type: 'number' }
  return OF_TEXTS.some((keyword) => keyword in at) ? { allOf: [schema], type: 'string' } : schema
}

/** The types that a schema lets through, alternatives included. */
export const kindsOf = (document: Part, schema: unknown): ReadonlySet<string> =>
  new Set(saidOrElse(document, schema).flatMap(({ type }) => [type ?? []].flat().map(String)))
