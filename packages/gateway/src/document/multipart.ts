import type { Counts } from './counts.ts'
import { countsOf } from './counts.ts'
import type { EncodedAs, Encoding } from './encodings.ts'
import { isJsonType } from './media-types.ts'
import { readingOf } from './parameters.ts'
import type { Part } from './pointers.ts'
import { isPart, resolved } from './pointers.ts'
import { propertiesOf } from './properties.ts'
import { saidTogether } from './read-only.ts'
import type { ClosedSchema, SchemaCloser } from './schemas.ts'
import { ofText } from './texts.ts'
import type { Reading } from './values.ts'

/** A part of a multipart form, as the document describes it. */
export type PartSchema =
  | { readonly kind: 'file'; readonly many: Counts | undefined }
  | { readonly kind: 'text'; readonly schema: ClosedSchema; readonly reading: Reading }

/** The parts of a form, by name. */
export interface MultipartSchema {
  readonly parts: ReadonlyMap<string, PartSchema>
  readonly required: readonly string[]
}

/** What says more of a form than which parts it has. They are judged one by one as they come, and nobody would look at this. */
export const ACROSS = [
  ...['anyOf', 'oneOf', 'not', 'if', 'dependentRequired', 'dependentSchemas', 'minProperties', 'maxProperties'],
  ...['patternProperties', 'propertyNames', 'enum', 'const'],
]

/**
 * Reads the schema of multipart/form-data, OpenAPI 3.1 §4.8.14.3; undefined when it calls the whole one text or file: any body then.
 *
 * @throws TypeError that says what can't be served
 */
export const readMultipart = (
  document: Part,
  schema: unknown,
  encoding: Encoding,
  closer: SchemaCloser,
): MultipartSchema | undefined => {
  const form = withoutNull(schema)
  const said = saidTogether(document, form)
  if (said.some(({ type }) => type === 'string')) return undefined
  const across = ACROSS.find((keyword) => said.some((part) => part[keyword] !== undefined))
  if (across !== undefined) throw new TypeError(`takes a multipart form with ${across} at its top, which is not served`)
  const { properties, required } = propertiesOf(document, form)
  const names = Object.keys(properties)
  if (names.length === 0)
    throw new TypeError('takes a multipart form whose parts it does not list, which is not served')
  const parts = names.map((name) => [name, partOf(document, name, properties[name], encoding(name), closer)] as const)
  return { parts: new Map(parts), required }
}

/** Optional of Pydantic, `anyOf` with null: a form is never null. */
const withoutNull = (schema: unknown): unknown => {
  if (!isPart(schema) || !Array.isArray(schema['anyOf'])) return schema
  const { anyOf, ...beside } = schema as { readonly anyOf: readonly unknown[] }
  const [only, ...others] = anyOf.filter((one) => !(isPart(one) && one['type'] === 'null'))
  return only === undefined || others.length > 0 ? schema : { allOf: [only, beside] }
}

const partOf = (
  document: Part,
  name: string,
  property: unknown,
  encoded: EncodedAs,
  closer: SchemaCloser,
): PartSchema => {
  const many = branches(document, property).find(({ type }) => type === 'array')
  const one = many === undefined ? property : many['items']
  if (isFile(document, one) || (encoded.isFile && !isObject(document, one)))
    return { kind: 'file', many: many === undefined ? undefined : filesOf(document, property) }
  // OpenAPI 3.1 §4.8.15: an object is a part of JSON, and each of a list of them.
  const isJson = isObject(document, one) || (encoded.isJson && many !== undefined)
  if (isJson && encoded.isFile) throw new TypeError(`takes ${name} as an object that is no JSON, which is not served`)
  if (!isJson)
    return {
      kind: 'text',
      schema: closer.close(ofText(document, property)),
      reading: readingOf(document, name, property, 'form', undefined),
    }
  return { kind: 'text', schema: closer.close(property), reading: { kind: many === undefined ? 'json' : 'json-list' } }
}

/** One alone is no list where it may stand by itself too: `anyOf` of a file and of files. */
const filesOf = (document: Part, property: unknown): Counts => {
  const counts = countsOf(document, property)
  return isFile(document, property) ? { ...counts, least: 0 } : counts
}

const isObject = (document: Part, schema: unknown): boolean =>
  branches(document, schema).some(({ type, properties }) => type === 'object' || isPart(properties))

/** A schema, and the alternatives in it: `anyOf` with null is an optional part. */
const branches = (document: Part, schema: unknown, depth = 0): readonly Part[] => {
  if (typeof schema === 'boolean' || schema === undefined || depth > 4) return []
  const at = resolved(document, schema)
  const inside = ['anyOf', 'oneOf', 'allOf'].flatMap((keyword) => (at[keyword] as unknown[] | undefined) ?? [])
  return [at, ...inside.flatMap((branch) => branches(document, branch, depth + 1))]
}

/**
 * `format: binary` of OpenAPI 3.0, `contentMediaType` of 3.1, `type: file` of 2.0, which many still write; `format: byte` of none. Of JSON it is a
 * text, as Pydantic writes its `Json`.
 */
const isFile = (document: Part, schema: unknown): boolean =>
  branches(document, schema).some(
    ({ type, format, contentMediaType: media }) =>
      type === 'file' || format === 'binary' || (typeof media === 'string' && !isJsonType(media)),
  )
