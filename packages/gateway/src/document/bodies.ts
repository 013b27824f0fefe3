import { isDeepStrictEqual } from 'node:util'
import type { EncodedAs, Encoding } from './encodings.ts'
import { encodingOf } from './encodings.ts'
import { faultsOfTexts } from './integers.ts'
import { SPELLED } from './letters.ts'
import { isJsonType } from './media-types.ts'
import type { MultipartSchema } from './multipart.ts'
import { readMultipart } from './multipart.ts'
import { BRACKETS_AND_DOTS, otherSpelling } from './names.ts'
import type { Pairs } from './pairs.ts'
import { valuesByName } from './pairs.ts'
import { eitherOf, listOrText, readingOf } from './parameters.ts'
import type { Part } from './pointers.ts'
import { isPart, resolved } from './pointers.ts'
import { propertiesOf } from './properties.ts'
import { describedProperties, describedRest } from './read-only.ts'
import type { ClosedSchema, SchemaCloser } from './schemas.ts'
import { kindsOf, ofText } from './texts.ts'
import type { Check, Fault, Validator } from './validator.ts'
import { UNKNOWN_KEYS } from './validator.ts'
import type { FieldReader, Reading } from './values.ts'
import { faultsIn, neverEmpty, readValue } from './values.ts'

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
  /** Forms that are not taken, since they can't be judged: `as multipart/form-data`, and why. */
  readonly leftOut: readonly string[]
}

/** A form: its whole, and how each field's text becomes a value. */
export interface FormSchema {
  readonly whole: ClosedSchema
  readonly fields: ReadonlyMap<string, FieldSchema>
  /** The same of all names that are not listed, where something is said of their values. */
  readonly rest: FieldSchema | undefined
  /** All names that it describes, of which some are not sent. */
  readonly names: readonly string[]
}

interface FieldSchema {
  readonly schema: ClosedSchema
  readonly reading: Reading
}

export const FORM = 'application/x-www-form-urlencoded'
export const MULTIPART = 'multipart/form-data'

/**
 * Reads a request body object, OpenAPI 3.1 §4.8.13. Frameworks write every body as a form too (Django REST framework each of them), where an object has no
 * spelling: such a form is left out beside a type that can be judged.
 *
 * @throws TypeError that says what can't be served
 */
export const readBody = (document: Part, given: unknown, closer: SchemaCloser): BodyTypes => {
  const body = resolved(document, given)
  const json = new Map<string, ClosedSchema>()
  const streamed: string[] = []
  const unread: (readonly [type: string, error: Error])[] = []
  const schemas = new Map<string, unknown>()
  let form: FormSchema | undefined
  let multipart: MultipartSchema | undefined
  const orLeftOut = <Form>(type: string, read: () => Form): Form | undefined => {
    try {
      return read()
    } catch (error) {
      unread.push([type, error as Error])
      return undefined
    }
  }
  const content = Object.entries(isPart(body['content']) ? body['content'] : {})
  // ASP.NET writes application/*+json beside application/json: what is named is taken, and nothing else of the range.
  const named = content.filter(([type]) => !type.includes('*'))
  for (const [type, media] of named.length > 0 ? named : content) {
    const essence = (type.split(';', 1)[0] ?? '').trim().toLowerCase()
    const schema = isPart(media) ? media['schema'] : undefined
    if (!/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/.test(essence))
      throw new TypeError(`takes a body of ${type}: name the media types`)
    // `application/json; version=1` beside version=2: which of them the upstream reads it by can't be known, and one may let through more.
    if (schemas.has(essence) && !isDeepStrictEqual(schemas.get(essence), schema))
      throw new TypeError(`takes a body of ${essence} by two schemas: write them as one, with oneOf`)
    schemas.set(essence, schema)
    if (isJsonType(essence)) json.set(essence, withoutMethod(document, schema ?? true, closer))
    else if (essence === FORM)
      form = orLeftOut(essence, () => readForm(document, schema ?? true, encodingOf(media), closer))
    else if (essence === MULTIPART)
      multipart = orLeftOut(essence, () => {
        const read = readMultipart(document, schema, encodingOf(media), closer)
        if (read === undefined) streamed.push(essence)
        return read
      })
    else streamed.push(essence)
  }
  const [first] = unread
  if (first !== undefined && json.size === 0 && form === undefined && multipart === undefined) throw first[1]
  const leftOut = unread.map(([type, { message }]) => `as ${type} ${message}`)
  return { required: body['required'] === true, json, form, multipart, streamed, leftOut }
}

/**
 * What Rails takes out of a form for the method of a POST, Symfony and Laravel too, and Laravel out of JSON, as Slim does in capitals: whatever
 * object is open takes any name, and a DELETE would pass by the rule of the POST.
 */
const METHOD = '_method'

