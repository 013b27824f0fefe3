import type { Pairs } from './pairs.ts'
import { valuesOf } from './pairs.ts'
import { pointerTo } from './parameters.ts'
import type { Fault } from './validator.ts'

/**
 * The pairs of a Cookie field (RFC 6265 §4.2.1). A byte beyond ASCII, or a control character: undefined, because one server takes it for a
 * blank around a name where another keeps it (Python strips U+0085 and U+00A0).
 */
export const cookiePairs = (cookie: string): Pairs | undefined =>
  /[^ -~]/.test(cookie)
    ? undefined
    : cookie.split(';').map((pair) => {
        const [name = '', ...value] = pair.split('=')
        // Without `=` it is a name to one server, and a value to another.
        return [name.trim(), value.join('=').trim()] as const
      })

/**
 * Judges a cookie that the document describes, as every server reads it. What stands in quotes, with octal escapes in them, is another text
 * to Starlette, Flask and Django; a percent-encoded one is to Express, Hono and PHP; which of two is read, each decides for itself.
 */
export const inCookie = (
  name: string,
  pairs: Pairs,
  check: (sent: readonly string[] | undefined) => readonly Fault[],
): readonly Fault[] => {
  const values = valuesOf(name, pairs)
  if (values === undefined) return check(undefined)
  const problem = values.length > 1 ? 'stands twice' : /["\\%]/.test(values[0] ?? '') ? ESCAPED : undefined
  return problem === undefined ? check(values) : [{ field: pointerTo(name), problem }]
}

const ESCAPED = 'holds a quote, a backslash or a percent sign'
