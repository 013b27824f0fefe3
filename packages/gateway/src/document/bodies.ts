import type { MultipartSchema } from './multipart.ts'
import { readMultipart } from './multipart.ts'
import { BRACKETS_AND_DOTS, otherSpelling } from './names.ts'
import type { Pairs } from './pairs.ts'
import { valuesByName } from './pairs.ts'
import type { Reading } from './parameters.ts'
import { ofText, pointerTo, readingOf, readValue } from './parameters.ts'
import type { Part } from './pointers.ts'
import { isPart, resolved } from './pointers.ts'
import { propertiesOf } from './properties.ts'
import { describedNames } from './read-only.ts'
import type { ClosedSchema, SchemaCloser } from './schemas.ts'
import type { Check, Fault, Validator } from './validator.ts'
import { UNKNOWN_KEYS } from './validator.ts'

/** What an operation takes as its body, by media type. */
export interface BodyTypes {
  readonly required: boolean
  /** JSON, and every `+json`. */
  readonly json: ReadonlyMap<string, ClosedSchema>
  readonly form: FormSchema | undefined
  /** Judged as it passes: texts and files. */
  readonly multipart: MultipartSchema | undefined
  /** Passed on as they come, within the upload limit: files. */
  readonly streamed: readonly string[]
}

/** A form: its whole, and how each field's text becomes a value. */
export interface FormSchema {
  readonly whole: ClosedSchema
  readonly fields: ReadonlyMap<string, { readonly schema: ClosedSchema; readonly reading: Reading }>
  /** All names that it describes, of which some are not sent. */
  readonly names: readonly string[]
}

export const FORM = 'application/x-www-form-urlencoded'
export const MULTIPART = 'multipart/form-data'

/** Whether a media type is JSON by its name (RFC 6839 §3.1). */
export const isJsonType = (essence: string): boolean => essence === 'application/json' || essence.endsWith('+json')

/**
 * Reads a request body object, OpenAPI 3.1 §4.8.13.
 *
 * @throws TypeError that says what can't be served
 */
export const readBody = (document: Part, given: unknown, closer: SchemaCloser): BodyTypes => {
  const body = resolved(document, given)
  const json = new Map<string, ClosedSchema>()
  const streamed: string[] = []
  let form: FormSchema | undefined
  let multipart: MultipartSchema | undefined
  for (const [type, media] of Object.entries(isPart(body['content']) ? body['content'] : {})) {
    const essence = (type.split(';', 1)[0] ?? '').trim().toLowerCase()
    const schema = isPart(media) ? media['schema'] : undefined
    if (!/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/.test(essence))
      throw new TypeError(`takes a body of ${type}: name the media types`)
    if (isJsonType(essence)) json.set(essence, closer.close(schema ?? true))
    else if (essence === FORM) form = readForm(document, schema ?? true, closer)
    else {
      if (essence === MULTIPART) multipart = readMultipart(document, schema, closer)
      if (essence !== MULTIPART || multipart === undefined) streamed.push(essence)
    }
  }
  return { required: body['required'] === true, json, form, multipart, streamed }
}

const readForm = (document: Part, schema: unknown, closer: SchemaCloser): FormSchema => {
  const fields = Object.entries(propertiesOf(document, schema).properties).map(
    ([name, property]) =>
      [
        name,
        {
          schema: closer.close(ofText(document, property)),
          reading: readingOf(document, name, property, 'form', undefined),
        },
      ] as const,
  )
  return { whole: closer.close(schema), fields: new Map(fields), names: describedNames(document, schema) }
}

/** Prepares the check of a form's pairs. */
export const formCheck = (
  { whole, fields, names }: FormSchema,
  validator: Validator,
): ((pairs: Pairs) => readonly Fault[]) => {
  const check = validator.compile(whole)
  const readers = new Map<string, { readonly reading: Reading; readonly check: Check }>(
    [...fields].map(([name, { schema, reading }]) => [name, { reading, check: validator.compile(schema) }]),
  )
  const isOther = otherSpelling(names, BRACKETS_AND_DOTS)
  return (pairs) => {
    // An open form takes any name, and the upstream would read this one as one that was judged, or is never sent.
    if (pairs.some(([name]) => isOther(name))) return UNKNOWN_KEYS
    const values: (readonly [string, unknown])[] = []
    for (const [name, sent] of valuesByName(pairs)) {
      const reader = readers.get(name)
      // Of a name that is not known the whole says so.
      const read = reader === undefined ? undefined : readValue(sent, reader.reading, reader.check)
      if (read?.ok === false) return read.faults.map((fault) => ({ ...fault, field: pointerTo(name) + fault.field }))
      values.push([name, read === undefined ? sent : read.value])
    }
    return check(Object.fromEntries(values))
  }
}
