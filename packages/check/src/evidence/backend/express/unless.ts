/** express-unless, which express-jwt brings along: `expressjwt({…}).unless({ path: ['/login', { url: '/notes', methods: ['GET'] }] })`. */
import { possibilities, textsOf, type Value } from '../../source/index.ts'
import { type Opening, patternFits, unmarked } from '../exceptions/index.ts'
import type { Reading } from '../reading.ts'

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

const exceptionsIn = (reading: Reading, value: Value): readonly Exception[] => {
  if (value.kind !== 'external' || value.path.at(-2) !== 'unless') return []
  const given = value.call?.node.args[0]
  const options = given && value.call && reading.evaluator.value(given, value.call.scope, value.frame)
  if (options?.kind !== 'object') return []
  const methods = textsIn(options.entries.get('method'))
  const paths = itemsIn(options.entries.get('path')).flatMap((one) => exceptionOf(one, methods))
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
