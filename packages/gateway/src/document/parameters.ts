import { parseJson } from 'portcullis/validation'
import { faultsOfJson } from './integers.ts'
import type { Part } from './pointers.ts'
import { isPart, resolved } from './pointers.ts'
import { propertiesOf } from './properties.ts'
import type { ClosedSchema, SchemaCloser } from './schemas.ts'
import { kindsOf, ofText } from './texts.ts'
import type { Check, Fault, Validator } from './validator.ts'

/** Where a parameter stands in a request. */
export type Place = 'path' | 'query' | 'header' | 'cookie'

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string
  readonly place: Place
  readonly required: boolean
  readonly schema: ClosedSchema
  /** How its text becomes a value. */
  readonly reading: Reading
  /** Of an object in brackets: what each member must be, by which its text becomes a value. */
  readonly members: ReadonlyMap<string, ClosedSchema>
}

/** One text; a list in one text, or in one parameter an item; an object in brackets (`filter[name]=x`); JSON in a text. */
export type Reading =
  | { readonly kind: 'text' | 'repeated' | 'deep' | 'json' }
  | { readonly kind: 'separated'; readonly by: string }

const SEPARATORS: Readonly<Record<string, string>> = { form: ',', simple: ',', spaceDelimited: ' ', pipeDelimited: '|' }
const DEFAULT_STYLE: Readonly<Record<Place, string>> = {
  path: 'simple',
  query: 'form',
  header: 'simple',
  cookie: 'form',
}

/**
 * Reads a parameter object, OpenAPI 3.1 §4.8.12.
 *
 * @throws TypeError that says what can't be served
 */
export const readParameter = (document: Part, given: unknown, closer: SchemaCloser): Parameter => {
  const parameter = resolved(document, given)
  const { name, in: place, style, content } = parameter as Record<string, unknown>
  if (typeof name !== 'string' || name === '' || !isPlace(place))
    throw new TypeError('has a parameter without a name or a place')
  const media = isPart(content) ? Object.entries(content)[0] : undefined
  if (media !== undefined && !/^application\/json$/i.test(media[0]))
    throw new TypeError(`takes ${name} as ${media[0]}, which is not served`)
  const schema = media === undefined ? parameter['schema'] : isPart(media[1]) ? media[1]['schema'] : undefined
  const described = ofText(document, schema ?? { type: 'string' })
  const reading: Reading =
    media === undefined
      ? readingOf(document, name, described, String(style ?? DEFAULT_STYLE[place]), parameter['explode'])
      : { kind: 'json' }
  return {
    name,
    place,
    required: place === 'path' || parameter['required'] === true,
    schema: closer.close(reading.kind === 'json' ? (schema ?? { type: 'string' }) : described),
    reading,
    members: new Map(
      Object.entries(reading.kind === 'deep' ? propertiesOf(document, described).properties : {}).map(
        ([member, property]) => [member, closer.close(ofText(document, property))],
      ),
    ),
  }
}

const isPlace = (place: unknown): place is Place =>
  place === 'path' || place === 'query' || place === 'header' || place === 'cookie'

/** How text becomes a value of this schema. Also for the fields of a form, whose style is `form`. */
export const readingOf = (document: Part, name: string, schema: unknown, style: string, explode: unknown): Reading => {
  const kinds = kindsOf(document, schema)
  if (kinds.has('object')) {
    if (style === 'deepObject') return { kind: 'deep' }
    throw new TypeError(`takes ${name} as an object in the style ${style}, which is not served`)
  }
  if (!kinds.has('array')) return { kind: 'text' }
  if (style === 'form' && explode !== false) return { kind: 'repeated' }
  const by = SEPARATORS[style]
  if (by === undefined) throw new TypeError(`takes ${name} in the style ${style}, which is not served`)
  return { kind: 'separated', by }
}

/** The same of a field that only an alternative describes, or of any field: one that must be an object has no text, and the whole refuses it. */
export const listOrText = (document: Part, schema: unknown): Reading => ({
  kind: kindsOf(document, schema).has('array') ? 'repeated' : 'text',
})

/** What a text can mean: each type has one canonical spelling, and `1.0`, `01`, `+1`, `True` and `on` are none. */
const meanings = (text: string): readonly unknown[] => {
  const values: unknown[] = []
  if (/^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,17})?$/.test(text) && String(Number(text)) === text) values.push(Number(text))
  if (text === 'true' || text === 'false') values.push(text === 'true')
  values.push(text)
  return values
}