/** The schema of a body that can't name another method, unless the document says that it does. */
const withoutMethod = (document: Part, schema: unknown, closer: SchemaCloser): ClosedSchema => {
  const made = closer.close(schema)
  const described = describedProperties(document, schema)
  if (made === false || described.has(METHOD)) return made
  const { allOf = [], ...rest } = made === true ? {} : made
  return {
    ...rest,
    allOf: [
      ...(allOf as readonly unknown[]),
      { not: { type: 'object', required: [METHOD] }, [SPELLED]: [METHOD, ...described.keys()] },
    ],
  }
}

/** An object or a list may be JSON in a field. An object in brackets is not read: `a[b]` is a name of its own here. */
const readingInForm = (document: Part, name: string, property: unknown, encoded: EncodedAs): Reading => {
  const kinds = kindsOf(document, property)
  if (encoded.isJson && (kinds.has('object') || kinds.has('array'))) return { kind: 'json' }
  if (kinds.has('object') && encoded.style === 'deepObject')
    throw new TypeError(`takes ${name} in the style deepObject, which is not served`)
  return readingOf(document, name, property, encoded.style, encoded.explode)
}

const readForm = (document: Part, schema: unknown, encoding: Encoding, closer: SchemaCloser): FormSchema => {
  const fields = new Map<string, FieldSchema>()
  for (const [name, property] of Object.entries(propertiesOf(document, schema).properties)) {
    const reading = readingInForm(document, name, property, encoding(name))
    const said = reading.kind === 'json' ? property : ofText(document, property)
    fields.set(name, { schema: closer.close(said), reading })
  }
  const either = (said: readonly unknown[]): FieldSchema | undefined => {
    const schema = eitherOf(document, said, closer)
    return schema === undefined ? undefined : { schema, reading: listOrText(document, { anyOf: said }) }
  }
  const described = describedProperties(document, schema)
  for (const [name, said] of described) {
    const field = fields.has(name) ? undefined : either(said)
    if (field !== undefined) fields.set(name, field)
  }
  return {
    whole: withoutMethod(document, schema, closer),
    fields,
    rest: either(describedRest(document, schema)),
    names: [...described.keys()],
  }
}

const readerOf = ({ schema, reading }: FieldSchema, validator: Validator): FieldReader => ({
  reading,
  check: validator.compile(schema),
})

/** What reads each field that a form lists. */
export const fieldReaders = ({ fields }: FormSchema, validator: Validator): ReadonlyMap<string, FieldReader> =>
  new Map([...fields].map(([name, field]) => [name, readerOf(field, validator)]))

/** Prepares the check of a form's pairs. */
export const formCheck = (
  form: FormSchema,
  validator: Validator,
  readers: ReadonlyMap<string, FieldReader> = fieldReaders(form, validator),
): ((pairs: Pairs) => readonly Fault[]) => {
  const { whole, rest, names } = form
  const check = validator.compile(whole)
  const ofRest = rest === undefined ? undefined : readerOf(rest, validator)
  const readerFor = (name: string) => readers.get(name) ?? ofRest
  const isOther = otherSpelling([...names, METHOD], BRACKETS_AND_DOTS)
  const described = new Set(names)
  // Spring empties what is called so behind a `_`, where it is not sent itself.
  const isEmptied = (name: string): boolean =>
    name.startsWith('_') && !described.has(name) && (described.has(name.slice(1)) || isOther(name.slice(1)))
  return (pairs) => {
    // An open form takes any name, and the upstream would read this one as one that was judged, or is never sent.
    if (pairs.some(([name]) => isOther(name) || isEmptied(name))) return UNKNOWN_KEYS
    const values: (readonly [string, unknown])[] = []
    const sendings = valuesByName(pairs)
    for (const [name, sent] of sendings) {
      const reader = readerFor(name)
      // Of a name of which nothing is said the whole says whether it is taken.
      const read = reader === undefined ? undefined : readValue(sent, reader.reading, reader.check)
      if (read?.ok === false) return faultsIn(name, readers, read.faults)
      values.push([name, read === undefined ? sent : read.value])
    }
    const faults = faultsOfTexts(Object.fromEntries(values), check)
    if (faults.length === 0) return faults
    // What is a number or a list in one alternative may be a text in the one that is meant.
    const texts = values.map(([name, value]) => [name, textOf(sendings.get(name), readerFor(name)?.check) ?? value])
    const asTexts = faultsOfTexts(Object.fromEntries(texts), check)
    return asTexts.length === 0 ? asTexts : faults
  }
}

/** Prepares the leaving out of fields that nobody filled in. */
export const filledIn = (readers: ReadonlyMap<string, FieldReader>): ((pairs: Pairs) => Pairs) => {
  const never = neverEmpty(readers)
  return (pairs) => pairs.filter(([name, value]) => value !== '' || !never.has(name))
}

/** What was sent for a field, as one text where it may be that. */
const textOf = ([text, ...others]: readonly string[] = [], check: Check | undefined): string | undefined =>
  check !== undefined && others.length === 0 && check(text).length === 0 ? text : undefined
