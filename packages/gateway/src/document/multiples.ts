import type { Ajv2020 } from 'ajv/dist/2020.js'
import type { DataValidationCxt } from 'ajv/dist/types/index.js'
import { digitsOf } from './integers.ts'
import { writtenDigits } from './written.ts'

/** A number by its digits: 19.99 is 1999 of 10^-2. */
interface Decimal {
  readonly digits: bigint
  readonly power: number
}

const decimalOf = (text: string): Decimal => {
  const [, whole = '', decimals = '', exponent = '0'] = /^(-?\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text) ?? []
  return { digits: BigInt(whole + decimals), power: Number(exponent) - decimals.length }
}

/**
 * Whether a number is a multiple of another as both are written, in decimals. ajv divides doubles: of 0.01 neither 19.99 nor 0.07 is one then, and
 * of 10 99999999999999999 is.
 */
const isMultiple = (divisor: number): ((value: number, at?: DataValidationCxt) => boolean) => {
  const of = decimalOf(digitsOf(divisor))
  const isSafe = Number.isSafeInteger(divisor)
  return (value, at) => {
    if (isSafe && Number.isSafeInteger(value)) return value % divisor === 0
    const { digits, power } = decimalOf((at === undefined ? undefined : writtenDigits(at)) ?? digitsOf(value))
    const more = 10n ** BigInt(Math.abs(power - of.power))
    return power > of.power ? (digits * more) % of.digits === 0n : digits % (of.digits * more) === 0n
  }
}

/** multipleOf of JSON Schema, in the place of ajv's own. */
export const addMultiples = (ajv: Ajv2020): void => {
  ajv.removeKeyword('multipleOf')
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    compile: isMultiple,
    error: { message: ({ schemaCode }) => `must be multiple of ${String(schemaCode)}` },
  })
}
