/** A place in a schema that lets anything, or too much, through. */
export interface SchemaFinding {
  /** `body/items/*\/name` */
  readonly where: string
  readonly problem: string
}

type Schema = Readonly<Record<string, unknown>>

/** Formats whose text has one length. */
const FIXED = new Set(['uuid', 'guid', 'ipv4', 'ipv6', 'date'])

/** Each of their branches must be bounded. */
const ALTERNATIVES = ['anyOf', 'oneOf'] as const

/**
 * Looks for what a JSON Schema leaves open: strings, numbers and arrays without bounds, objects that take unknown keys, values
 * of any kind. ASVS 2.2.1, API4:2023.
 *
 * @param schema JSON Schema: draft 2020-12, or draft-07 as people write it by hand
 * @param where what to call the root: body, query, params
 */
export const auditSchema = (schema: unknown, where: string): readonly SchemaFinding[] => {
  const findings: SchemaFinding[] = []
  audit(schema, where, { root: schema, findings, seen: new Set() })
  return findings
}

interface Walk {
  readonly root: unknown
  readonly findings: SchemaFinding[]
  readonly seen: Set<unknown>
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const audit = (schema: unknown, where: string, walk: Walk): void => {
  if (schema === false || walk.seen.has(schema)) return
  if (isSchema(schema)) {
    walk.seen.add(schema)
    auditKeywords(schema, where, walk)
  } else {
    walk.findings.push({ where, problem: 'takes anything' })
  }
}

const auditKeywords = (schema: Schema, where: string, walk: Walk): void => {
  if (typeof schema['$ref'] === 'string') {
    const target = resolve(walk.root, schema['$ref'])
    if (target === undefined) walk.findings.push({ where, problem: 'refers to a schema that is not there' })
    else audit(target, where, walk)
    return
  }
  if ('const' in schema || Array.isArray(schema['enum'])) return
  if (isSchema(schema['not']) && Object.keys(schema['not']).length === 0) return
  if (Array.isArray(schema['allOf'])) {
    // All of them hold at once: what one bounds the others need not.
    const { allOf, ...rest } = schema
    const parts = (allOf as readonly unknown[]).map((part) => dereference(walk.root, part) as object)
    audit(Object.assign({}, ...parts, rest), where, walk)
    return
  }
  const branches = ALTERNATIVES.flatMap((keyword) =>
    Array.isArray(schema[keyword]) ? (schema[keyword] as unknown[]) : [],
  )
  for (const branch of branches) audit(branch, where, walk)
  if (branches.length > 0) return
  const types = typesOf(schema)
  if (types.length === 0) walk.findings.push({ where, problem: 'takes anything' })
  for (const type of types) auditType(type, schema, where, walk)
}

const auditType = (type: unknown, schema: Schema, where: string, walk: Walk): void => {
  const found = (problem: string): void => void walk.findings.push({ where, problem })
  if (type === 'string') {
    if (!isNumber(schema['maxLength']) && !FIXED.has(String(schema['format']))) found('is a string without maxLength')
  } else if (type === 'number' || type === 'integer') {
    if (!isNumber(schema['minimum']) && !isNumber(schema['exclusiveMinimum'])) found('is a number without a minimum')
    if (!isNumber(schema['maximum']) && !isNumber(schema['exclusiveMaximum'])) found('is a number without a maximum')
  } else if (type === 'array') auditArray(schema, where, walk)
  else if (type === 'object') auditObject(schema, where, walk)
}

const auditArray = (schema: Schema, where: string, walk: Walk): void => {
  const prefix = Array.isArray(schema['prefixItems'])
    ? schema['prefixItems']
    : Array.isArray(schema['items'])
      ? schema['items']
      : []
  const rest = Array.isArray(schema['items']) ? schema['additionalItems'] : schema['items']
  const bounded = isNumber(schema['maxItems']) || (prefix.length > 0 && rest === false)
  if (!bounded) walk.findings.push({ where, problem: 'is an array without maxItems' })
  for (const [index, item] of prefix.entries()) audit(item, `${where}/${index}`, walk)
  if (rest !== false && (rest !== undefined || prefix.length === 0)) audit(rest, `${where}/*`, walk)
}

const auditObject = (schema: Schema, where: string, walk: Walk): void => {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {}
  for (const [name, property] of Object.entries(properties)) audit(property, `${where}/${name}`, walk)
  const patterns = isSchema(schema['patternProperties']) ? Object.values(schema['patternProperties']) : []
  const additional = schema['additionalProperties'] ?? schema['unevaluatedProperties']
  if (
    additional === undefined ||
    additional === true ||
    (isSchema(additional) && Object.keys(additional).length === 0)
  ) {
    walk.findings.push({ where, problem: 'is an object that takes unknown keys' })
  } else if (additional !== false || patterns.length > 0) {
    const names = dereference(walk.root, schema['propertyNames'])
    const namesBounded = isSchema(names) && (isNumber(names['maxLength']) || Array.isArray(names['enum']))
    if (!namesBounded && additional !== false)
      walk.findings.push({ where, problem: 'is a record whose names have no bounds' })
    const listed = isSchema(names) && Array.isArray(names['enum'])
    if (!isNumber(schema['maxProperties']) && !listed)
      walk.findings.push({ where, problem: 'is a record without maxProperties' })
    for (const value of [...patterns, ...(isSchema(additional) ? [additional] : [])]) audit(value, `${where}/*`, walk)
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/** The types a schema lets through; guessed from its keywords where hand-written ones say none. */
const typesOf = (schema: Schema): readonly unknown[] => {
  if (Array.isArray(schema['type'])) return schema['type']
  if (schema['type'] !== undefined) return [schema['type']]
  if ('properties' in schema || 'additionalProperties' in schema) return ['object']
  if ('items' in schema || 'prefixItems' in schema) return ['array']
  return []
}

const dereference = (root: unknown, schema: unknown): unknown =>
  isSchema(schema) && typeof schema['$ref'] === 'string' ? resolve(root, schema['$ref']) : schema

/** A reference within the document: `#`, `#/$defs/name`. */
const resolve = (root: unknown, reference: string): unknown => {
  if (!reference.startsWith('#')) return undefined
  let at: unknown = root
  for (const part of reference.slice(1).split('/').slice(1)) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    at = isSchema(at) || Array.isArray(at) ? (at as Schema)[name] : undefined
  }
  return at
}
