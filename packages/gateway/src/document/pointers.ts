/** A part of the OpenAPI document, or a JSON Schema in it. */
export type Part = Readonly<Record<string, unknown>>

/** Whether a value is an object of JSON. */
export const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Follows a reference inside the document (RFC 6901). What points elsewhere is never fetched: the document would choose what the
 * gateway asks inside its own network (SSRF, API7:2023).
 *
 * @throws TypeError that says what the reference is
 */
export const follow = (document: Part, reference: string): unknown => {
  if (!reference.startsWith('#/')) throw new TypeError(`refers to ${reference}, which is not in this document`)
  let at: unknown = document
  for (const segment of reference.slice(2).split('/')) {
    const name = unescaped(segment, reference).replaceAll('~1', '/').replaceAll('~0', '~')
    at = isPart(at) || Array.isArray(at) ? (Object.hasOwn(at, name) ? (at as Part)[name] : undefined) : undefined
  }
  if (at === undefined) throw new TypeError(`refers to ${reference}, which is not there`)
  return at
}

const unescaped = (segment: string, reference: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new TypeError(`refers to ${reference}, where a % is no escape: write it as %25`)
  }
}

/** The part itself, or what it refers to: parameters, bodies and path items may be references. */
export const resolved = (document: Part, part: unknown): Part => chained(document, part).at(-1) as Part

/** A part, what it refers to, what that refers to; at least the part itself. */
export const chained = (document: Part, part: unknown): readonly Part[] => {
  const parts: Part[] = []
  let at = part
  while (isPart(at)) {
    parts.push(at)
    if (typeof at['$ref'] !== 'string') return parts
    if (parts.length > 16) throw new TypeError('refers in a circle')
    at = follow(document, at['$ref'])
  }
  throw new TypeError('has a part that is no object')
}
