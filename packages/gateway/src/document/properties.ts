import { requiredNames } from './keywords.ts'
import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'
import { readOnlyNames, saidTogether } from './read-only.ts'

/** The properties of an object's schema that may be sent, those of its `allOf` included, and which of them must be there. */
export const propertiesOf = (
  document: Part,
  schema: unknown,
): { readonly properties: Part; readonly required: readonly string[] } => {
  const properties = new Map<string, unknown>()
  const said = saidTogether(document, schema)
  // What two parts say of one name holds of it together.
  for (const part of said)
    for (const [name, property] of Object.entries(isPart(part['properties']) ? part['properties'] : {}))
      properties.set(name, properties.has(name) ? { allOf: [properties.get(name), property] } : property)
  const readOnly = new Set(readOnlyNames(document, schema))
  for (const name of readOnly) properties.delete(name)
  const required = said.flatMap((part) => requiredNames(part).map(String))
  return { properties: Object.fromEntries(properties), required: required.filter((name) => !readOnly.has(name)) }
}
