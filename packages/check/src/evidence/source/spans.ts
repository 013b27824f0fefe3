/** Spans of time as programs write them: '15m', '2 days', '900000', moment's and dayjs's units. All in seconds. */
const SECONDS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ms: 0.001,
    msec: 0.001,
    msecs: 0.001,
    millisecond: 0.001,
    milliseconds: 0.001,
    s: 1,
    sec: 1,
    secs: 1,
    second: 1,
    seconds: 1,
    m: 60,
    min: 60,
    mins: 60,
    minute: 60,
    minutes: 60,
    h: 3600,
    hr: 3600,
    hrs: 3600,
    hour: 3600,
    hours: 3600,
    d: 86400,
    day: 86400,
    days: 86400,
    w: 604800,
    week: 604800,
    weeks: 604800,
    mo: 2592000,
    month: 2592000,
    months: 2592000,
    M: 2592000,
    y: 31557600,
    yr: 31557600,
    yrs: 31557600,
    year: 31557600,
    years: 31557600,
  }),
)

/** How many seconds one of a unit is: `minutes` → 60. `M` is a month (moment), every other unit may be in any case. */
export const secondsOf = (unit: string): number | undefined => SECONDS.get(unit) ?? SECONDS.get(unit.toLowerCase())

/** A span with its unit: '15m', '2 days', '1.5h'; undefined for a text that has none or is no span. */
export const spanOf = (text: string): number | undefined => {
  const [, amount = '', unit = ''] = text.trim().match(/^(-?\d+(?:\.\d+)?)\s*([a-zA-Z]+)(?: from now| ago)?$/) ?? []
  const seconds = unit === '' ? undefined : secondsOf(unit)
  return seconds === undefined ? undefined : Number(amount) * seconds
}
