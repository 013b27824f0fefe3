import { BRACKETS, otherSpelling } from './names.ts'
import type { Pairs } from './pairs.ts'
import { valuesOf } from './pairs.ts'
import type { Parameter } from './parameters.ts'
import type { Fault } from './validator.ts'
import { pointerTo } from './values.ts'

/** A token (RFC 9110 §5.6.2), which the name of a cookie is. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/
/** No blank, comma or quote, but for quotes around the whole: RFC 6265 §4.1.1. A backslash ends no value, unless it is in quotes. */
const VALUE = /^(?:[^ ",]*|"[^ ",\\]*")$/

/**
 * Prepares the reading of a Cookie field (RFC 6265 §4.2.1) of which these are judged. Undefined where a server may find one of them in it that
 * is not looked at here. A byte beyond ASCII, or a control character, is a blank around a name to one and a part of it to another (Python
 * strips U+0085 and U+00A0). In the cookies that nobody describes a blank or a comma begins the next one for some, and quotes hold a
 * semicolon; a name has other spellings.
 */
export const cookieReader = (names: readonly string[]): ((cookie: string) => Pairs | undefined) => {
  const judged = new Set(names)
  const isOther = otherSpelling(names, BRACKETS)
  return (cookie) => {
    if (/[^ -~]/.test(cookie)) return undefined
    const pairs: (readonly [name: string, value: string])[] = []
    for (const pair of cookie.split(';')) {
      // Without `=` it is a name to one server, and a value to another.
      const [before = '', ...behind] = pair.split('=')
      const [name, value] = [before.trim(), behind.join('=').trim()]
      const isNothing = name === '' && behind.length === 0
      if (!judged.has(name) && !isNothing && (!NAME.test(name) || !VALUE.test(value) || isOther(name))) return undefined
      pairs.push([name, value])
    }
    return pairs
  }
}

/**
 * Judges a cookie that the document describes, as every server reads it. What stands in quotes, with octal escapes in them, is another text
 * to Starlette, Flask and Django; a percent-encoded one is to Express, Hono and PHP; a blank ends it for Python, a comma for older Java; which
 * of two is read, each decides for itself.
 */
export const inCookie = (
  { name, reading }: Parameter,
  pairs: Pairs,
  check: (sent: readonly string[] | undefined) => readonly Fault[],
): readonly Fault[] => {
  const values = valuesOf(name, pairs)
  if (values === undefined) return check(undefined)
  const odd = reading.kind === 'separated' ? ODD_IN_LIST : ODD
  const problem = values.length > 1 ? 'stands twice' : odd.test(values[0] ?? '') ? ESCAPED : undefined
  return problem === undefined ? check(values) : [{ field: pointerTo(name), problem }]
}

const ODD = /["\\%, ]/
/** Behind a comma of a list no other cookie begins. */
const ODD_IN_LIST = /["\\% ]|,.*=/
const ESCAPED = 'holds a quote, a backslash, a percent sign, a blank or a comma'
