import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'

/** `<<: *base` in a map: all that `base` says and the map does not say itself. Of YAML 1.1, and written by hand ever since. */
const MERGE = '<<'

/**
 * Follows the merge keys of a document in YAML, which its parser leaves as names that mean nothing: a schema that says all it says by one would
 * take anything.
 *
 * @param value is changed
 * @throws Error for one that brings in no map
 */
export const followMergeKeys = (value: unknown, seen = new Set<unknown>()): void => {
  // Behind an alias is the same object once more: a few lines may hold millions of them.
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  seen.add(value)
  for (const member of Object.values(value)) followMergeKeys(member, seen)
  if (isPart(value) && Object.hasOwn(value, MERGE)) mergeInto(value, [value[MERGE]].flat())
}

/** The first of several goes before the others: yaml.org/type/merge.html. */
const mergeInto = (part: Record<string, unknown>, bases: readonly unknown[]): void => {
  if (!bases.every(isPart)) throw new Error(`it has a ${MERGE} that brings in no map`)
  delete part[MERGE]
  for (const [name, value] of bases.flatMap((base: Part) => Object.entries(base)))
    if (!Object.hasOwn(part, name))
      Object.defineProperty(part, name, { value, enumerable: true, configurable: true, writable: true })
}
