import { isZod } from './is-zod.ts'

/** Where zod's definitions hold other schemas: one, a list, or (`shape`) an object of them. */
const PLACES = [
  'shape',
  'element',
  'items',
  'options',
  'left',
  'right',
  'keyType',
  'valueType',
  'innerType',
  'in',
  'out',
]

/**
 * What stands where a schema of zod must, and is none: `field.text` is a function of the most characters, where `field.id` is a schema. zod
 * would stumble over it and name nothing. Undefined when all of them are schemas; otherwise the end of a sentence.
 */
export const noSchemaFault = (schema: unknown, where = '', seen = new Set<unknown>()): string | undefined => {
  const at = where === '' ? '' : ` at ${where}`
  if (typeof schema === 'function')
    return `has a function${at}, not a schema: call it, as in field.text(100) or z.string()`
  if (!isZod(schema)) return `has no schema${at}: write one in zod, as in field.text(100)`
  // Once each: of a dozen schemas that all refer to each other the ways from one to the next are more than a start can go.
  if (seen.has(schema)) return undefined
  seen.add(schema)
  const { def } = schema._zod
  for (const place of PLACES) {
    for (const [name, part] of partsAt(Reflect.get(def, place), place)) {
      const fault = noSchemaFault(part, `${where}${name}`, seen)
      if (fault !== undefined) return fault
    }
  }
  return undefined
}

/** The parts of one place, with what they add to the path. */
const partsAt = (held: unknown, place: string): readonly (readonly [name: string, part: unknown])[] => {
  if (held === undefined) return []
  if (place === 'shape') return Object.entries(held as object).map(([name, part]) => [`/${name}`, part] as const)
  if (Array.isArray(held)) return held.map((part, index) => [place === 'items' ? `/${index}` : '', part] as const)
  return [[place === 'element' || place === 'valueType' ? '/*' : '', held]]
}
