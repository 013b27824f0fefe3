import { parseJson } from 'portcullis/validation'
import type { Check, Fault } from './validator.ts'
import { DIGITS, noteWritten } from './written.ts'

/** What may be a whole number beyond 2^53, where the next is two further on for a double: by its digits, or by its exponent. */
const MAY_BE_LARGE = /\d{16}|\d[eE]\+?\d/
/** A string, or a number. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g

/** What is further out is no count nor an id. The document's own 1e99 is rounded as that of a body is, and must be equal to it. */
const MOST = 2 ** 64

/** Beyond int64 and uint64, and doubles: each would be within the bound that the largest of these types is rounded to. */
const BEYOND: ReadonlySet<bigint> = new Set([2n ** 63n, 2n ** 64n])

/** A whole number that no double is. */
export class BetweenDoubles {
  readonly lower: number
  readonly upper: number
  readonly written: string

  constructor(lower: number, upper: number, written: string) {
    this.lower = lower
    this.upper = upper
    this.written = written
  }
}

/** The number that a text of digits says. */
export const numberOf = (text: string): number | BetweenDoubles => {
  const value = Number(text)
  if (Number.isSafeInteger(value) || !Number.isInteger(value) || Math.abs(value) > MOST) return value
  const exact = wholePart(text)
  const rounded = BigInt(value)
  if (rounded === exact && !BEYOND.has(exact)) return value
  const [lower, upper] = rounded <= exact ? [value, next(value, 1n)] : [next(value, -1n), value]
  return new BetweenDoubles(lower, upper, DIGITS + exact)
}

/** The digits of a number: up to there a double has all of them, and String no more than tell it from the next. */
export const digitsOf = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) <= MOST ? String(BigInt(value)) : String(value)

type Side = 'lower' | 'upper' | 'written'

/** What a text says, once or twice, and as it was written where a double can't hold that. */
interface Readings {
  readonly values: readonly unknown[]
  readonly written?: unknown
}

/** What is said with each such number at the next lower double, and with each at the next higher one. Which of them differ is seen in what was written. */
const onBothSides = (onSide: (side: Side) => unknown): Readings => {
  const written = onSide('written')
  return { values: (['lower', 'upper'] as const).map((side) => noteWritten(onSide(side), written)), written }
}

/**
 * What a JSON text says, as JavaScript can hold it: once where it holds all of it exactly; else once with each whole number that it can't hold at the
 * next lower, and once at the next higher one. Where both are within a bound or of a list, so is what stands between them: rounded to
 * one of them, 9007199254740993 would pass a `maximum` of 9007199254740992.
 *
 * @param parsed what parseJson made of it
 */
export const readingsOf = (bytes: Buffer, parsed: unknown): Readings => {
  const text = bytes.toString('latin1')
  if (!MAY_BE_LARGE.test(text)) return { values: [parsed] }
  const between = new Map<string, BetweenDoubles>()
  // A reviver is told the text of each number as well, and takes ten times as long.
  for (const [token] of text.matchAll(TOKEN)) {
    const number = token.startsWith('"') ? 0 : numberOf(token)
    if (number instanceof BetweenDoubles) between.set(token, number)
  }
  if (between.size === 0) return { values: [parsed] }
  return onBothSides((side) => {
    // JSON.parse may read a name that has an escape as another one.
    const one = parseJson(
      Buffer.from(
        text.replace(TOKEN, (token) => JSON.stringify(between.get(token)?.[side]) ?? token),
        'latin1',
      ),
    )
    if (!one.ok) throw new Error(`a reading of JSON is none: ${one.reason}`)
    return one.value
  })
}

/** The same of a value that was made of texts. */
const readingsOfTexts = (value: unknown): Readings =>
  holdsBetween(value) ? onBothSides((side) => sideOf(value, side)) : { values: [value] }

const holdsBetween = (value: unknown): boolean =>
  value instanceof BetweenDoubles || (isObject(value) && Object.values(value).some(holdsBetween))

const sideOf = (value: unknown, side: Side): unknown => {
  if (value instanceof BetweenDoubles) return value[side]
  if (Array.isArray(value)) return value.map((item) => sideOf(item, side))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, sideOf(member, side)]))
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Judges what a JSON text says by all of its readings. */
export const faultsOfJson = (bytes: Buffer, parsed: unknown, check: Check): readonly Fault[] =>
  faultsOfAll(readingsOf(bytes, parsed), check)

/** Judges a value that was made of texts by all of its readings. */
export const faultsOfTexts = (value: unknown, check: Check): readonly Fault[] =>
  faultsOfAll(readingsOfTexts(value), check)

const faultsOfAll = ({ values, written }: Readings, check: Check): readonly Fault[] => {
  for (const value of values) {
    const faults = check(value, written)
    if (faults.length > 0) return faults
  }
  return NONE
}

const NONE: readonly Fault[] = Object.freeze([])

/** The digits before the point once the exponent is spent. */
const wholePart = (source: string): bigint => {
  const found = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]\+?(-?\d+))?$/.exec(source)
  // What Number reads beside these, hexadecimal for one, is read as it does.
  if (found === null) return BigInt(Number(source))
  const [, sign = '', whole = '', decimals = '', exponent = '0'] = found
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
