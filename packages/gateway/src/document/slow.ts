import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'

/** What a reference to a definition of the schema's own begins with. */
export const LOCAL = '#/$defs/'

/**
 * Whether a schema can be slow without any pattern. By its references it leads to one that leads to itself: alternatives within alternatives
 * double the time with each level of a body. Or a value of it can cost the square of its size.
 */
export const isSlow = (schema: unknown, defs: Part): boolean => {
  const done = new Set<string>()
  const within = (part: unknown, above: ReadonlySet<string>): boolean =>
    costsSquare(part) ||
    referencesOf(part).some((name) => {
      if (above.has(name)) return true
      if (done.has(name)) return false
      const found = within(defs[name], new Set([...above, name]))
      done.add(name)
      return found
    })
  return within(schema, new Set())
}

/** The pattern of `url` begins anew at each of its colons: 32 texts of 2,048 take a third of a second. The other formats take one look. */
const costsSquare = (schema: unknown): boolean =>
  isPart(schema)
    ? schema['format'] === 'url' ||
      (schema['uniqueItems'] === true && !comparesByTable(schema)) ||
      Object.values(schema).some(costsSquare)
    : Array.isArray(schema) && schema.some(costsSquare)

/** Items that may be looked up in a table. */
const MOST_UNIQUE = 1_000
const SCALAR = new Set(['string', 'number', 'integer', 'boolean', 'null'])

/**
 * Whether items that must differ are looked up in a table: ajv does so when their schema itself names scalar types. Behind a reference or in
 * alternatives it doesn't look, and compares each with each as deeply as they go: a thousand lists of thirty take a tenth of a second.
 */
const comparesByTable = ({ items, maxItems }: Part): boolean =>
  Number(maxItems) <= MOST_UNIQUE &&
  isPart(items) &&
  items['type'] !== undefined &&
  [items['type']].flat().every((type) => SCALAR.has(String(type)))

const referencesOf = (schema: unknown): readonly string[] => {
  if (Array.isArray(schema)) return schema.flatMap(referencesOf)
  if (!isPart(schema)) return []
  return Object.entries(schema).flatMap(([keyword, value]) =>
    keyword === '$ref' && typeof value === 'string' && value.startsWith(LOCAL)
      ? [value.slice(LOCAL.length)]
      : referencesOf(value),
  )
}
