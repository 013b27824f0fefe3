import { z } from 'zod'
import type { SchemaFinding } from './audit.ts'

type Def = z.core.$ZodTypeDef & Readonly<Record<string, unknown>>

const NEVER_TEXT: ReadonlySet<string> = new Set(['number', 'boolean', 'bigint', 'date', 'null', 'nan'])

/**
 * The members of a path's or a query's schema that no text fits. Both hold nothing but text, so such a member refuses whatever is sent, one
 * request after the other; its author meant what the text says.
 *
 * @param where what to call the root: query, params
 */
export const membersWithoutText = (schema: z.ZodType, where: string): readonly SchemaFinding[] => {
  const { type, shape } = schema._zod.def as Def
  if (type !== 'object') return []
  return Object.entries(shape as Readonly<Record<string, z.ZodType>>)
    .filter(([, member]) => takesNoText(member))
    .map(([name]) => ({ where: `${where}/${name}`, problem: 'takes no text, and there is nothing else to send' }))
}

/** What its author converts (`z.coerce`, `z.preprocess`, a codec) takes text: only what is sure to refuse it is told. */
const takesNoText = (schema: z.ZodType): boolean => {
  const def = schema._zod.def as Def
  switch (def.type) {
    case 'union':
      return (def['options'] as readonly z.ZodType[]).every(takesNoText)
    case 'literal':
      return (def['values'] as readonly unknown[]).every((value) => typeof value !== 'string')
    case 'enum':
      return Object.values(def['entries'] as object).every((value) => typeof value !== 'string')
    case 'array':
      return takesNoText(def['element'] as z.ZodType)
    case 'pipe':
      return takesNoText(def['in'] as z.ZodType)
    case 'catch':
      return false
    default:
      return def['innerType'] instanceof z.ZodType
        ? takesNoText(def['innerType'])
        : NEVER_TEXT.has(def.type) && def['coerce'] !== true
  }
}
