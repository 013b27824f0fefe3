/** What comes from a project or a backend is somebody else's text. This is how it is made fit to be shown. */
import { namesAmong, occurrencesOf, redacted } from '../items/index.ts'

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
 *
 * @param paths of the project: what they are called by is hidden only where it stands as a value
 */
export const cleaner = (
  secrets: ReadonlySet<string>,
  paths: readonly string[] = [],
): ((text: string, most?: number) => string) => {
  const wanted = [...new Set([...secrets].filter((secret) => secret.trim() !== '').flatMap(spellings))]
  const any = wanted.length === 0 ? undefined : occurrencesOf(wanted, namesAmong(wanted, paths))
  return (text, most = 300) => {
    const looked = text.slice(0, LOOKED_AT)
    return bounded(visible(any === undefined ? looked : looked.replace(any, (secret) => redacted(secret))), most)
  }
}
