/** An escape, a class, or one character. */
const TOKEN = /\\.|\[(?:\\.|[^\]\\])*\]|./gsu

/** A class that is empty in JavaScript, and begins with a bracket elsewhere: `[]abc]`. */
const EMPTY_CLASS = /^\[\^?\]$/

/** What needs no backslash before it, so that ECMA-262 allows none with the flag `u`; of a class `-` may have one. */
const NEEDLESS = /^\\([^A-Za-z0-9^$\\.*+?()[\]{}|/])$/
const NEEDLESS_IN_CLASS = /\\([\\^$.*+?()[\]{}|/A-Za-z0-9-])|\\(.)/gsu

/**
 * A pattern as ECMA-262 writes it for the flag `u`, by which documents are read. .NET, Java and Python also take `\-`, `[\w-.]` and a `]` that
 * closes nothing, as JavaScript does without the flag, and all of them mean the same; but `\p{L}` is a `p` without it.
 *
 * @throws TypeError that names a pattern of another language: `\A`, `(?P<name>…)`, `(?i)`
 */
export const inEcmaScript = (pattern: string): string => {
  if (isOne(pattern)) return pattern
  const tokens = pattern.match(TOKEN) ?? []
  const isForeign = tokens.some((token) => EMPTY_CLASS.test(token))
  const written = isForeign ? pattern : tokens.map(tokenOf).join('')
  if (!isOne(written)) throw new TypeError(`has the pattern ${pattern}, which is none of JavaScript`)
  return written
}

const tokenOf = (token: string): string => {
  if (token === ']') return '\\]'
  return token.startsWith('[') ? classOf(token) : token.replace(NEEDLESS, '$1')
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
