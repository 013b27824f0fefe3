/** A JSON Schema that is an object. */
export type Schema = Readonly<Record<string, unknown>>

export const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Says something about a value without bounding it. */
const ANNOTATIONS = new Set([
  ...['title', 'description', 'default', 'examples', 'example', 'deprecated', 'readOnly', 'writeOnly', 'nullable'],
  ...['$schema', '$id', '$comment', '$defs', 'definitions', 'discriminator', 'xml', 'externalDocs'],
])

/** What a schema says, without what stands for others: its own part of an `allOf`, beside a `$ref`, or around branches. */
export const without = (schema: Schema, keywords: readonly string[]): Schema => {
  const rest = Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword))
  return rest.some(([keyword]) => !ANNOTATIONS.has(keyword)) ? Object.fromEntries(rest) : {}
}

/**
 * Makes one schema of parts that hold at once: what one bounds the others need not, and a key that several describe is held to all.
 * Two schemas are made one once, so that who follows a schema into itself comes to an end.
 */
export const merger = (): ((parts: readonly Schema[]) => Schema) => {
  const made = new Map<unknown, Map<unknown, Schema>>()

  const pair = (one: unknown, other: unknown): unknown => {
    if (one === undefined || other === undefined) return one ?? other
    if (one === false || other === false) return false
    if (!isSchema(one) || !isSchema(other)) return isSchema(one) ? one : other
    const known = made.get(one)?.get(other)
    if (known !== undefined) return known
    const both = { allOf: [one, other] }
    made.set(one, (made.get(one) ?? new Map<unknown, Schema>()).set(other, both))
    return both
  }
  const named = (one: unknown, other: unknown): unknown => {
    if (!isSchema(one) || !isSchema(other)) return one ?? other
    const names = new Set([...Object.keys(one), ...Object.keys(other)])
    return Object.fromEntries([...names].map((name) => [name, pair(one[name], other[name])]))
  }
  const listed = (one: unknown, other: unknown): unknown =>
    Array.isArray(one) && Array.isArray(other) ? [...one, ...other] : (one ?? other)

  const joined: Readonly<Record<string, (one: unknown, other: unknown) => unknown>> = {
    properties: named,
    patternProperties: named,
    items: pair,
    additionalProperties: pair,
    unevaluatedProperties: pair,
    propertyNames: pair,
    anyOf: listed,
    oneOf: listed,
  }
  const both = (one: Schema, other: Schema): Schema => {
    const all: Record<string, unknown> = { ...one, ...other }
    for (const [keyword, join] of Object.entries(joined))
      if (keyword in one && keyword in other) all[keyword] = join(one[keyword], other[keyword])
    return all
  }
  return (parts) => parts.reduce((one, other) => both(one, other), {})
}

/** A reference within the document: `#`, `#/$defs/name`. */
export const resolve = (root: unknown, reference: string): unknown => {
  if (!reference.startsWith('#')) return undefined
  let at: unknown = root
  for (const part of reference.slice(1).split('/').slice(1)) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    at = isSchema(at) || Array.isArray(at) ? (at as Schema)[name] : undefined
  }
  return at
}
