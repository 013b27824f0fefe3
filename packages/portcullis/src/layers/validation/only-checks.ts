import { z } from 'zod'
import { isZod } from './is-zod.ts'

/**
 * Says whether a schema, and whatever it is made of, only looks at values: nothing in it transforms them by a function of its author. False
 * too for what refers to itself, and for a schema of another version of zod.
 *
 * @param around the schemas that it is a part of
 */
export const onlyChecks = (schema: z.ZodType, around: readonly z.ZodType[] = []): boolean => {
  const { def, version } = schema._zod
  if (version.major !== z.core.version.major || version.minor !== z.core.version.minor) return false
  if (around.includes(schema) || CHANGING.has(def.type) || ('transform' in def && def.transform !== undefined))
    return false
  const { checks = [] } = def
  // trim() and normalize() are overwrites too, of text: it can't be changed, only replaced.
  if (def.type !== 'string' && checks.some((check) => check._zod.def.check === 'overwrite')) return false
  return partsOf(def).every((part) => onlyChecks(part, [...around, schema]))
}

const CHANGING: ReadonlySet<string> = new Set(['transform', 'lazy'])

/** The schemas that a definition holds: by name, in lists, in the shape of an object. */
export const partsOf = (def: object): readonly z.ZodType[] =>
  Object.values(def).flatMap((value: unknown) => {
    const held: readonly unknown[] = isZod(value) ? [value] : Object.values(value ?? {})
    return held.filter(isZod)
  })
