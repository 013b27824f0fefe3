import { conditioned, INSIDE_MAPS, REFUSED, SAME_LISTS, tidied, tupled } from './keywords.ts'
import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'

export const NO_SCHEMA = 'has a schema that is neither an object nor a boolean'

/**
 * A schema as it is read here.
 *
 * @throws TypeError for a keyword that is not served, and for one of another form than its own: passed over, it would let everything through
 */
export const served = (original: Part): Part => {
  const schema = conditioned(tidied(tupled(original)))
  const refused = REFUSED.find((keyword) => keyword in schema)
  if (refused !== undefined) throw new TypeError(`uses ${refused}, which is not served`)
  if (!['undefined', 'string'].includes(typeof schema['$ref'])) throw new TypeError('has a $ref that is no text')
  if (Array.isArray(schema['enum']) && schema['enum'].length === 0)
    throw new TypeError('has an enum that lists nothing')
  if (!['undefined', 'boolean'].includes(typeof original['required']) && !Array.isArray(original['required']))
    throw new TypeError('has a required that is no list')
  const isFormed = (keyword: string, of: (value: unknown) => boolean): boolean =>
    schema[keyword] === undefined || of(schema[keyword])
  if (![...INSIDE_MAPS, 'dependentSchemas'].every((keyword) => isFormed(keyword, isPart)))
    throw new TypeError(NO_SCHEMA)
  if (![...SAME_LISTS, 'prefixItems'].every((keyword) => isFormed(keyword, Array.isArray)))
    throw new TypeError(NO_SCHEMA)
  return schema
}
