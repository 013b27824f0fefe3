import type { z } from 'zod'
import type { SchemaFinding } from './audit.ts'
import { isZod } from './is-zod.ts'
import { isSchema, resolve } from './schema-parts.ts'

type Def = z.core.$ZodTypeDef & Readonly<Record<string, unknown>>

/** What holds nothing but text; a query may hold a list of texts. */
export type TextPlace = 'params' | 'query' | 'headers'

const NEVER_TEXT: ReadonlySet<string> = new Set(['number', 'boolean', 'bigint', 'date', 'null', 'nan'])

/**
 * The members of a path's, a query's or header fields' schema that no text fits. Such a member refuses whatever is sent, one request after
 * the other; its author meant what the text says.
 *
 * @param schema zod, or a JSON Schema whose validator converts nothing
 */
export const membersWithoutText = (schema: object, place: TextPlace): readonly SchemaFinding[] => {
  const members = isZod(schema) ? zodMembers(schema, place) : jsonMembers(schema, schema, place)
  return members.flatMap(([name, takes]) =>
    takes === 'text' ? [] : [{ where: `${place}/${name}`, problem: PROBLEMS[takes] }],
  )
}

/** What is sure to be refused is told, and nothing else. */
type Takes = 'text' | 'list' | 'nothing'

const PROBLEMS = {
  nothing: 'takes no text, and there is nothing else to send',
  list: 'takes a list alone, and of one that has a single item there is but a text',
} as const

const zodMembers = (schema: z.ZodType, place: TextPlace): readonly (readonly [name: string, takes: Takes])[] => {
  const { type, shape } = schema._zod.def as Def
  if (type !== 'object') return []
  const members = Object.entries(shape as Readonly<Record<string, z.ZodType>>)
  return members.map(([name, member]) => [name, takesNoText(member, place) ? 'nothing' : 'text'])
}

/** What its author converts (`z.coerce`, `z.preprocess`, a codec) takes text. Of a list that comes once one is made. */
const takesNoText = (schema: z.ZodType, place: TextPlace): boolean => {
  const def = schema._zod.def as Def
  switch (def.type) {
    case 'union':
      return (def['options'] as readonly z.ZodType[]).every((option) => takesNoText(option, place))
    case 'literal':
      return (def['values'] as readonly unknown[]).every((value) => typeof value !== 'string')
    case 'enum':
      return Object.values(def['entries'] as object).every((value) => typeof value !== 'string')
    case 'array':
      return place !== 'query' || takesNoText(def['element'] as z.ZodType, place)
    case 'pipe':
      return takesNoText(def['in'] as z.ZodType, place)
    case 'catch':
      return false
    default:
      return isZod(def['innerType'])
        ? takesNoText(def['innerType'], place)
        : NEVER_TEXT.has(def.type) && def['coerce'] !== true
  }
}

const jsonMembers = (
  schema: unknown,
  root: object,
  place: TextPlace,
  within: readonly unknown[] = [],
): readonly (readonly [name: string, takes: Takes])[] => {
  if (!isSchema(schema) || within.includes(schema)) return []
  const { $ref, allOf, properties } = schema
  const parts = [...(typeof $ref === 'string' ? [resolve(root, $ref)] : []), ...listed(allOf)]
  return [
    ...(isSchema(properties) ? Object.entries(properties) : []).map(
      ([name, one]) => [name, taken(one, root, place)] as const,
    ),
    ...parts.flatMap((part) => jsonMembers(part, root, place, [...within, schema])),
  ]
}

const taken = (schema: unknown, root: object, place: TextPlace): Takes => {
  if (mayTake('string', schema, root)) return 'text'
  return place === 'query' && mayTake('array', schema, root) ? 'list' : 'nothing'
}

const mayTake = (type: 'string' | 'array', schema: unknown, root: object, within: readonly unknown[] = []): boolean => {
  // One that is false takes nothing, as its author wants it.
  if (!isSchema(schema) || within.includes(schema)) return true
  const { $ref, allOf, anyOf, oneOf, type: types, items } = schema
  const may = (part: unknown): boolean => mayTake(type, part, root, [...within, schema])
  const values = 'const' in schema ? [schema['const']] : schema['enum']
  return (
    (types === undefined || [types].flat().includes(type)) &&
    (!Array.isArray(values) || values.some((value) => (Array.isArray(value) ? 'array' : typeof value) === type)) &&
    (type === 'string' || mayTake('string', items, root)) &&
    (typeof $ref !== 'string' || may(resolve(root, $ref))) &&
    listed(allOf).every(may) &&
    [anyOf, oneOf].every((branches) => !Array.isArray(branches) || branches.some(may))
  )
}

const listed = (parts: unknown): readonly unknown[] => (Array.isArray(parts) ? parts : [])
