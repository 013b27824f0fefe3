/** Which origins a CORS setting lets in. */
import { lastName, possibilities, type Value } from '../../source/index.ts'
import type { CorsSetting } from '../facts.ts'
import { byDelegate, byExpression, byOrigin, isCalledOrigins, takesShared } from '../origin-functions/index.ts'
import type { Reading } from '../reading.ts'
import { chosenByValue, ofProduction, settingsOf } from '../switches/index.ts'

type Origins = CorsSetting['origins']

const WORST: readonly Origins[] = ['any', 'reflected', 'null', 'loose', 'unknown', 'listed']

const worst = (all: readonly Origins[]): Origins => WORST.find((one) => all.includes(one)) ?? 'unknown'

/** What an origin option lets in. `absent` is what the library does without one. */
export const originsOf = (reading: Reading, value: Value | undefined, absent: Origins): Origins => {
  if (value === undefined) return absent
  const all = ofProduction(reading, possibilities(value))
  const fixed = all.filter((one) => one.kind !== 'env')
  return worst([
    ...fixed.filter((one) => fixed.length === 1 || !chosenByValue(reading, one)).map((one) => single(reading, one)),
    // A variable is what the project's files set it to; without any it is somebody's list.
    ...all.flatMap((one): Origins[] => {
      if (one.kind !== 'env') return []
      const settings = settingsOf(reading, one.name)
      return settings.length === 0 ? (fixed.length > 0 ? [] : ['listed']) : settings.map((each) => ofText(each.value))
    }),
  ])
}

type FunctionValue = Extract<Value, { kind: 'function' }>

/** `cors((req, callback) => callback(null, { origin: … }))`: options for each request. */
export const originsOfDelegate = (reading: Reading, value: FunctionValue): Origins =>
  byDelegate(reading, value, (one) => originsOf(reading, one, 'listed'))

/** The option `origin`, as it is written: of `production ? LIST : '*'` production's side counts. */
export const originOption = (
  reading: Reading,
  options: Extract<Value, { kind: 'object' }>,
  absent: Origins,
): Origins => {
  const value = options.entries.get('origin')
  if (value === undefined && options.rest.length > 0) return 'unknown'
  const object = options.node?.node
  const written =
    object?.kind === 'object'
      ? object.entries.find((one) => one.key.kind === 'literal' && one.key.value === 'origin')?.value
      : undefined
  if (options.node !== undefined && (written?.kind === 'conditional' || written?.kind === 'logical')) {
    const found = byExpression(reading, written, options.node.scope, (one) => originsOf(reading, one, 'listed'))
    if (found !== 'unknown') return found
  }
  return originsOf(reading, value, absent)
}

const ofText = (text: string): Origins => {
  const parts = text
    .split(/[\s,;]+/)
    .map((one) => one.replace(/^[["']+|[\]"']+$/g, ''))
    .filter((one) => one !== '')
  if (parts.includes('*') || text === 'true') return 'any'
  if (parts.includes('null')) return 'null'
  return parts.some((one) => /^https?:\/\/\*$|^https?:\/\/\*\.?[a-z]{2,}$/.test(one)) ? 'any' : 'listed'
}

const single = (reading: Reading, value: Value): Origins => {
  switch (value.kind) {
    case 'literal':
      if (value.value === true) return 'reflected'
      if (value.value === false || value.value === null || value.value === '') return 'listed'
      return ofText(String(value.value))
    case 'list':
      return value.items.length === 0 ? 'listed' : worst(value.items.map((one) => originsOf(reading, one, 'listed')))
    case 'pattern':
      return loosePattern(value.source) ? 'loose' : 'listed'
    case 'function':
      return byOrigin(reading, value, (one) => originsOf(reading, one, 'listed'))
    case 'text':
      return 'listed'
    case 'external':
      return ofRegExp(reading, value)
    case 'unknown':
      return ofUnknown(reading, value)
    default:
      return 'unknown'
  }
}

const ofUnknown = (reading: Reading, value: Extract<Value, { kind: 'unknown' }>): Origins => {
  // `this.check.bind(this)`
  const { node } = value
  const scope = node && reading.program.scopeOf(node)
  if (node?.kind === 'call' && node.callee.kind === 'member' && lastName(node.callee) === 'bind' && scope !== undefined)
    return originsOf(reading, reading.evaluator.value(node.callee.object, scope), 'unknown')
  if (/(?:^|,)headers,origin$/i.test(String(value.label))) return 'reflected'
  return isCalledOrigins(value) ? 'listed' : 'unknown'
}

/** `new RegExp(process.env.SITE_URL)`: what is not anchored takes whatever begins or ends like it, and its dots are any character. */
const ofRegExp = (reading: Reading, value: Extract<Value, { kind: 'external' }>): Origins => {
  if (value.from !== 'global' || value.path.join('.') !== 'RegExp.()' || value.call === undefined) return 'unknown'
  const source =
    value.call.node.args[0] && reading.evaluator.value(value.call.node.args[0], value.call.scope, value.frame)
  if (source?.kind === 'literal') return loosePattern(String(source.value)) ? 'loose' : 'listed'
  const [first, last] = source?.kind === 'text' ? [source.parts[0], source.parts.at(-1)] : []
  return first?.kind === 'literal' &&
    String(first.value).startsWith('^') &&
    last?.kind === 'literal' &&
    String(last.value).endsWith('$')
    ? 'listed'
    : 'loose'
}

/** A pattern that look-alikes pass: no anchor at either end, any name below a domain that everybody shares, a dot that is any character, or a wildcard that crosses the host. */
export const loosePattern = (source: string): boolean => {
  if (!source.startsWith('^') || !source.endsWith('$') || takesShared(source)) return true
  if (/(?:^|[^\\])\.(?:com|net|org|io|dev|app|example|co|local)/.test(source)) return true
  // `.*` before the domain swallows `evil.com/.example.com`? An origin has no path; but `https?://.*example` takes evilexample.
  return /\.[*+](?!\\?\.)/.test(source.replace(/\\\./g, '\\.')) && !/\.[*+]\\\./.test(source)
}
