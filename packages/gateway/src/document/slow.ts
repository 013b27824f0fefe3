import { MAPS } from './keywords.ts'
import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'

/** What a reference to a definition of the schema's own begins with. */
export const LOCAL = '#/$defs/'

/**
 * Whether a schema can be slow without any pattern. By its references it leads to one that leads to itself: alternatives within alternatives
 * double the time with each level of a body. Or a value of it can cost the square of its size, or its alternatives times its items.
 */
export const isSlow = (schema: unknown, defs: Part): boolean => comesBack(schema, defs) || multiplies(schema, defs)

const comesBack = (schema: unknown, defs: Part): boolean => {
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

/** Looks at a branch that are taken without the clock: a tenth of that takes a few ms, and twenty times as long before V8 knows the code. */
const MOST_LOOKS = 100_000
/** Values of an `enum` that are compared without the clock, one by one: 13,000 items of 5,000 values each take a quarter of a second. */
const MOST_VALUES = 50 * MOST_LOOKS
/** Items that 64 KiB hold, those of lists within lists together. */
const MOST_ITEMS = 32_768
const UNIONS = new Set(['anyOf', 'oneOf'])
/** What judges each of many values, and the keyword that says how many those may be. */
const REPEATED: Readonly<Record<string, string>> = {
  ...{ items: 'maxItems', contains: 'maxItems', unevaluatedItems: 'maxItems' },
  ...{ additionalProperties: 'maxProperties', unevaluatedProperties: 'maxProperties' },
  ...{ patternProperties: 'maxProperties', propertyNames: 'maxProperties' },
}

/**
 * Whether one value may be looked at by many branches, and many such values stand in a body: `[{},{}, …]` of 64 KiB in a list of a union of
 * 150 types are three million looks, and a second. Asked of a schema that does not come back to itself.
 */
const multiplies = (schema: unknown, defs: Part): boolean => {
  const done = new Set<string>()
  const within = (part: unknown, branches: number, items: number): boolean => {
    if (Array.isArray(part)) return part.some((one) => within(one, branches, items))
    if (!isPart(part)) return false
    if (branches * items > MOST_LOOKS) return true
    return Object.entries(part).some(([keyword, value]) => {
      if (keyword === '$ref' && typeof value === 'string' && value.startsWith(LOCAL)) {
        const name = value.slice(LOCAL.length)
        const key = `${branches} ${items} ${name}`
        if (done.has(key)) return false
        done.add(key)
        return within(defs[name], branches, items)
      }
      if (keyword === 'enum' && Array.isArray(value)) return branches * items * value.length > MOST_VALUES
      if (UNIONS.has(keyword) && Array.isArray(value)) return within(value, branches * countOf(value), items)
      const most = REPEATED[keyword]
      const times = most === undefined ? 1 : Math.max(1, Number(part[most] ?? MOST_ITEMS))
      // Of a map of schemas the names are no keywords: a property may be called `items`.
      return within(
        MAPS.has(keyword) && isPart(value) ? Object.values(value) : value,
        branches,
        Math.min(items * times, MOST_ITEMS),
      )
    })
  }
  return within(schema, 1, 1)
}

/** Branches that cost something: that a value may be null is asked in no time. */
const countOf = (branches: readonly unknown[]): number =>
  Math.max(1, branches.filter((branch) => !(isPart(branch) && branch['type'] === 'null')).length)

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

/** The names of the definitions that a schema refers to. */
export const referencesOf = (schema: unknown): readonly string[] => {
  if (Array.isArray(schema)) return schema.flatMap(referencesOf)
  if (!isPart(schema)) return []
  return Object.entries(schema).flatMap(([keyword, value]) =>
    keyword === '$ref' && typeof value === 'string' && value.startsWith(LOCAL)
      ? [value.slice(LOCAL.length)]
      : referencesOf(value),
  )
}
