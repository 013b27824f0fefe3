/** What moves a terminal's cursor or turns its text round, and ends a line of a lock file: Unicode's controls, formats and separators of lines. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Whether a text holds such a character. */
export const holdsControl = (text: string): boolean => text.search(CONTROL) !== -1

/** A text of the document as a terminal may have it: it would draw another table than the one that is served (CWE-150). */
export const shown = (text: string): string =>
  text.replace(CONTROL, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
