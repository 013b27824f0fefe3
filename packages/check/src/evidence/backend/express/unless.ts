/** express-unless, which express-jwt brings along: `expressjwt({…}).unless({ path: ['/login', { url: '/notes', methods: ['GET'] }] })`. */
import { possibilities, textsOf, type Value } from '../../source/index.ts'
import { type Opening, patternFits, unmarked } from '../exceptions/index.ts'
import type { Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'

/** One of what a guard is not asked for. */
interface Exception {
  readonly fits: (path: string) => boolean
  /** Empty: any. */
  readonly methods: readonly string[]
}

const HELD: Opening = { holds: true, byName: false }

/** Whether a guard's `unless` leaves out a route; undefined where it has none. */
export const openedUnless = (reading: Reading, value: Value, path: string, method: string): Opening | undefined => {
  const exceptions = possibilities(value).flatMap((one) => exceptionsIn(reading, one))
  if (exceptions.length === 0) return
  const fitting = exceptions.filter(
    (one) => one.fits(path) && (one.methods.length === 0 || one.methods.includes(method)),
  )
  if (fitting.length === 0) return HELD
  const beside = `${path.slice(0, path.lastIndexOf('/'))}${unmarked.url}`
  return { holds: false, byName: !fitting.some((one) => one.fits(beside)) }
}

/** Patterns of an `unless` that fit any part of a path: one for `/public` fits /notes/public. */
export const unlessFaults = (
  reading: Reading,
  value: Value,
): readonly { readonly what: string; readonly at: Place }[] =>
  possibilities(value)
    .flatMap((one) => patternsOf(reading, one))
    .filter(({ source }) => !source.startsWith('^'))
    .map(({ at }) => ({ what: 'an exception by an unanchored pattern', at: placeOf(reading, at) }))

const patternsOf = (reading: Reading, value: Value): readonly Extract<Value, { kind: 'pattern' }>[] =>
  pathsOf(reading, value)
    .flatMap((one) => (one.kind === 'object' ? itemsIn(one.entries.get('url')) : [one]))
    .filter((one) => one.kind === 'pattern')

const optionsOf = (reading: Reading, value: Value): Extract<Value, { kind: 'object' }> | undefined => {
  if (value.kind !== 'external' || value.path.at(-2) !== 'unless') return
  const given = value.call?.node.args[0]
  const options = given && value.call && reading.evaluator.value(given, value.call.scope, value.frame)
  return options?.kind === 'object' ? options : undefined
}

const pathsOf = (reading: Reading, value: Value): readonly Value[] =>
  itemsIn(optionsOf(reading, value)?.entries.get('path'))

const exceptionsIn = (reading: Reading, value: Value): readonly Exception[] => {
  const methods = textsIn(optionsOf(reading, value)?.entries.get('method'))
  const paths = pathsOf(reading, value).flatMap((one) => exceptionOf(one, methods))
  return paths.length > 0 || methods.length === 0 ? paths : [{ fits: () => true, methods }]
}

const exceptionOf = (value: Value, methods: readonly string[]): readonly Exception[] => {
  if (value.kind === 'literal') return [{ fits: (path) => path === value.value, methods }]
  if (value.kind === 'pattern') return [{ fits: (path) => patternFits(value.source, path), methods }]
  if (value.kind !== 'object') return []
  const own = textsIn(value.entries.get('methods'))
  return itemsIn(value.entries.get('url')).flatMap((one) => exceptionOf(one, own.length > 0 ? own : methods))
}

const itemsIn = (value: Value | undefined): readonly Value[] =>
  value === undefined ? [] : value.kind === 'list' ? value.items : [value]

const textsIn = (value: Value | undefined): readonly string[] => itemsIn(value).flatMap(textsOf)
