/** Moments and spans of time, as the languages and the usual libraries write them. */
import type { Evaluated } from './known-calls.ts'
import { numeric } from './numbers.ts'
import { secondsOf, spanOf } from './spans.ts'
import type { At } from './tree.ts'
import { either, possibilities, unknown, type Value } from './value.ts'

const NOW: Readonly<Record<string, 'ms' | 's' | 'object'>> = {
  'Date.now.()': 'ms',
  'Date.()': 'object',
  'performance.now.()': 'ms',
  'moment.()': 'object',
  'moment.utc.()': 'object',
  'dayjs.()': 'object',
  'dayjs.utc.()': 'object',
  'luxon.DateTime.now.()': 'object',
  'luxon.DateTime.utc.()': 'object',
  'datetime.datetime.utcnow.()': 'object',
  'datetime.datetime.now.()': 'object',
  'datetime.datetime.today.()': 'object',
  'datetime.utcnow.()': 'object',
  'datetime.now.()': 'object',
  'django.utils.timezone.now.()': 'object',
  'time.time.()': 's',
  'pendulum.now.()': 'object',
  'arrow.utcnow.()': 'object',
}

/** Now, or the moment that a call was given; undefined for a call of anything else. */
export const moment = (name: string, call: Evaluated, at: At): Value | undefined => {
  const scale =
    NOW[name] ?? NOW[name.replace(/^(?:moment-timezone|dayjs\/[^.]+)/, (one) => one.split(/[-/]/)[0] ?? one)]
  if (scale === undefined) return
  const of = /^datetime/.test(name) ? undefined : call.arg(0)
  if (of === undefined || of.kind === 'external' || of.kind === 'unknown')
    return of === undefined || scale !== 'object' || of.kind === 'external'
      ? { kind: 'instant', seconds: 0, scale, at }
      : unknown(at)
  if (of.kind === 'instant') return { ...of, scale: 'object', at }
  return /^(?:datetime|time|pendulum)/.test(name) ? { kind: 'instant', seconds: 0, scale, at } : unknown(at)
}

const PARTS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    getDate: 86400,
    getUTCDate: 86400,
    getHours: 3600,
    getUTCHours: 3600,
    getMinutes: 60,
    getUTCMinutes: 60,
    getSeconds: 1,
    getUTCSeconds: 1,
    getMonth: 2592000,
    getFullYear: 31557600,
    getMilliseconds: 0.001,
  }),
)

export const ofInstant = (
  moment: Extract<Value, { kind: 'instant' }>,
  method: string,
  call: Evaluated,
  at: At,
): Value | undefined => {
  if (/^(?:getTime|valueOf|toMillis)$/.test(method)) return { ...moment, scale: 'ms', at }
  if (/^(?:unix|timestamp|toSeconds|toUnixInteger)$/.test(method)) return { ...moment, scale: 's', at }
  if (
    /^(?:toDate|toJSDate|utctimetuple|timetuple|utc|local|clone|replace|astimezone|tz|toString|toISOString|isoformat|toFixed)$/.test(
      method,
    )
  )
    return { ...moment, at }
  const part = PARTS.get(method)
  if (part !== undefined) return { ...moment, seconds: 0, scale: 'part', unit: part, at }
  if (/^(?:add|plus|subtract|minus)$/.test(method)) {
    const [amount, unit] = [call.arg(0), call.arg(1)]
    return either(
      possibilities(amount ?? unknown(at)).map((one): Value => {
        if (one.kind === 'env' && unit?.kind === 'literal')
          return { kind: 'unknown', label: ['timedelta', String(unit.value), one.name], at }
        const span = momentSpan(one, unit)
        return span === undefined
          ? unknown(at)
          : { ...moment, seconds: moment.seconds + (/^(?:add|plus)$/.test(method) ? span : -span), at }
      }),
      at,
    )
  }
  return
}

const momentSpan = (amount: Value | undefined, unit: Value | undefined): number | undefined => {
  if (amount?.kind === 'object') {
    let total = 0
    for (const [key, value] of amount.entries) {
      const [seconds, count] = [secondsOf(key), numeric(value)]
      if (seconds === undefined || count === undefined) return
      total += seconds * count
    }
    return total
  }
  if (amount?.kind === 'duration') return amount.seconds
  const count = numeric(
    possibilities(amount ?? unknown({ file: '', line: 0, start: 0, end: 0 })).find((one) => one.kind === 'literal'),
  )
  const seconds = unit?.kind === 'literal' ? secondsOf(String(unit.value)) : undefined
  return count === undefined || seconds === undefined ? undefined : count * seconds
}

