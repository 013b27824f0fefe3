import type { Part } from './pointers.ts'
import { isPart, resolved } from './pointers.ts'
import { propertiesOf } from './properties.ts'
import { describedProperties, describedRest, isReadOnly } from './read-only.ts'
import type { ClosedSchema, SchemaCloser } from './schemas.ts'
import { kindsOf, ofText } from './texts.ts'
import type { Fault, Validator } from './validator.ts'
import type { Reading, Sent } from './values.ts'
import { isTexts, pointerTo, readObject, readValue } from './values.ts'

/** Where a parameter stands in a request. */
export type Place = 'path' | 'query' | 'header' | 'cookie'

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string
  readonly place: Place
  readonly required: boolean
  /** Whether `?name=`, and `?name` alone, may be sent whatever the schema says. */
  readonly mayBeEmpty: boolean
  readonly schema: ClosedSchema
  /** How its text becomes a value. */
  readonly reading: Reading
  /** Of an object in brackets: what each member must be, by which its text becomes a value. */
  readonly members: ReadonlyMap<string, ClosedSchema>
  /** The same of all members that are not listed, where something is said of their values. */
  readonly rest: ClosedSchema | undefined
  /** Members that can't be sent, and why. */
  readonly leftOut: readonly string[]
}

const SEPARATORS: Readonly<Record<string, string>> = { form: ',', simple: ',', spaceDelimited: ' ', pipeDelimited: '|' }
/** Those of which each item may stand in a parameter of its own. */
const REPEATS: ReadonlySet<string> = new Set(['spaceDelimited', 'pipeDelimited'])
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
    // Of the styles of a query the others have no way to write nothing: OpenAPI 3.1 §4.8.12.2.
    mayBeEmpty: place === 'query' && (style ?? 'form') === 'form' && parameter['allowEmptyValue'] === true,
    schema: closer.close(reading.kind === 'json' ? (schema ?? { type: 'string' }) : described),
    reading,
    ...(reading.kind === 'deep' ? membersOf(document, described, closer) : { members: new Map(), rest: undefined }),
    leftOut: reading.kind === 'deep' ? withoutText(document, name, described) : [],
  }
}

const membersOf = (document: Part, schema: unknown, closer: SchemaCloser): Pick<Parameter, 'members' | 'rest'> => {
  const members = new Map<string, ClosedSchema>()
  for (const [name, said] of describedProperties(document, schema)) {
    const either = eitherOf(document, said, closer)
    if (either !== undefined) members.set(name, either)
  }
  for (const [name, property] of Object.entries(propertiesOf(document, schema).properties))
    members.set(name, closer.close(ofText(document, property)))
  return { members, rest: eitherOf(document, describedRest(document, schema), closer) }
}

/** OpenAPI 3.1 §4.8.12.4 has no way to write a list or an object within an object in brackets. */
const withoutText = (document: Part, name: string, schema: unknown): readonly string[] =>
  [...describedProperties(document, schema)].flatMap(([member, said]) => {
    const kinds = [...kindsOf(document, { anyOf: said })].filter((kind) => kind !== 'null')
    return kinds.length > 0 && kinds.every((kind) => kind === 'array' || kind === 'object')
      ? [`takes ${name}[${member}] as a list or an object, which can't be sent in brackets`]
      : []
  })

/** Of what alternatives say a text is given its meaning by this, and which of them holds the whole finds out. */
export const eitherOf = (document: Part, all: readonly unknown[], closer: SchemaCloser): ClosedSchema | undefined => {
  const said = all.filter((one) => !isReadOnly(document, one))
  return said.length === 0 ? undefined : closer.close({ anyOf: said.map((one) => ofText(document, one)) })
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
  // `;id=5` and `.5`: a single value too has its name, or a dot, before it.
  if (style === 'matrix' || style === 'label')
    throw new TypeError(`takes ${name} in the style ${style}, which is not served`)
  if (!kinds.has('array')) return { kind: 'text' }
  // `a=1&a=2`: of `form` that is the default, and of these what `explode` makes of them.
  if (style === 'form' ? explode !== false : REPEATS.has(style) && explode === true) return { kind: 'repeated' }
  const by = SEPARATORS[style]
  if (by === undefined) throw new TypeError(`takes ${name} in the style ${style}, which is not served`)
  return { kind: 'separated', by }
}

/** The same of a field that only an alternative describes, or of any field: one that must be an object has no text, and the whole refuses it. */
export const listOrText = (document: Part, schema: unknown): Reading => ({
  kind: kindsOf(document, schema).has('array') ? 'repeated' : 'text',
})

/** Prepares the check of a parameter: from what was sent to what is wrong. */
export const parameterCheck = (
  { name, required, mayBeEmpty, schema, reading, members, rest }: Parameter,
  validator: Validator,
): ((sent: Sent | undefined) => readonly Fault[]) => {
  const check = validator.compile(schema)
  const ofMembers = new Map([...members].map(([member, one]) => [member, validator.compile(one)]))
  const ofRest = rest === undefined ? undefined : validator.compile(rest)
  const field = pointerTo(name)
  return (sent) => {
    if (sent === undefined) return required ? [{ field, problem: 'is missing' }] : NONE
    if (mayBeEmpty && isTexts(sent) && sent.length === 1 && sent[0] === '') return NONE
    const read = isTexts(sent) ? readValue(sent, reading, check) : readObject(sent, check, ofMembers, ofRest)
    return read.ok ? NONE : read.faults.map((fault) => ({ ...fault, field: field + fault.field }))
  }
}

const NONE: readonly Fault[] = Object.freeze([])
