/** Cookies that are written out: `res.setHeader('Set-Cookie', `session=${id}; HttpOnly`)`. */
import { possibilities, type Value } from '../../source/index.ts'
import type { CookieSetting } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isSessionName } from './session-cookies.ts'

export const writtenCookiesOf = (reading: Reading): readonly CookieSetting[] =>
  ['setHeader', 'appendHeader', 'append', 'header', 'set'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap(({ node, scope }) => {
      const [header, given] = node.args
      if (header?.kind !== 'literal' || !/^set-cookie$/i.test(String(header.value)) || given === undefined) return []
      return linesIn(reading.evaluator.value(given, scope)).flatMap((line) => {
        const missing = missingIn(line)
        return missing === undefined ? [] : [{ at: placeOf(reading, node.at), missing }]
      })
    }),
  )

/** What is not known of a line stands in it as this. */
const UNKNOWN = '\0'

const linesIn = (value: Value): readonly string[] =>
  possibilities(value).flatMap((one) => {
    if (one.kind === 'list') return one.items.flatMap(linesIn)
    return one.kind === 'text' || one.kind === 'literal' ? [textOf(one)] : []
  })

const textOf = (value: Value): string => {
  if (value.kind === 'literal') return String(value.value)
  return value.kind === 'text' ? value.parts.map(textOf).join('') : UNKNOWN
}

const missingIn = (line: string): CookieSetting['missing'] | undefined => {
  const [, name = '', value = '', attributes = ''] = /^\s*([^=;\s\0]+)=([^;]*)(.*)$/s.exec(line) ?? []
  // One that is taken back holds nothing, and attributes that nobody can read may be the right ones.
  if (!isSessionName(name) || !value.includes(UNKNOWN) || attributes.split(';').some(isUnknownFlag)) return
  const all = [
    ['HttpOnly', /;\s*httponly\b/i],
    ['Secure', /;\s*secure\b/i],
    ['SameSite', /;\s*samesite=(?!none)/i],
  ] as const
  return all.flatMap(([flag, pattern]) => (pattern.test(attributes) ? [] : [flag]))
}

/** `; Max-Age=${age}` is no flag, `; ${flags}` may be all of them. */
const isUnknownFlag = (attribute: string): boolean =>
  attribute.includes(UNKNOWN) && !/^\s*(?:max-age|expires|path|domain)=\0?[^\0]*\0?[^\0]*$/i.test(attribute)
