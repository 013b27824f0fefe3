/** What the project's patterns fit. */
import type { Value } from '../../source/index.ts'
import { type Reading, writtenAt } from '../reading.ts'

/** Whether a pattern fits a text as it was written: `/^\/api\//i` minds no capitals. */
export const fits = (reading: Reading, pattern: Extract<Value, { kind: 'pattern' }>, text: string): boolean =>
  tested(pattern.source, text, /(?:\/|['"`])\w*i\w*(?:['"`]\s*\))?$/.test(writtenAt(reading, pattern)) ? 'i' : '')

/** Whether a pattern of the project's fits a path of the project's. Both are short, but the pattern may not be a kind one. */
export const tested = (source: string, text: string, flags = ''): boolean => {
  if (text.length > 200 || /\([^)]*[*+][^)]*\)[*+]/.test(source)) return false
  try {
    return new RegExp(source, flags).test(text)
  } catch {
    return false
  }
}
