import type { Ajv2020 } from 'ajv/dist/2020.js'
import { faultsOfTexts, numberOf } from './integers.ts'
import { translated } from './keywords.ts'
import type { Part } from './pointers.ts'
import { standing } from './written.ts'

/** A keyword of ours: what the number must be whose digits a text holds. */
const NUMERAL = 'x-portcullis-numeral'

/** Keywords, and formats, that say something of numbers alone. */
export const OF_NUMBERS = ['maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum', 'multipleOf']
export const NUMBERS: ReadonlySet<unknown> = new Set(['int32', 'int64', 'float', 'double'])

/**
 * .NET reads a number from a text of its digits too, and describes it as either, by types or by a number's format without a type. What is said of
 * numbers says nothing of texts to JSON Schema: as a text it would be within any `maximum`.
 *
 * @param said all that is said of the value
 * @param either that, and what its alternatives say
 */
export const withNumeral = (said: readonly Part[], either: readonly Part[], made: Part): Part => {
  const bounds = said.filter((part) => OF_NUMBERS.some((keyword) => part[keyword] !== undefined))
  if (bounds.length === 0 || !either.some(isEither)) return made
  return { ...made, [NUMERAL]: { allOf: bounds.map(boundsIn) } }
}

const isEither = ({ type, format, pattern }: Part): boolean => {
  const types = [type ?? []].flat()
  return (
    pattern !== undefined &&
    (types.length === 0 ? NUMBERS.has(format) : types.includes('string') && types.some(isNumber))
  )
}

const boundsIn = (part: Part): Part =>
  translated(Object.fromEntries(Object.entries(part).filter(([keyword]) => OF_NUMBERS.includes(keyword))))

const isNumber = (type: unknown): boolean => type === 'integer' || type === 'number'

const OUT_OF_BOUNDS = { field: '', problem: 'must be a number within its bounds' }

/** Adds the keyword. A text that is no number is the pattern's affair. */
export const addNumerals = (ajv: Ajv2020): void => {
  ajv.addKeyword({
    keyword: NUMERAL,
    type: 'string',
    schemaType: 'object',
    compile: (said: Part) => {
      const check = ajv.compile(said)
      const faults = (value: unknown, written: unknown) =>
        check(value, standing(value, written)) === true ? [] : [OUT_OF_BOUNDS]
      return (text: string) => Number.isNaN(Number(text)) || faultsOfTexts(numberOf(text), faults).length === 0
    },
    error: { message: OUT_OF_BOUNDS.problem },
  })
}
