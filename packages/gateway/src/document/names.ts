import { oneCase } from './letters.ts'
import { folded } from './spellings.ts'

/** Where the name of a field ends and that of a member of it begins, for servers that make objects of names. */
export const BRACKETS = /[[\]\0]/
export const BRACKETS_AND_DOTS = /[[\].\0]/

/**
 * Prepares the question whether a server may read a name as one of these without its being written so: then its value was never judged as
 * that one's. PHP and qs take `role[]`, `role[x]` and `[role]` for `role`, Rack `]role`, PHP `is.admin` and `is[admin` for `is_admin`, ASP.NET
 * `ROLE`, and `user[role]` for `user.role`, Spring `!role` where no `role` is sent; blanks around it go, and in a cookie escapes are undone.
 *
 * @param members where the name of a member begins
 */
export const otherSpelling = (names: readonly string[], members: RegExp): ((name: string) => boolean) => {
  const written = new Set(names)
  const read = new Set(names.map((name) => spelledAs(inLetters(name), BRACKETS)))
  const dotted = new Set(names.filter((name) => name.includes('.')).map(inLetters))
  return (name) => {
    if (written.has(name)) return false
    const plain = inLetters(name)
    if ([BRACKETS, members].some((end) => read.has(spelledAs(plain, end)))) return true
    return plain.includes('[') && (read.has(spelledAs(withoutOpen(plain), BRACKETS)) || dotted.has(withDots(plain)))
  }
}

/** Go's Echo and gorilla/schema compare letters as encoding/json does: `ro\u017fter` is `roster`. */
const inLetters = (name: string): string => oneCase(folded(name))

const spelledAs = (plain: string, end: RegExp): string =>
  (
    plain
      .trim()
      .replace(/^[![\]]+/, '')
      .split(end, 1)[0] ?? ''
  )
    .trim()
    .replaceAll(/[ .]/g, '_')

/** The first bracket, where none closes it, is an underscore, and so are those behind it. */
const withoutOpen = (plain: string): string =>
  plain.replace(/^([^[]+)(\[[^\]]*)$/, (_, before: string, open: string) => before + open.replaceAll('[', '_'))

/** Brackets around a name, but not around an index, are a dot before it. */
const withDots = (plain: string): string => plain.replaceAll(/\[([^[\]\d][^[\]]*)\]/g, '.$1')
