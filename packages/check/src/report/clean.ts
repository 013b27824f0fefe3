/** What comes from a project or a backend is somebody else's text. This is how it is made fit to be shown. */
import { redacted } from '../items/index.ts'

/** Controls, escape sequences, bidirectional overrides, zero-width and tag characters, lone surrogates: all that changes what a reader sees without being seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]/gu

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' }

const spelled = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code <= 0xff) return NAMED[character] ?? `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}

/** The text on one line, with every character that would not be seen spelled out: `\n`, `\x1b`, `\u202e`. A tab is a space. */
export const visible = (text: string): string => text.replaceAll('\t', ' ').replace(UNSEEN, spelled)

/** At most that many UTF-16 units; what was cut shows as an ellipsis. */
export const bounded = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`

/** Longer than any text that is shown, short enough that a minified line of a megabyte costs nothing. */
const LOOKED_AT = 20_000
/** A secret shorter than this is an ordinary word somewhere else: it is looked for as a whole word only. */
const A_WORD = 8

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** As a key these are anybody's first guess. Fields and routes are called so too, and a report without their names says nothing. */
const NAME =
  /^(?:password|passwd|pass|secret|token|key|admin|root|user|username|guest|test|postgres|mysql|redis|mongo|api)$/i
/** Where a name stands as a value: in quotes, behind an equals sign, a colon or an @. */
const AS_VALUE = '(?<=["\'`]|[=@][ ]{0,2}|\\S:[ ]{0,2})'

/** Of a longer secret its start is looked for, and what follows it is hidden too: a pattern of megabytes can't be compiled. */
const LOOKED_FOR = 1_000

const asWritten = (secret: string): string => {
  if (secret.length > LOOKED_FOR) return `${escaped(secret.slice(0, LOOKED_FOR).replace(/[\uD800-\uDBFF]$/, ''))}[^]*`
  if (NAME.test(secret)) return `${AS_VALUE}${secret}(?![\\p{L}\\p{N}_.:-])`
  return secret.length >= A_WORD ? escaped(secret) : `(?<![\\p{L}\\p{N}])${escaped(secret)}(?![\\p{L}\\p{N}])`
}

/** A key of many lines is also each of its lines, and a secret with special characters is also what JSON and a URL make of it. */
const spellings = (secret: string): readonly string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret.toWellFormed()),
  ...secret.split(/\r?\n/).filter((line) => line.length >= 16 && !line.startsWith('-----')),
]

/**
 * Makes texts fit to be shown: secrets redacted first (they may hold what is spelled out afterwards), then visible, then bounded.
 * In one pass over the text: replacing one secret after the other would find the next inside the last one's hash, and a
 * project with a key for each letter could make a text grow without end.
 */
export const cleaner = (secrets: ReadonlySet<string>): ((text: string, most?: number) => string) => {
  const wanted = [...new Set([...secrets].filter((secret) => secret.trim() !== '').flatMap(spellings))]
  wanted.sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
  const any = wanted.length === 0 ? undefined : new RegExp([...new Set(wanted.map(asWritten))].join('|'), 'gu')
  return (text, most = 300) => {
    const looked = text.slice(0, LOOKED_AT)
    return bounded(visible(any === undefined ? looked : looked.replace(any, (secret) => redacted(secret))), most)
  }
}
