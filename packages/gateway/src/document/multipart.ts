import type { EncodedAs, Encoding } from './encodings.ts'
import { isJsonType } from './media-types.ts'
import { readingOf } from './parameters.ts'
import type { PatternTime } from './patterns.ts'
import { OutOfTime, patternTime, TOOK_TOO_LONG, within } from './patterns.ts'
import type { Part } from './pointers.ts'
import { isPart, resolved } from './pointers.ts'
import { propertiesOf } from './properties.ts'
import { saidTogether } from './read-only.ts'
import type { ClosedSchema, SchemaCloser } from './schemas.ts'
import { ofText } from './texts.ts'
import type { Fault, Validator } from './validator.ts'
import { UNKNOWN_KEYS } from './validator.ts'
import type { FieldReader, Reading } from './values.ts'
import { neverEmpty, pointerTo, readValue } from './values.ts'

/** A part of a multipart form, as the document describes it. */
export type PartSchema =
  | { readonly kind: 'file'; readonly many: boolean }
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
    return { kind: 'file', many: many !== undefined }
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

/** Judges the parts of one form, one after the other. */
export interface MultipartJudge {
  /** Whether a part is JSON: a text, whether it has a file's name or not. */
  isJson(name: string): boolean
  /** Whether an empty text of this name is as good as none: see `neverEmpty`. */
  isUnfilled(name: string): boolean
  /** Of a part that begins: what is wrong with its being there, and being a file or not. */
  begins(name: string, isFile: boolean): readonly Fault[]
  /** Of a text that is whole. */
  text(name: string, value: string): readonly Fault[]
  /** Of the form that is at its end. */
  ends(): readonly Fault[]
}

const JSONS: ReadonlySet<string> = new Set(['json', 'json-list'])
const LISTS: ReadonlySet<string> = new Set(['repeated', 'json-list'])

/** Prepares the judging of forms. */
export const multipartJudge = (
  { parts, required }: MultipartSchema,
  validator: Validator,
): ((time?: PatternTime) => MultipartJudge) => {
  const readers = new Map<string, FieldReader>(
    [...parts].flatMap(([name, part]) =>
      part.kind === 'file' ? [] : [[name, { reading: part.reading, check: validator.compile(part.schema) }] as const],
    ),
  )
  const never = neverEmpty(readers)
  const isJson = (name: string): boolean => JSONS.has(readers.get(name)?.reading.kind ?? '')
  const isList = ({ reading: { kind } }: { readonly reading: Reading }): boolean => LISTS.has(kind)
  return (time = patternTime()) => {
    const seen = new Map<string, string[]>()
    const fault = (name: string, problem: string): readonly Fault[] => [{ field: pointerTo(name), problem }]
    return {
      isJson,
      isUnfilled: (name) => never.has(name),
      begins: (name, isFile) => {
        const part = parts.get(name)
        if (part === undefined) return UNKNOWN_KEYS
        if ((part.kind === 'file') !== isFile)
          return fault(name, part.kind === 'file' ? 'must be a file' : 'must be text')
        const again = seen.has(name)
        const many = part.kind === 'file' ? part.many : isList(part)
        if (again && !many) return fault(name, 'stands twice')
        if (!again) seen.set(name, [])
        return []
      },
      text: (name, value) => {
        const reader = readers.get(name)
        const texts = seen.get(name)
        if (reader === undefined || texts === undefined) return []
        texts.push(value)
        // A list is judged when it is whole.
        return isList(reader) ? [] : inTime(time, () => read(name, [value], reader))
      },
      ends: () => {
        const missing = required.filter((name) => !seen.has(name))
        if (missing.length > 0) return missing.map((name) => ({ field: pointerTo(name), problem: 'is missing' }))
        return [...readers].flatMap(([name, reader]) => {
          const texts = seen.get(name)
          if (!isList(reader) || texts === undefined) return []
          return inTime(time, () => read(name, texts, reader))
        })
      },
    }
  }
}

/** As a fault and not thrown: it is judged where the parser's events come, and nobody there would catch it. */
const inTime = (time: PatternTime, judge: () => readonly Fault[]): readonly Fault[] => {
  try {
    return within(time, judge)
  } catch (error) {
    if (error instanceof OutOfTime) return [{ field: '', problem: TOOK_TOO_LONG }]
    throw error
  }
}

const read = (name: string, texts: readonly string[], { reading, check }: FieldReader): readonly Fault[] => {
  const value = readValue(texts, reading, check)
  return value.ok ? [] : value.faults.map((one) => ({ ...one, field: pointerTo(name) + one.field }))
}
