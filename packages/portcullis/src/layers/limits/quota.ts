/** So many requests in so much time. */
export interface Quota {
  /** 1 to 65,535 */
  readonly limit: number
  /** 1,000 (a second) to 86,400,000 (a day) */
  readonly windowMs: number
}

const UNITS = new Map([
  ['s', 1_000],
  ['second', 1_000],
  ['min', 60_000],
  ['minute', 60_000],
  ['h', 3_600_000],
  ['hour', 3_600_000],
  ['d', 86_400_000],
  ['day', 86_400_000],
])

const WRITTEN = /^(\d{1,5}) ?\/ ?(?:(\d{1,5}) ?)?([a-z]+)$/

/**
 * Reads a quota as people write it: `'200/minute'`, `'5/second'`, `'1000 / hour'`, `'100/15 minutes'`, `'10/90s'`.
 *
 * @throws TypeError when it is none, or out of bounds: at least 1 and at most 65,535 requests in a second to a day
 */
export const parseQuota = (text: string): Quota => {
  const [, limit, times, word = ''] = (typeof text === 'string' ? WRITTEN.exec(text) : null) ?? []
  const unit = UNITS.get(word) ?? (word.length > 3 && word.endsWith('s') ? UNITS.get(word.slice(0, -1)) : undefined)
  if (limit === undefined || unit === undefined) {
    throw new TypeError(
      "a quota is a number, a slash and a time: '200/minute', '5/second', '100/15 minutes' (not '200 per minute', not 200)",
    )
  }
  const quota = { limit: Number(limit), windowMs: unit * Number(times ?? 1) }
  if (quota.limit < 1 || quota.limit > 65_535) throw new TypeError('a quota allows 1 to 65535 requests')
  if (quota.windowMs < 1_000 || quota.windowMs > 86_400_000) throw new TypeError("a quota's time is 1 second to 1 day")
  return Object.freeze(quota)
}
