import { parseJson } from 'portcullis/validation'
import { faultsOfJson, faultsOfTexts, numberOf } from './integers.ts'
import type { Check, Fault } from './validator.ts'

/** One text; a list in one text, or in one parameter an item; an object in brackets (`filter[name]=x`); JSON in a text, or in as many as there are items. */
export type Reading =
  | { readonly kind: 'text' | 'repeated' | 'deep' | 'json' | 'json-list' }
  | { readonly kind: 'separated'; readonly by: string }

const WHOLE = /^(?:0|-?[1-9]\d*)$/
const DECIMALS = /^-?(?:0|[1-9]\d{0,15})\.\d{1,17}$/

/** Whether a double is written with no more digits than it needs. String writes one below a millionth with an exponent, which is no spelling here. */
const isShortest = (text: string): boolean => {
  const value = Number(text)
  const plain = Math.abs(value) < 1e-6 ? value.toFixed(text.length - text.indexOf('.') - 1) : String(value)
  return plain === text && !text.endsWith('0')
}

/** What a text can mean: each type has one canonical spelling, and `1.0`, `01`, `+1`, `True` and `on` are none. */
const meanings = (text: string): readonly unknown[] => {
  const values: unknown[] = []
  if (WHOLE.test(text) && Number.isFinite(Number(text))) values.push(numberOf(text))
  else if (DECIMALS.test(text) && isShortest(text)) values.push(Number(text))
  if (text === 'true' || text === 'false') values.push(text === 'true')
  values.push(text)
  return values
}

/** Faults of the member of a name. One that is not listed came from outside, and is not repeated. */
export const faultsIn = (
  name: string,
  listed: ReadonlyMap<string, unknown>,
  faults: readonly Fault[],
): readonly Fault[] => {
  const member = listed.has(name) ? pointerTo(name) : '/*'
  return faults.map((fault) => ({ ...fault, field: member + fault.field }))
}

/** What was sent for a parameter: its texts, or of an object its members. */
export type Sent = readonly string[] | ReadonlyMap<string, readonly string[]>

/** A value, or what is wrong with it. */
export type ReadValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** A name as a segment of a JSON pointer. */
export const pointerTo = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

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
  if (reading.kind === 'json-list') return readItems(sent, check)
  if (others.length > 0) return TWICE
  if (reading.kind === 'separated') return readList(text.split(reading.by), check)
  if (reading.kind === 'json') return readJson(text, check)
  return firstOf(meanings(text), check)
}

const readJson = (text: string, check: Check): ReadValue => {
  const bytes = Buffer.from(text)
  const parsed = parseJson(bytes)
  if (!parsed.ok) return NO_JSON
  const faults = faultsOfJson(bytes, parsed.value, check)
  return faults.length === 0 ? { ok: true, value: parsed.value } : { ok: false, faults }
}

/** An item in each text, as OpenAPI 3.1 §4.8.15 has it, or all of them in one, as Spring reads it. */
const readItems = (texts: readonly string[], check: Check): ReadValue => {
  const parsed = texts.map((text) => parseJson(Buffer.from(text)))
  const [first] = parsed
  if (!parsed.every(({ ok }) => ok)) return NO_JSON
  const isWhole = parsed.length === 1 && first?.ok === true && Array.isArray(first.value)
  return readJson(isWhole ? (texts[0] ?? '') : `[${texts.join()}]`, check)
}

export const isTexts = (sent: Sent): sent is readonly string[] => Array.isArray(sent)

/** The first meaning that passes; else what is wrong with the likeliest, which says more than "must be string". */
const firstOf = (values: readonly unknown[], check: Check): ReadValue => {
  let faults: readonly Fault[] | undefined
  for (const value of values) {
    const found = faultsOfTexts(value, check)
    if (found.length === 0) return { ok: true, value }
    faults ??= found
  }
  return { ok: false, faults: faults ?? NONE }
}

/** All of them texts, or each by its likeliest meaning: a list of numbers; or else what they may be if they are none. */
const readList = (texts: readonly string[], check: Check, orElse: readonly unknown[] = []): ReadValue =>
  firstOf([texts.map((text) => meanings(text)[0]), texts, ...orElse], check)

/**
 * Each member by the first of its meanings that it may have; what is not described by its likeliest. Or all of them texts, where they may be: what is
 * a number in one alternative may be a text in the one that is meant.
 */
export const readObject = (
  members: ReadonlyMap<string, readonly string[]>,
  check: Check,
  ofMembers: ReadonlyMap<string, Check>,
  ofRest: Check | undefined,
): ReadValue => {
  const meant: (readonly [string, unknown])[] = []
  const texts: (readonly [string, unknown])[] = []
  for (const [name, [text = '', ...others]] of members) {
    if (others.length > 0) return TWICE
    const checkMember = ofMembers.get(name) ?? ofRest
    const read: ReadValue =
      checkMember === undefined ? { ok: true, value: meanings(text)[0] } : firstOf(meanings(text), checkMember)
    if (!read.ok) return { ok: false, faults: faultsIn(name, ofMembers, read.faults) }
    meant.push([name, read.value])
    texts.push([name, checkMember === undefined || checkMember(text).length === 0 ? text : read.value])
  }
  return firstOf([Object.fromEntries(meant), Object.fromEntries(texts)], check)
}
