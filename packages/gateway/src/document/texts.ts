import { NUMBERS, OF_NUMBERS } from './numerals.ts'
import type { Part } from './pointers.ts'
import { isPart, resolved } from './pointers.ts'
import { saidOrElse, saidTogether } from './read-only.ts'

/** Keywords that say something of texts alone. */
const OF_TEXTS = ['pattern', 'format', 'maxLength', 'minLength']

/**
 * The schema of what is sent as text, where it names no type and yet says something of texts or of numbers alone: it is one then. `123456`
 * as a number would be within a `maxLength` of 3, which says nothing of numbers, and as a text within a `maximum` of 5. What it refers to and
 * the parts of its `allOf` are one with it, and each alternative is asked for itself.
 *
 * @param known what was made of the schemas that were met: one that is met within itself says no more of any text
 */
export const ofText = (document: Part, schema: unknown, known = new Map<unknown, unknown>()): unknown => {
  if (typeof schema === 'boolean') return schema
  if (known.has(schema)) return known.get(schema)
  known.set(schema, schema)
  // What refers to nothing, or in a circle, is said to do so.
  resolved(document, schema)
  const said = saidTogether(document, schema)
  const within = (one: unknown): unknown => ofText(document, one, known)
  const lists = said.flatMap(({ items }) =>
    isPart(items) && within(items) !== items ? [{ items: within(items) }] : [],
  )
  const unions = said.some(({ type }) => type !== undefined)
    ? []
    : said.flatMap(({ anyOf, oneOf }) => [anyOf, oneOf]).filter((union) => Array.isArray(union))
  const eithers = unions
    .filter((union) => union.some((one) => within(one) !== one))
    .map((union) => ({ anyOf: union.map(within) }))
  const kinds = [...kindsOf(document, schema)].filter((kind) => kind !== 'null')
  const added = [...lists, ...eithers, ...(kinds.length > 0 ? [] : typeOf(said))]
  const made = added.length === 0 ? schema : { allOf: [schema, ...added] }
  known.set(schema, made)
  return made
}

/** The type that is meant by what is said, if any. */
const typeOf = (said: readonly Part[]): readonly Part[] => {
  const says = (keywords: readonly string[]): boolean => said.some((at) => keywords.some((keyword) => keyword in at))
  if (says(OF_NUMBERS) || said.some(({ format }) => NUMBERS.has(format))) return [{ type: 'number' }]
  return says(OF_TEXTS) ? [{ type: 'string' }] : []
}

/** The types that a schema lets through, alternatives included. */
export const kindsOf = (document: Part, schema: unknown): ReadonlySet<string> =>
  new Set(saidOrElse(document, schema).flatMap(({ type }) => [type ?? []].flat().map(String)))
