/** How wide a text is on a terminal, and its lines. */

/** Two columns on terminals; the scripts and pictures that backends' texts are likely to hold. */
const WIDE =
  /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Emoji_Presentation}|[\uff01-\uff60]/u
const NONE = /^\p{M}$/u

export const widthOf = (text: string): number => {
  let width = 0
  for (const character of text) width += NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return width
}

/** How wide a terminal is; 80 where it is not known, which some (a console over a serial line, a new pty) say as 0. */
export const columnsOf = (said: number | undefined): number => said || 80

/** The text in that many columns at most; what was cut shows as an ellipsis. */
export const cut = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let width = 0
  for (const character of text) {
    width += widthOf(character)
    if (width > columns - 1) break
    kept += character
  }
  return `${kept}…`
}

/** Lines of at most that many columns, broken between words; a word that is wider than a line is broken inside. */
export const wrap = (text: string, columns: number): readonly string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((one) => pieces(one, columns))) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

const pieces = (word: string, columns: number): readonly string[] => {
  if (widthOf(word) <= columns) return [word]
  const all: string[] = []
  let piece = ''
  for (const character of word) {
    if (widthOf(piece) + widthOf(character) > columns) {
      all.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...all, piece]
}
