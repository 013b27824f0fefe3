import type { Part } from './pointers.ts'
import { follow, isPart } from './pointers.ts'
import { takesNoOthers } from './read-only.ts'

/**
 * A class that inherits, as NSwag and Swashbuckle write it: `additionalProperties: false` in each part of an `allOf`. By the letter each would refuse the
 * keys of the others and no value could ever pass; what is meant is that the whole takes no others, and so it is closed, as one, by whoever
 * asks. Unchanged where any part or alternative takes more than it lists.
 */
export const joined = (document: Part, schema: Part): Part =>
  takesNoOthers(document, schema) ? opened(document, schema) : schema

const opened = (document: Part, schema: Part): Part => {
  const { allOf } = schema
  if (!Array.isArray(allOf)) return schema
  const parts = allOf.map((part) => openedPart(document, part))
  return parts.some((part, at) => part !== allOf[at]) ? { ...schema, allOf: parts } : schema
}

const openedPart = (document: Part, part: unknown): unknown => {
  const isReference = isPart(part) && typeof part['$ref'] === 'string' && Object.keys(part).length === 1
  const said = isReference ? follow(document, String(part['$ref'])) : part
  if (!isPart(said)) return part
  const { additionalProperties, ...rest } = opened(document, said)
  if (additionalProperties === false) return rest
  const made = opened(document, said)
  return made === said ? part : made
}

/** A class that others inherit from: the references to those, each with the tags that it goes by. OpenAPI 3.1 §4.8.25. */
export const heirs = (document: Part, schema: Part): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>()
  const { mapping, propertyName } = isPart(schema['discriminator']) ? schema['discriminator'] : {}
  for (const [tag, target] of Object.entries(isPart(mapping) && typeof propertyName === 'string' ? mapping : {})) {
    const reference = String(target).includes('/') ? String(target) : `#/components/schemas/${target}`
    if (follow(document, reference) !== schema) found.set(reference, [...(found.get(reference) ?? []), tag])
  }
  return found
}

/** A discriminator names the branch that a value must be of: OpenAPI 3.1 §4.8.25. JSON Schema has no such word. */
export const tagged = (schema: Part, branch: unknown): unknown => {
  const { propertyName, mapping } = isPart(schema['discriminator']) ? schema['discriminator'] : {}
  if (typeof propertyName !== 'string' || !isPart(branch) || typeof branch['$ref'] !== 'string') return branch
  const name = branch['$ref'].split('/').at(-1)
  const mapped = Object.entries(isPart(mapping) ? mapping : {}).filter(
    ([, target]) => target === branch['$ref'] || target === name,
  )
  const tags = mapped.length > 0 ? mapped.map(([tag]) => tag) : [name]
  // The tag first: a branch that is not meant is not looked into, however deep it goes.
  return { allOf: [{ required: [propertyName], properties: { [propertyName]: { enum: tags } } }, branch] }
}
