/** Sums of numbers, texts, spans of time and moments. */
import { overlaid } from './records.ts'
import type { At } from './tree.ts'
import { either, possibilities, unknown, type Value } from './value.ts'

/** What `left operator right` comes to. */
export const arithmetic = (operator: string, left: Value, right: Value, at: At): Value => {
  const [lefts, rights] = [possibilities(left), possibilities(right)]
  if (lefts.length * rights.length > 16) return unknown(at)
  if (lefts.length > 1 || rights.length > 1)
    return either(
      lefts.flatMap((one) => rights.map((other) => once(operator, one, other, at))),
      at,
    )
  return once(operator, left, right, at)
}

const once = (operator: string, left: Value, right: Value, at: At): Value => {
  if (left.kind === 'literal' && right.kind === 'literal') return ofLiterals(operator, left.value, right.value, at)
  const span = ofSetting(operator, left, right, at) ?? fromNow(operator, left, right, at)
  if (span !== undefined) return span
  if (left.kind === 'env' || right.kind === 'env')
    return {
      kind: 'unknown',
      label: [left.kind === 'env' ? left.name : '', operator, right.kind === 'env' ? right.name : ''],
      at,
    }
  // A moment whose distance is a setting (timedelta(minutes=settings.X)) is known by that setting; one with no distance is none.
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const)
    if (other.kind === 'instant') {
      if (one.kind === 'unknown' && one.label?.[0] === 'timedelta') return inSeconds(one, other)
      if (one.kind === 'literal' && one.value === null) return { kind: 'unknown', label: ['nothing'], at }
    }
  if (operator === '+' && (left.kind === 'instant' || right.kind === 'instant'))
    return left.kind === 'instant'
      ? later(left, right, at)
      : later(right as Extract<Value, { kind: 'instant' }>, left, at)
  if (operator === '-' && left.kind === 'instant' && right.kind === 'instant')
    return { kind: 'duration', seconds: left.seconds - right.seconds, at }
  if (left.kind === 'instant' && right.kind === 'literal') return scaled(operator, left, Number(right.value), at)
  if (left.kind === 'duration' && right.kind === 'literal' && operator === '*')
    return { ...left, seconds: left.seconds * Number(right.value), at }
  if (left.kind === 'duration' && right.kind === 'duration' && operator === '+')
    return { kind: 'duration', seconds: left.seconds + right.seconds, at }
  if (
    operator === '+' &&
    (left.kind === 'text' || right.kind === 'text' || left.kind === 'literal' || right.kind === 'literal')
  )
    return { kind: 'text', parts: [...partsOf(left), ...partsOf(right)], at }
  // Python's union of two dictionaries, of which one may not be known.
  if (operator === '|' && (left.kind === 'object' || right.kind === 'object')) return overlaid([left, right], at)
  return unknown(at)
}

type Unknown = Extract<Value, { kind: 'unknown' }>

/** `60 * process.env.MINUTES`: a span whose size is a setting, and how many units of what reads it one of them is. */
const ofSetting = (operator: string, left: Value, right: Value, at: At): Unknown | undefined => {
  if (operator !== '*') return
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (other.kind !== 'literal' || typeof other.value !== 'number') continue
    if (one.kind === 'env') return { kind: 'unknown', label: ['timedelta', String(other.value), one.name], at }
    const [what, unit = '', name = ''] = one.kind === 'unknown' ? (one.label ?? []) : []
    if (what === 'timedelta' && /^\d/.test(unit))
      return { kind: 'unknown', label: ['timedelta', String(Number(unit) * other.value), name], at }
  }
  return
}

/** `now + process.env.SECONDS`, and the seconds of it: a moment whose distance is a setting, in the unit of the moment. */
const fromNow = (operator: string, left: Value, right: Value, at: At): Unknown | undefined => {
  if (operator === '/' && left.kind === 'unknown' && right.kind === 'literal' && right.value === 1000) {
    const [what, unit = ''] = left.label ?? []
    return what === 'timedelta' && /^\d/.test(unit) ? left : undefined
  }
  if (operator !== '+') return
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const)
    if (one.kind === 'instant' && other.kind === 'env')
      return { kind: 'unknown', label: ['timedelta', String(one.unit ?? UNIT[one.scale]), other.name], at }
  return
}

