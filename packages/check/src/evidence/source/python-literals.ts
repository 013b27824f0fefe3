/** The values of Python's literals, from how they are written. */

/** `1_000`, `0xff`, `0o17`, `1e3`; undefined for what no JavaScript number is (`2j`). */
export const numberOf = (written: string): number | undefined => {
  const plain = written.replaceAll('_', '').replace(/[lL]$/, '')
  // 0777 is Python 2's octal.
  const value = Number(/^0\d+$/.test(plain) ? `0o${plain}` : plain)
  return Number.isNaN(value) ? undefined : value
}

const escaped = /\\(?:\r?\n|[0-7]{1,3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|N\{[^}]+\}|[\s\S])/g
const letters: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

const characterOf = (sequence: string): string => {
  const letter = sequence[1] ?? ''
  if (letter === '\n' || letter === '\r') return ''
  const known = letters[letter]
  if (known !== undefined) return known
  if (/[0-7]/.test(letter)) return String.fromCodePoint(Number.parseInt(sequence.slice(1), 8))
  if (sequence.length > 2 && letter !== 'N') {
    const code = Number.parseInt(sequence.slice(2), 16)
    return code > 0x10ffff ? sequence : String.fromCodePoint(code)
  }
  // Python leaves an escape that it doesn't know as it is; a named character is left so too.
  return sequence
}

interface StringStyle {
  readonly raw: boolean
  /** Bytes know neither \u nor \N. */
  readonly bytes: boolean
  /** `f'…'` and `t'…'`: braces hold expressions. */
  readonly format: boolean
}

/** By what a string starts with: `rb"""`. */
export const styleOf = (opening: string): StringStyle => {
  const prefix = opening.toLowerCase()
  return { raw: prefix.includes('r'), bytes: prefix.includes('b'), format: /[ft]/.test(prefix) }
}

/** What a string's inside means. */
export const textOf = (inside: string, { raw, bytes, format }: StringStyle): string => {
  const braces = format ? inside.replace(/\{\{|\}\}/g, (pair) => pair.charAt(0)) : inside
  if (raw || !braces.includes('\\')) return braces
  return braces.replace(escaped, (one) => (bytes && /[uUN]/.test(one.charAt(1)) ? one : characterOf(one)))
}
