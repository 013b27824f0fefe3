/** So many requests in so much time. */
export interface Quota {
  /** 1 to 65,535 requests */
  readonly limit: number
  /** 1,000 (a second) to 86,400,000 (a day) ms */
  readonly windowMs: number
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ...['s', 'sec', 'secs', 'second', 'seconds'].map((word) => [word, 1_000] as const),
  ...['m', 'min', 'mins', 'minute', 'minutes'].map((word) => [word, 60_000] as const),
  ...['h', 'hour', 'hours'].map((word) => [word, 3_600_000] as const),
  ...['d', 'day', 'days'].map((word) => [word, 86_400_000] as const),
])

const WRITTEN = /^(\d{1,9}) ?\/ ?(?:(\d{1,9}) ?)?([a-z]+)$/

/** What people write instead, and what to say to them. The first that fits is said; none repeats what was written. */
const SLIPS: readonly (readonly [RegExp, string])[] = [
  [/^\s|\s$/, 'without blanks around it'],
  [/^-/, 'with a number from 1 on; what should not be limited has no quota'],
  [/^[\d.,_e+]*[.,_e+][\d.,_e+]*\s*\//i, 'with a whole number, in digits only'],
  [/^\d+$/, 'with the time it is for'],
  [/^\d+\s*\/\s*\d*\s*$/, "with a unit of time after the slash: 's', 'minute', 'hours', 'day'"],
  [/per|each|every| an? /i, "with a slash: '200/minute', not '200 per min'"],
  [/[A-Z]/, 'in small letters'],
  [/\/.*(?:ms|milli|week|month|year)/, 'over seconds, minutes, hours, or one day at the most'],
]

/**
 * Reads a quota as people write it: `'200/minute'`, `'5/second'`, `'1000 / hour'`, `'100/15 minutes'`, `'10/90s'`. The units
 * are s, sec, second, m, min, minute, h, hour, d, day, and their plurals.
 *
 * @throws TypeError when it is none, or out of bounds: 1 to 65,535 requests, in 1 second to 1 day. It says how to write it, and
 *   does not repeat what was written
 */
export const parseQuota = (text: string): Quota => {
  if (typeof text !== 'string') throw new TypeError(`${FORM}, written as text`)
  const [, limit, times = '1', word = ''] = WRITTEN.exec(text) ?? []
  const unit = UNITS.get(word)
  if (limit === undefined || unit === undefined) {
    const slip = SLIPS.find(([pattern]) => pattern.test(text.slice(0, 100)))
    throw new TypeError(slip === undefined ? FORM : `${FORM}, ${slip[1]}`)
  }
  const quota = { limit: Number(limit), windowMs: unit * Number(times) }
  checkQuota(quota, TypeError)
  return Object.freeze(quota)
}

const FORM = "a quota is a number, a slash and a time, such as '200/minute', '5/second' or '100/15 minutes'"

/** Throws the error when a quota is out of bounds: beyond them the counters would run over, and no longer limit. */
export const checkQuota = ({ limit, windowMs }: Quota, Fault: new (message: string) => Error): void => {
  if (!Number.isInteger(limit) || limit < 1 || limit > 65_535)
    throw new Fault('a quota allows a whole number of requests from 1 to 65535')
  if (!Number.isInteger(windowMs) || windowMs < 1_000 || windowMs > 86_400_000)
    throw new Fault("a quota's time is from 1 second to 1 day")
}
