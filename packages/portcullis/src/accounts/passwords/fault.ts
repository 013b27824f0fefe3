import { characters, fits, normalise, PASSWORD_BOUNDS } from './bounds.ts'
import { isCommon } from './common-passwords.ts'
import { isOwnName, isRepetition, isRun } from './patterns.ts'

/**
 * Says why a new password is refused. NIST SP 800-63B-4 §3.1.1.2, ASVS 6.2: its length, and that it is none that would be
 * guessed first; no rules of composition.
 *
 * @param about the account's own e-mail address and names
 * @returns a sentence that does not hold the password, or null when it is good
 */
export const passwordFault = (password: string, about: readonly string[]): string | null => {
  const { minCharacters, maxCharacters, maxBytes } = PASSWORD_BOUNDS
  // Before any work on it, so that the work is bounded: composing shortens a text, but never to a third.
  if (password.length > 6 * maxCharacters) return `The password has more than ${maxCharacters} characters.`
  // Half a surrogate pair is no character: UTF-8 would write all of them as the same one.
  if (!password.isWellFormed()) return 'The password holds something that is no Unicode character.'
  const normal = normalise(password)
  if (characters(normal) < minCharacters) return `The password has fewer than ${minCharacters} characters.`
  if (!fits(normal)) return `The password has more than ${maxCharacters} characters or ${maxBytes} bytes.`
  const lower = normal.toLowerCase()
  if (isRepetition(lower)) return 'The password is one short piece, repeated.'
  if (isRun(lower)) return 'The password is a run along the keyboard or the alphabet.'
  if (isOwnName(lower, about)) return "The password is mostly the account's own name or address."
  if (isCommon(normal)) return 'The password is in the list of common and breached passwords.'
  return null
}
