import { parseJson } from 'portcullis/validation'
import type { Check, Fault } from './validator.ts'

/** What may be a whole number beyond 2^53, where the next is two further on for a double: by its digits, or by its exponent. */
const MAY_BE_LARGE = /\d{16}|\d[eE]\+?\d/
/** A string, or a number. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g

/** What is further out is no count nor an id. The document's own 1e99 is rounded as that of a body is, and must be equal to it. */
const MOST = 2 ** 64

/** Beyond int64, and a double: it would be within the bound that the largest of int64 is rounded to. */
const BEYOND = 2n ** 63n

/**
 * What a JSON text says, as JavaScript can hold it: once where it holds all of it exactly; else once with each whole number that it can't hold at the
 * next lower, and once at the next higher one. Where both are within a bound or of a list, so is what stands between them: rounded to
 * one of them, 9007199254740993 would pass a `maximum` of 9007199254740992.
 *
 * @param parsed what parseJson made of it
 */
export const readingsOf = (bytes: Buffer, parsed: unknown): readonly unknown[] => {
  const text = bytes.toString('latin1')
  if (!MAY_BE_LARGE.test(text)) return [parsed]
  let isExact = true
  // A reviver is told the text of each number as well, and takes ten times as long.
  const reading = (side: 'lower' | 'upper'): string =>
    text.replace(TOKEN, (token) => {
      const value = token.startsWith('"') ? 0 : Number(token)
      if (Number.isSafeInteger(value) || !Number.isInteger(value) || Math.abs(value) > MOST) return token
      const around = neighbours(token, value)
      isExact &&= around.lower === around.upper
      return String(around[side])
    })
  const lower = reading('lower')
  if (isExact) return [parsed]
  return [lower, reading('upper')].map((one) => {
    // JSON.parse may read a name that has an escape as another one.
    const read = parseJson(Buffer.from(one, 'latin1'))
    if (!read.ok) throw new Error(`a reading of JSON is none: ${read.reason}`)
    return read.value
  })
}

/** Judges what a JSON text says by all of its readings. */
export const faultsOfJson = (bytes: Buffer, parsed: unknown, check: Check): readonly Fault[] => {
  for (const value of readingsOf(bytes, parsed)) {
    const faults = check(value)
    if (faults.length > 0) return faults
  }
  return NONE
}

const NONE: readonly Fault[] = Object.freeze([])

/** The doubles around a whole number, or twice itself. */
const neighbours = (source: string, nearest: number): { readonly lower: number; readonly upper: number } => {
  const exact = wholePart(source)
  const rounded = BigInt(nearest)
  if (rounded === exact && exact !== BEYOND) return { lower: nearest, upper: nearest }
  return rounded <= exact ? { lower: nearest, upper: next(nearest, 1n) } : { lower: next(nearest, -1n), upper: nearest }
}

/** The digits before the point once the exponent is spent. */
const wholePart = (source: string): bigint => {
  const [, sign = '', whole = '', decimals = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]\+?(-?\d+))?$/.exec(source) ?? []
  const digits = whole + decimals
  const length = whole.length + Number(exponent)
  const magnitude =
    digits.slice(0, Math.max(0, length)).replace(/^0+/, '') + '0'.repeat(Math.max(0, length - digits.length))
  return BigInt(sign + magnitude)
}

const cell = new DataView(new ArrayBuffer(8))

/** The next double: of one sign they are in the order of their bits. */
const next = (value: number, up: bigint): number => {
  cell.setFloat64(0, value)
  cell.setBigInt64(0, cell.getBigInt64(0) + (value < 0 ? -up : up))
  return cell.getFloat64(0)
}
