import { folded } from './spellings.ts'

/** Where the name of a field ends and that of a member of it begins, for servers that make objects of names. */
export const BRACKETS = /[[\]\0]/
export const BRACKETS_AND_DOTS = /[[\].\0]/

/**
 * Prepares the question whether a server may read a name as one of these without its being written so: then its value was never judged as
 * that one's. PHP and qs take `role[]`, `role[x]` and `[role]` for `role`, PHP `is.admin` for `is_admin`, ASP.NET `ROLE`; blanks around it
 * go, and in a cookie escapes are undone.
 *
 * @param members where the name of a member begins
 */
export const otherSpelling = (names: readonly string[], members: RegExp): ((name: string) => boolean) => {
  const written = new Set(names)
  const read = new Set(names.map((name) => spelledAs(folded(name), BRACKETS)))
  return (name) => {
    if (written.has(name)) return false
    const plain = folded(name)
    return [BRACKETS, members].some((end) => read.has(spelledAs(plain, end)))
  }
}

const spelledAs = (plain: string, end: RegExp): string =>
  (plain.trim().replace(/^\[+/, '').split(end, 1)[0] ?? '').trim().replaceAll(/[ .]/g, '_')