const OF_TIMEDELTA = ['days', 'seconds', 'microseconds', 'milliseconds', 'minutes', 'hours', 'weeks']

export const timedelta = (call: Evaluated, at: At): Value => {
  const spread = spreadIn(call)
  return summed(
    OF_TIMEDELTA.flatMap((unit, index) => {
      const amount = call.named(unit) ?? spread.get(unit) ?? (spread.size > 0 ? undefined : call.arg(index))
      return amount === undefined ? [] : [{ unit, amount }]
    }),
    at,
  )
}

const OF_RELATIVEDELTA = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'microseconds']

/** dateutil's: `relativedelta(months=1)`. One of two dates is none, nor one that sets a part: `day=1`. */
export const relativedelta = (call: Evaluated, at: At): Value | undefined => {
  const spread = spreadIn(call)
  const names = [...call.located.node.named.keys(), ...spread.keys()]
  if ((spread.size === 0 && call.arg(0) !== undefined) || names.some((one) => !OF_RELATIVEDELTA.includes(one))) return
  return summed(
    names.map((unit) => ({ unit, amount: call.named(unit) ?? spread.get(unit) ?? unknown(at) })),
    at,
  )
}

/** What is spread into a call's names: `timedelta(**{"minutes": 15})`, `timedelta(**LIFE)`. */
const spreadIn = ({ located: { node }, arg }: Evaluated): ReadonlyMap<string, Value> => {
  const given = node.args.flatMap((one, index) => (one.kind === 'spread' ? (arg(index) ?? []) : []))
  return new Map(given.flatMap((one) => (one.kind === 'object' && one.rest.length === 0 ? [...one.entries] : [])))
}

interface Amount {
  readonly unit: string
  readonly amount: Value
}

const summed = (amounts: readonly Amount[], at: At): Value => {
  // Each way the amounts can be: a setting is what a file sets, or its fallback. In a sum of several it is its fallback.
  const sums: (number | undefined)[] = [0]
  const envs: Value[] = []
  for (const { unit, amount } of amounts) {
    const seconds = unit === 'microseconds' ? 1e-6 : (secondsOf(unit) ?? 0)
    const options = possibilities(amount).map((one) => {
      if (one.kind === 'env') envs.push(one)
      return numeric(one)
    })
    const known = options.filter((one) => one !== undefined)
    const isSetting = known.length === 0 || (envs.length > 0 && amounts.length === 1)
    const before = [...sums]
    sums.length = 0
    for (const sum of before)
      for (const option of isSetting ? [...known, undefined] : known)
        sums.push(sum === undefined || option === undefined ? undefined : sum + option * seconds)
  }
  const unitOfEnv = amounts.find(({ amount }) => possibilities(amount).some((one) => one.kind === 'env'))?.unit
  const values = sums.map(
    (seconds): Value =>
      seconds === undefined
        ? {
            kind: 'unknown',
            label: ['timedelta', unitOfEnv ?? '', ...envs.map((one) => (one.kind === 'env' ? one.name : ''))],
            at,
          }
        : { kind: 'duration', seconds, at },
  )
  return either(values, at)
}

export const milliseconds = (value: Value | undefined, at: At): Value => {
  const span = value?.kind === 'literal' && typeof value.value === 'string' ? spanOf(value.value) : undefined
  return span === undefined ? unknown(at) : { kind: 'literal', value: span * 1000, at }
}

/** `timegm(expires.utctimetuple())`: the seconds of a moment; one whose distance is a setting stays what it is. */
export const inSeconds = (moment: Value | undefined, at: At): Value =>
  either(
    possibilities(moment ?? unknown(at)).map(
      (one): Value => (one.kind === 'instant' ? { ...one, scale: 's', at } : one),
    ),
    at,
  )

export const ofTimestamp = (seconds: Value | undefined, at: At): Value =>
  either(
    possibilities(seconds ?? unknown(at)).map((one) =>
      one.kind === 'instant' ? { ...one, scale: 'object', at } : unknown(at),
    ),
    at,
  )

/** date-fns: `addMinutes(new Date(), 15)`, `add(now, { hours: 1 })`. */
export const shifted = (call: Evaluated, way: string, unit: string, at: At): Value | undefined => {
  const moment = call.arg(0)
  const amount = call.arg(1)
  if (moment?.kind !== 'instant') return
  const span = momentSpan(amount, unit === '' ? undefined : { kind: 'literal', value: unit, at })
  return span === undefined
    ? unknown(at)
    : { ...moment, seconds: moment.seconds + (way === 'add' ? span : -span), scale: 'object', at }
}
