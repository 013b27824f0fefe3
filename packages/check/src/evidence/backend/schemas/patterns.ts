/** Patterns of a schema: whether one says what a text may be, or lets any text through. Nothing is matched: a pattern may be hostile. */
import { possibilities, type Value } from '../../source/index.ts'

/** Whether a pattern bounds what it looks at. One that the source doesn't show is taken for one that does. */
export const isBoundingPattern = (value: Value | undefined): boolean =>
  value === undefined ||
  !possibilities(value).some((one) => {
    const source =
      one.kind === 'pattern' ? one.source : one.kind === 'literal' && typeof one.value === 'string' ? one.value : ''
    return source !== '' && !boundsText(source)
  })

/** `/[A-Z]/` is found somewhere in a text of any length, and `/^.*$/` is every text. */
export const boundsText = (source: string): boolean => {
  if (LOOKS_AT_LENGTH.test(source)) return true
  const { alternatives, takesAny } = partsOf(source.replace(/^\(\?[a-z]+\)/, '').slice(0, LONGEST))
  return (
    !takesAny && alternatives.every((one) => /^(?:\^|\\A)/.test(one) && /(?:^|[^\\])(?:\\\\)*(?:\$|\\[zZ])$/.test(one))
  )
}

const LONGEST = 2_000

/** `(?=.{1,80}$)`, `(?!.{81})` */
const LOOKS_AT_LENGTH = /\(\?=\^?\.\{\d*,\d+\}\$\)|\(\?!\^?\.\{\d+,?\}/

/** `.`, `[\s\S]`, `[^]`, `[^\n]` */
const ANY = /^(?:\.|\[(?:\\s\\S|\\S\\s|\\w\\W|\\W\\w|\\d\\D|\\D\\d|\^|\^\\n|\^\\r\\n)\])$/
const ATOM = /\\.|\[(?:\^?\]?)(?:\\.|[^\]\\])*\]|\(\?(?:[=!]|<[=!])|\((?:\?(?::|P?<\w*>|[a-z]*:))?|./gs

/** What stands between the bars outside of all brackets, and whether any character may come without an end. */
const partsOf = (source: string): { readonly alternatives: readonly string[]; readonly takesAny: boolean } => {
  const alternatives = ['']
  /** Of each bracket that is open: whether it only looks ahead, and so takes nothing. */
  const open: boolean[] = []
  let takesAny = false
  for (const { 0: atom, index } of source.matchAll(ATOM)) {
    if (atom === '|' && open.length === 0) {
      alternatives.push('')
      continue
    }
    if (/^\(/.test(atom)) open.push(/[=!]$/.test(atom))
    else if (atom === ')') open.pop()
    else if (ANY.test(atom) && /^(?:[*+]|\{\d+,\})/.test(source.slice(index + atom.length, index + atom.length + 12)))
      takesAny ||= !open.includes(true)
    alternatives.push(`${alternatives.pop()}${atom}`)
  }
  return { alternatives, takesAny }
}
