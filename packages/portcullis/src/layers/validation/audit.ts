import { isPrototypes } from './parse-json.ts'
import type { Schema } from './schema-parts.ts'
import { isSchema, merger, resolve, without } from './schema-parts.ts'

/** A place in a schema that lets anything, or too much, through; or nothing at all. */
export interface SchemaFinding {
  /** `body/items/*\/name` */
  readonly where: string
  readonly problem: string
}

/** Formats whose text has one length. */
const FIXED = new Set(['uuid', 'guid', 'ipv4', 'ipv6', 'date'])

/** What the router made is an object, whatever its schema says. */
const ALWAYS_OBJECTS = new Set(['params', 'query'])

const IN_BODY = /^body\b/

/** Each of their branches must be bounded. */
const ALTERNATIVES = ['anyOf', 'oneOf'] as const

/**
 * Looks for what a JSON Schema leaves open: strings, numbers and arrays without bounds, objects that take unknown keys, values
 * of any kind. ASVS 2.2.1, API4:2023. In a body also for names that lead to a prototype, which are never let in.
 *
 * @param schema JSON Schema: draft 2020-12, or draft-07 as people write it by hand
 * @param where what to call the root: body, query, params
 * @param byTheLetter whether it is checked as it is written: then what says no type, and is read here as what it describes, is told
 */
export const auditSchema = (schema: unknown, where: string, byTheLetter = false): readonly SchemaFinding[] => {
  const findings: SchemaFinding[] = []
  audit(schema, where, { root: schema, findings, seen: new Set(), byTheLetter, merge: merger() })
  return findings
}

interface Walk {
  readonly root: unknown
  readonly findings: SchemaFinding[]
  readonly seen: Set<unknown>
  readonly byTheLetter: boolean
  merge(parts: readonly Schema[]): Schema
}

const audit = (schema: unknown, where: string, walk: Walk): void => {
  if (schema === false || walk.seen.has(schema)) return
  if (!isSchema(schema)) {
    walk.findings.push({ where, problem: 'takes anything' })
    return
  }
  walk.seen.add(schema)
  const parts = partsOf(schema, where, walk, new Set())
  if (parts === undefined) return
  if (parts.length !== 1) auditKeywords(walk.merge(parts), where, walk)
  // What a reference alone leads to may have been looked at from elsewhere.
  else if (parts[0] !== schema) audit(parts[0], where, walk)
  else auditKeywords(schema, where, walk)
}

/** All that holds of a value at once: what a reference leads to, the parts of an `allOf`, and what stands beside. Undefined when nothing is taken. */
const partsOf = (schema: unknown, where: string, walk: Walk, within: Set<unknown>): readonly Schema[] | undefined => {
  if (schema === false) return undefined
  if (!isSchema(schema) || within.has(schema)) return []
  within.add(schema)
  const reference = schema['$ref']
  const all = Array.isArray(schema['allOf']) ? (schema['allOf'] as readonly unknown[]) : []
  if (typeof reference !== 'string' && all.length === 0) return [schema]
  const target = typeof reference === 'string' ? resolve(walk.root, reference) : true
  if (target === undefined) {
    walk.findings.push({ where, problem: 'refers to a schema that is not there' })
    return undefined
  }
  const beside = without(schema, ['$ref', 'allOf'])
  const parts = [target, ...all].map((part) => partsOf(part, where, walk, within))
  return parts.includes(undefined)
    ? undefined
    : [...parts.flatMap((one) => one ?? []), ...(Object.keys(beside).length > 0 ? [beside] : [])]
}

const auditKeywords = (schema: Schema, where: string, walk: Walk): void => {
  if ('const' in schema || Array.isArray(schema['enum'])) return
  if (isSchema(schema['not']) && Object.keys(schema['not']).length === 0) return
  const branches = ALTERNATIVES.flatMap((keyword) =>
    Array.isArray(schema[keyword]) ? (schema[keyword] as unknown[]) : [],
  )
  if (branches.length > 0) {
    const beside = without(schema, ALTERNATIVES)
    const alone = Object.keys(beside).length === 0
    for (const branch of branches) audit(alone || branch === false ? branch : { allOf: [beside, branch] }, where, walk)
    return
  }
  const types = typesOf(schema)
  // `properties` holds of objects alone: a list, a text or null has none, and passes with all that is `required` left out.
  if (walk.byTheLetter && schema['type'] === undefined && types.length > 0 && !ALWAYS_OBJECTS.has(where))
    walk.findings.push({ where, problem: `takes whatever is no ${types[0]}` })
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
  // What comes behind the items that are described one by one takes anything, unless there is no room for it.
  const isFull = rest === undefined && isNumber(schema['maxItems']) && schema['maxItems'] <= prefix.length
  if (rest !== false && !isFull) audit(rest, `${where}/*`, walk)
}

const auditObject = (schema: Schema, where: string, walk: Walk): void => {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {}
  for (const [name, property] of Object.entries(properties)) {
    // Refused where the body is read, before any schema is asked: the caller would be told of a malformed body.
    if (isPrototypes(name) && IN_BODY.test(where))
      walk.findings.push({ where: `${where}/${name}`, problem: 'has a name that no body may have' })
    audit(property, `${where}/${name}`, walk)
  }
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