/** What is added to a moment in milliseconds is in milliseconds. */
const inSeconds = (span: Unknown, moment: Instant): Unknown => {
  const [what = '', unit = '', ...names] = span.label ?? []
  return moment.scale === 'ms' && /^\d/.test(unit)
    ? { ...span, label: [what, String(Number(unit) / 1000), ...names] }
    : span
}

const partsOf = (value: Value): readonly Value[] => (value.kind === 'text' ? value.parts : [value])

const ofLiterals = (
  operator: string,
  left: string | number | boolean | null,
  right: string | number | boolean | null,
  at: At,
): Value => {
  const value =
    operator === '+' && (typeof left === 'string' || typeof right === 'string')
      ? `${left}${right}`
      : operator === '==='
        ? left === right
        : operator === '!=='
          ? left !== right
          : ofNumbers(operator, Number(left), Number(right))
  return value === undefined ? unknown(at) : { kind: 'literal', value, at }
}

const ofNumbers = (operator: string, left: number, right: number): number | boolean | undefined => {
  if (Number.isNaN(left) || Number.isNaN(right)) return
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '//':
      return Math.floor(left / right)
    case '%':
      return left % right
    case '**':
      return left ** right
    case '<':
      return left < right
    case '>':
      return left > right
    case '<=':
      return left <= right
    case '>=':
      return left >= right
    default:
      return
  }
}

type Instant = Extract<Value, { kind: 'instant' }>

const UNIT: Readonly<Record<Instant['scale'], number>> = { ms: 0.001, s: 1, object: 1, part: 1 }

const later = (moment: Instant, by: Value, at: At): Value => {
  if (by.kind === 'duration') return { ...moment, seconds: moment.seconds + by.seconds, at }
  if (by.kind === 'literal' && typeof by.value === 'number')
    return { ...moment, seconds: moment.seconds + by.value * (moment.unit ?? UNIT[moment.scale]), at }
  return unknown(at)
}

/** `Date.now() / 1000` is in seconds; `now - 5` is earlier; `now * 1000` is in milliseconds again. */
const scaled = (operator: string, moment: Instant, by: number, at: At): Value => {
  if (operator === '-') return { ...moment, seconds: moment.seconds - by * (moment.unit ?? UNIT[moment.scale]), at }
  if ((operator === '/' || operator === '//') && by === 1000 && moment.scale === 'ms')
    return { ...moment, scale: 's', at }
  if (operator === '*' && by === 1000 && moment.scale === 's') return { ...moment, scale: 'ms', at }
  return operator === '/' || operator === '*' || operator === '%' || operator === '//' ? unknown(at) : { ...moment, at }
}

/** `Math.max(1, limit)`: of numbers the largest, and a setting where it may be one. */
export const extreme = (which: string, values: readonly Value[], at: At): Value => {
  const [first, ...others] = values.map(possibilities)
  let ways: readonly (readonly Value[])[] = (first ?? []).map((one) => [one])
  for (const other of others) {
    ways = ways.flatMap((way) => other.map((one) => [...way, one]))
    if (ways.length > 16) return unknown(at)
  }
  return ways.length === 0
    ? unknown(at)
    : either(
        ways.map((way) => onlyOne(which, way, at)),
        at,
      )
}

const onlyOne = (which: string, way: readonly Value[], at: At): Value => {
  const numbers = way.flatMap((one) => (one.kind === 'literal' ? [Number(one.value)] : []))
  const [setting] = way.filter((one) => one.kind === 'env')
  if (setting !== undefined && way.every((one) => one.kind === 'env' || one.kind === 'literal'))
    return { ...setting, number: true }
  if (numbers.length < way.length || numbers.some(Number.isNaN)) return unknown(at)
  return { kind: 'literal', value: which === 'max' ? Math.max(...numbers) : Math.min(...numbers), at }
}
