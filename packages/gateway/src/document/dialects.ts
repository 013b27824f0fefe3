/** An escape, a class, or one character. */
const TOKEN = /\\.|\[(?:\\.|[^\]\\])*\]|./gsu

/** What needs no backslash before it, so that ECMA-262 allows none with the flag `u`; of a class `-` may have one. */
const NEEDLESS = /^\\([^A-Za-z0-9^$\\.*+?()[\]{}|/])$/
const NEEDLESS_IN_CLASS = /\\([\\^$.*+?()[\]{}|/A-Za-z0-9-])|\\(.)/gsu

/**
 * A pattern as ECMA-262 writes it for the flag `u`, by which documents are read. .NET, Java and Python also take `\-` and `[\w-.]`, as JavaScript
 * does without the flag, and all of them mean the same; but `\p{L}` is a `p` without it.
 *
 * @throws TypeError that names a pattern of another language: `\A`, `(?P<name>…)`, `(?i)`
 */
export const inEcmaScript = (pattern: string): string => {
  if (isOne(pattern)) return pattern
  const written = pattern.replaceAll(TOKEN, (token) =>
    token.startsWith('[') ? classOf(token) : token.replace(NEEDLESS, '$1'),
  )
  if (!isOne(written)) throw new TypeError(`has the pattern ${pattern}, which is none of JavaScript`)
  return written
}

/** Without needless backslashes, and with one before a hyphen that stands beside a class of its own, where no range can be. */
const classOf = (token: string): string =>
  token
    .replaceAll(NEEDLESS_IN_CLASS, (whole, _, needless: string | undefined) => needless ?? whole)
    .replaceAll(/(\\[dswDSW])-(?!\])/g, '$1\\-')
    .replaceAll(/([^[\\])-(?=\\[dswDSW])/g, '$1\\-')

const isOne = (pattern: string): boolean => {
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false
  }
}
