/** What many rounds come to. */

/** A value that was measured in each round: what lies in the middle, and how far apart they were. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Of no values all are NaN. */
export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const [low, high] = [sorted[Math.floor(middle)] ?? Number.NaN, sorted[Math.ceil(middle)] ?? Number.NaN]
  return { median: (low + high) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN }
}

/** One over the other, round by round: what slowed the machine down in a round slowed both. */
export const ratios = (over: readonly number[], under: readonly number[]): readonly number[] =>
  over.map((value, round) => value / (under[round] ?? Number.NaN))

/** Three significant digits, without an exponent. */
export const digits = (value: number): string => {
  if (!Number.isFinite(value)) return '–'
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)))
  return decimals === 0 ? Math.round(value).toLocaleString('en') : value.toFixed(Math.min(decimals, 3))
}

/** `1.08 (1.05–1.11)` */
export const spreadText = (values: readonly number[]): string => {
  const { median, min, max } = spreadOf(values)
  return values.length < 2 ? digits(median) : `${digits(median)} (${digits(min)}–${digits(max)})`
}
