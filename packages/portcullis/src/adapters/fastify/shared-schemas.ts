import type { RouteSchemas } from './schemas.ts'

/** What the application shares by `addSchema`, by their `$id`. */
export type SharedSchemas = Readonly<Record<string, unknown>>

/** A route's inputs, each with all that it may refer to (`{ $ref: 'order#' }`): the audit follows references within a document alone. */
export const withShared = (inputs: RouteSchemas, shared: SharedSchemas): RouteSchemas =>
  inputs.foreign && Object.keys(shared).length > 0
    ? {
        ...inputs,
        body: bundled(inputs.body, shared),
        params: bundled(inputs.params, shared),
        query: bundled(inputs.query, shared),
        headers: bundled(inputs.headers, shared),
      }
    : inputs

/**
 * One document of a schema and what is shared. A `#` within a shared schema means that one (RFC 6901 §6, JSON Schema 2020-12 §8.2).
 */
const bundled = (schema: object | undefined, shared: SharedSchemas): object | undefined => {
  if (schema === undefined) return undefined
  const all = Object.entries(shared).map(([id, one]) => [nameOf(id), referring(one, id, shared)])
  const own = referring(schema, undefined, shared) as { readonly $defs?: object }
  return { ...own, $defs: { ...own.$defs, ...Object.fromEntries(all) } }
}

/** Beside a schema's own definitions, which may have the same names. */
const nameOf = (id: string): string => `shared ${id}`

/** The same with its references written anew. */
const referring = (value: unknown, within: string | undefined, shared: SharedSchemas): unknown => {
  if (Array.isArray(value)) return value.map((one) => referring(one, within, shared))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, one]): [string, unknown] =>
    name === '$ref' && typeof one === 'string'
      ? [name, moved(one, within, shared)]
      : [name, referring(one, within, shared)],
  )
  return Object.fromEntries(entries)
}

const moved = (reference: string, within: string | undefined, shared: SharedSchemas): string => {
  const [id = '', pointer = ''] = reference.split('#')
  const target = id === '' ? within : id
  if (target === undefined || !Object.hasOwn(shared, target)) return reference
  return `#/$defs/${encodeURIComponent(nameOf(target).replaceAll('~', '~0').replaceAll('/', '~1'))}${pointer}`
}