/** What was sent for a parameter: its texts, or of an object its members. */
export type Sent = readonly string[] | ReadonlyMap<string, readonly string[]>

/** A value, or what is wrong with it. */
export type ReadValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** A name as a segment of a JSON pointer. */
export const pointerTo = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** Prepares the check of a parameter: from what was sent to what is wrong. */
export const parameterCheck = (
  { name, required, schema, reading, members }: Parameter,
  validator: Validator,
): ((sent: Sent | undefined) => readonly Fault[]) => {
  const check = validator.compile(schema)
  const ofMembers = new Map([...members].map(([member, one]) => [member, validator.compile(one)]))
  const field = pointerTo(name)
  return (sent) => {
    if (sent === undefined) return required ? [{ field, problem: 'is missing' }] : NONE
    const read = isTexts(sent) ? readValue(sent, reading, check) : readObject(sent, check, ofMembers)
    return read.ok ? NONE : read.faults.map((fault) => ({ ...fault, field: field + fault.field }))
  }
}

const NONE: readonly Fault[] = Object.freeze([])
const TWICE: ReadValue = { ok: false, faults: [{ field: '', problem: 'stands twice' }] }
const NO_JSON: ReadValue = { ok: false, faults: [{ field: '', problem: 'must be JSON' }] }

/** What reads a field of a form: how its text becomes a value, and what that must be. */
export interface FieldReader {
  readonly reading: Reading
  readonly check: Check
}

/**
 * The names of fields that can't be an empty text. One that nobody filled in is as good as none: a browser sends each field of a form, `age=` for a
 * number too. It does not go on either, or the upstream would have a value that the document does not describe.
 */
export const neverEmpty = (readers: ReadonlyMap<string, FieldReader>): ReadonlySet<string> =>
  new Set([...readers].flatMap(([name, { reading, check }]) => (readValue([''], reading, check).ok ? [] : [name])))

/** Reads the texts of one parameter, or of one field of a form. */
export const readValue = (sent: readonly string[], reading: Reading, check: Check): ReadValue => {
  const [text = '', ...others] = sent
  // What is a list in one alternative may be one text in another.
  if (reading.kind === 'repeated') return readList(sent, check, others.length === 0 ? meanings(text) : [])
  if (others.length > 0) return TWICE
  if (reading.kind === 'separated') return readList(text.split(reading.by), check)
  if (reading.kind === 'json') {
    const bytes = Buffer.from(text)
    const parsed = parseJson(bytes)
    if (!parsed.ok) return NO_JSON
    const faults = faultsOfJson(bytes, parsed.value, check)
    return faults.length === 0 ? { ok: true, value: parsed.value } : { ok: false, faults }
  }
  return firstOf(meanings(text), check)
}

const isTexts = (sent: Sent): sent is readonly string[] => Array.isArray(sent)

/** The first meaning that passes; else what is wrong with the likeliest, which says more than "must be string". */
const firstOf = (values: readonly unknown[], check: Check): ReadValue => {
  let faults: readonly Fault[] | undefined
  for (const value of values) {
    const found = check(value)
    if (found.length === 0) return { ok: true, value }
    faults ??= found
  }
  return { ok: false, faults: faults ?? NONE }
}

/** All of them texts, or each by its likeliest meaning: a list of numbers; or else what they may be if they are none. */
const readList = (texts: readonly string[], check: Check, orElse: readonly unknown[] = []): ReadValue =>
  firstOf([texts.map((text) => meanings(text)[0]), texts, ...orElse], check)

/** Each member by the first of its meanings that it may have; what is not described by its likeliest, or all of them texts. */
const readObject = (
  members: ReadonlyMap<string, readonly string[]>,
  check: Check,
  ofMembers: ReadonlyMap<string, Check>,
): ReadValue => {
  const meant: (readonly [string, unknown])[] = []
  const texts: (readonly [string, unknown])[] = []
  for (const [name, [text = '', ...others]] of members) {
    if (others.length > 0) return TWICE
    const checkMember = ofMembers.get(name)
    const read = checkMember === undefined ? undefined : firstOf(meanings(text), checkMember)
    if (read?.ok === false)
      return { ok: false, faults: read.faults.map((fault) => ({ ...fault, field: pointerTo(name) + fault.field })) }
    meant.push([name, read === undefined ? meanings(text)[0] : read.value])
    texts.push([name, read === undefined ? text : read.value])
  }
  return firstOf([Object.fromEntries(meant), Object.fromEntries(texts)], check)
}
