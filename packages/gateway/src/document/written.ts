import type { DataValidationCxt } from 'ajv/dist/types/index.js'
import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'

/** Before the digits of a number that no double is, where it stands as a text. */
export const DIGITS = '#'

/** Lists and objects as they were written, where they hold such numbers: two ids of 18 digits next to each other are one double. */
const asWritten = new WeakMap<object, Part | readonly unknown[]>()

/** Remembers of a value, and of all inside, what was written. */
export const noteWritten = (value: unknown, written: unknown): unknown => {
  if (Array.isArray(value) && Array.isArray(written)) {
    asWritten.set(value, written)
    for (const [at, item] of value.entries()) noteWritten(item, written[at])
  } else if (isPart(value) && isPart(written)) {
    asWritten.set(value, written)
    for (const [name, member] of Object.entries(value)) noteWritten(member, written[name])
  }
  return value
}

/** A list as it was written; undefined where it is what it says. */
export const writtenList = (list: readonly unknown[]): readonly unknown[] | undefined =>
  asWritten.get(list) as readonly unknown[] | undefined

/** The digits of a number, by where it stands; undefined where it is a double. */
export const writtenDigits = ({ parentData, parentDataProperty }: DataValidationCxt): string | undefined => {
  const parent = (isObject(parentData) ? asWritten.get(parentData) : undefined) as Part | undefined
  const written = parent?.[parentDataProperty]
  return typeof written === 'string' && written.startsWith(DIGITS) ? written.slice(DIGITS.length) : undefined
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Where a value stands that stands in nothing, for ajv: in what remembers how it was written. */
export const standing = (value: unknown, written: unknown): DataValidationCxt | undefined => {
  if (written === undefined) return undefined
  const parentData = noteWritten({ value }, { value: written }) as Part
  return { instancePath: '', parentData, parentDataProperty: 'value', rootData: value as object, dynamicAnchors: {} }
}
