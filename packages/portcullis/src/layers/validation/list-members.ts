import type { z } from 'zod'
import { isZod } from './is-zod.ts'

type Def = z.core.$ZodTypeDef & Readonly<Record<string, unknown>>

/** The members of an object's schema that are lists and nothing else. */
export const listMembers = (schema: z.ZodType): readonly string[] => {
  const { type, shape } = schema._zod.def as Def
  if (type !== 'object') return []
  return Object.entries(shape as Readonly<Record<string, z.ZodType>>).flatMap(([name, member]) =>
    isList(member) ? [name] : [],
  )
}

/** Also one that is optional, has a default, or is made something else of. */
const isList = (schema: unknown): boolean => {
  if (!isZod(schema)) return false
  const def = schema._zod.def as Def
  return def.type === 'array' || isList(def['innerType']) || (def.type === 'pipe' && isList(def['in']))
}
