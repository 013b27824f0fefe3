import type { Part } from './pointers.ts'
import { isPart, resolved } from './pointers.ts'

/** The properties of an object's schema, those of its `allOf` included, and which of them must be there. */
export const propertiesOf = (
  document: Part,
  schema: unknown,
): { readonly properties: Part; readonly required: readonly string[] } => {
  if (typeof schema === 'boolean') return { properties: {}, required: [] }
  const at = resolved(document, schema)
  const parts = Array.isArray(at['allOf']) ? at['allOf'].map((part) => propertiesOf(document, part)) : []
  const own = isPart(at['properties']) ? at['properties'] : {}
  const required = Array.isArray(at['required']) ? at['required'].map(String) : []
  return {
    properties: Object.assign({}, ...parts.map(({ properties }) => properties), own) as Part,
    required: [...parts.flatMap((part) => part.required), ...required],
  }
}
