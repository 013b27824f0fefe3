/** What is asked of an origin, and who passes: equality, its beginning and end, patterns, places in a list. */
import { possibilities, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { settingsOf } from '../switches/index.ts'
import { or, type Reach } from './reach.ts'
import { isOfOrigin, type Said, test, UNKNOWN } from './said.ts'
import { isShared } from './shared-hosts.ts'

/** The texts that a value can be; undefined where one of them is not known. */
const textsIn = (reading: Reading, value: Value): readonly string[] | undefined => {
  const texts: string[] = []
  for (const one of possibilities(value)) {
    if (one.kind === 'literal') texts.push(String(one.value))
    else if (one.kind === 'env') {
      const settings = settingsOf(reading, one.name).flatMap((each) => each.value.split(','))
      if (settings.length === 0) return
      texts.push(...settings.map((each) => each.trim()))
    } else if (one.kind === 'list') {
      const inner = one.items.map((item) => textsIn(reading, item))
      for (const each of inner) {
        if (each === undefined) return
        texts.push(...each)
      }
    } else return
  }
  return texts
}

/** `'.' + domain`, `https://${name}`: how it begins, where that is written out. */
const beginning = (value: Value): string | undefined => {
  const [first] = value.kind === 'text' ? value.parts : [value]
  return first?.kind === 'literal' ? String(first.value) : undefined
}

const LOCAL = /^(?:localhost|127\.0\.0\.1|\[?::1\]?)(?::\d+)?$/

/** One of a list, or the one that it has to be. */
export const equals = (reading: Reading, said: Said, value: Value): Said => {
  const texts = textsIn(reading, value)
  const told = texts?.filter((one) => one !== '*')
  switch (said.is) {
    case 'origin':
      if (told?.every((one) => one === '' || one === 'null' || one === 'undefined') && isNothing(value))
        return test('nobody')
      if (told?.length === 0) return test('nobody')
      return test(told?.includes('null') && saysNull(value) ? 'null' : 'listed')
    case 'host':
      return test(told !== undefined && told.length > 0 && told.every((one) => LOCAL.test(one)) ? 'listed' : 'hosts')
    case 'scheme':
      return told?.every((one) => /^https(?::|:\/\/)?$/.test(one)) ? test('https', 'reflected') : test('any')
    case 'detail':
    case 'request':
      return test('any')
    default:
      return UNKNOWN
  }
}

/** `origin === undefined` asks for none, as `origin === ''` does. */
const isNothing = (value: Value): boolean =>
  possibilities(value).every((one) => one.kind === 'literal' && (one.value === null || one.value === ''))

/** The word, not the lack of one. */
const saysNull = (value: Value): boolean =>
  possibilities(value).some((one) =>
    one.kind === 'list'
      ? one.items.some(saysNull)
      : one.kind === 'env' || (one.kind === 'literal' && one.value === 'null'),
  )

/** `LIST.includes(origin)`; of a text it is a part that is asked for. */
export const among = (reading: Reading, said: Said, list: Value, isText: boolean): Said => {
  if (said.is === 'request') return test('any')
  if (!isOfOrigin(said)) return UNKNOWN
  const [only] = possibilities(list)
  if (only?.kind === 'literal' && only.value === null) return test('nobody')
  if (isText && (said.is === 'origin' || said.is === 'host')) return test('loose')
  return equals(reading, said, list)
}

const SUBDOMAINS = /^\.|:\/\//
const WHOLE = /^https?:\/\/[^/]+[:/]$/

/** `origin.endsWith('.example.com')`: with its dot only subdomains pass, which is a choice. */
export const endsWith = (reading: Reading, said: Said, value: Value): Said => {
  const texts = textsIn(reading, value) ?? [beginning(value) ?? '']
  const dotted = texts.length > 0 && texts.every((one) => SUBDOMAINS.test(one) && !isShared(one))
  if (said.is === 'origin') return test(dotted ? 'listed' : 'loose')
  return said.is === 'host' ? test(dotted ? 'hosts' : 'loose') : UNKNOWN
}

/** `origin.startsWith('https://app.example.com')` is how `https://app.example.com.evil.example` begins too. */
export const startsWith = (reading: Reading, said: Said, value: Value): Said => {
  const texts = textsIn(reading, value) ?? []
  if (said.is !== 'origin') return said.is === 'host' ? test('loose') : said.is === 'scheme' ? test('any') : UNKNOWN
  if (texts.length === 0) return test('loose')
  return test(
    or(
      ...texts.map((one): Reach => {
        if (one === 'https://') return 'https'
        if (/^(?:https?(?::\/?)?|http:\/\/|)$/.test(one)) return 'any'
        return WHOLE.test(one) ? 'listed' : 'loose'
      }),
    ),
  )
}

/** `origin.includes('example.com')`. */
export const includes = (reading: Reading, said: Said, value: Value): Said => {
  const texts = textsIn(reading, value) ?? []
  if (said.is === 'scheme' || said.is === 'detail') return test('any')
  if (said.is !== 'origin' && said.is !== 'host') return UNKNOWN
  return test(texts.length > 0 && texts.every((one) => /^(?:https?)?(?::\/\/)?$/.test(one)) ? 'any' : 'loose')
}

/** `pattern.test(origin)`, `origin.match(pattern)`: a text is a pattern to `match`, and has no `test`. */
export const matches = (said: Said, value: Value, judge: (value: Value) => Reach): Said => {
  if (said.is === 'detail' || said.is === 'scheme' || said.is === 'request') return test('any')
  if (said.is !== 'origin' && said.is !== 'host') return UNKNOWN
  const judged = possibilities(value).map((one): Reach => {
    if (one.kind === 'literal')
      return typeof one.value === 'string' ? judge({ kind: 'pattern', source: one.value, at: one.at }) : 'nobody'
    return one.kind === 'pattern' || one.kind === 'external' ? judge(one) : 'unknown'
  })
  return test(or(...judged.map((one): Reach => (said.is === 'host' && one === 'listed' ? 'hosts' : one))))
}
