import type { z } from 'zod'
import type { SchemaFinding } from './audit.ts'
import { partsOf } from './only-checks.ts'

/**
 * The members of a schema that let pass what they would have refused. Those that convert whatever they are given before they check it
 * (`z.coerce`): JSON has types of its own, and of null, of true and of an empty list such a member makes a number or a text. And those that
 * put another value in the place of a wrong one (`.catch`), so that nobody is told.
 *
 * @param where what to call the root: body
 * @param around the schemas that it is a part of
 * @param recursive those of them that turned out to hold themselves: looked at once, in the first of their places, which have no end
 */
export const lenientMembers = (
  schema: z.ZodType,
  where: string,
  around: readonly z.ZodType[] = [],
  recursive = new Set<z.ZodType>(),
): readonly SchemaFinding[] => {
  if (around.includes(schema)) recursive.add(schema)
  if (recursive.has(schema)) return []
  const inside = [...around, schema]
  const def = schema._zod.def as z.core.$ZodTypeDef & Readonly<Record<string, unknown>>
  if (def['coerce'] === true) return [{ where, problem: 'is coerced: null, true and [] would pass for a value' }]
  if (def.type === 'catch') return [{ where, problem: 'is caught: whatever is wrong would pass for another value' }]
  switch (def.type) {
    case 'object':
      return Object.entries(def['shape'] as Readonly<Record<string, z.ZodType>>).flatMap(([name, member]) =>
        lenientMembers(member, `${where}/${name}`, inside, recursive),
      )
    case 'lazy':
      return lenientMembers((def['getter'] as () => z.ZodType)(), where, inside, recursive)
    // What comes out of a transform was made by its author.
    case 'pipe':
      return lenientMembers(def['in'] as z.ZodType, where, inside, recursive)
    default: {
      const within = LISTS.has(def.type) ? `${where}/*` : where
      return partsOf(def).flatMap((part) => lenientMembers(part, within, inside, recursive))
    }
  }
}

const LISTS: ReadonlySet<string> = new Set(['array', 'tuple', 'record'])
