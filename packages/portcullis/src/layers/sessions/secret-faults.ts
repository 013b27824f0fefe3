import { createHash } from 'node:crypto'
import { KNOWN_SECRETS, PLACEHOLDER_WORDS } from './well-known.ts'

const NEEDED_BITS = 256

/** What text is written in, and the random bits that a character of it holds at best. The first that fits counts. */
const ALPHABETS: readonly (readonly [form: RegExp, bits: number])[] = [
  [/^[0-9]+$/, Math.log2(10)],
  [/^[0-9a-f]+$/i, 4],
  [/^(?:[0-9a-z]+|[0-9A-Z]+)$/, Math.log2(36)],
  [/^[A-Za-z0-9+/_-]+$/, 6],
  [/^/, Math.log2(95)],
]

/** Groups of letters of one case or of digits with a sign between them: a phrase, not noise. */
const PHRASE = /^(?:[A-Z]?[a-z]+|[A-Z]+|\d+)(?:[-_.:,+/](?:[A-Z]?[a-z]+|[A-Z]+|\d+)){2,}$/

/** Words that begin with a capital and stand beside each other: 43 random characters look so once in 80 million times. */
const CAPITALISED =
  /^[^A-Z]*(?:(?:[A-Z][a-z]{2,}|A[nst]?|By|Do|Go|He|I[fnst]?|M[ey]|No|O[fnr]|So|To|U[ps]|We)[^A-Za-z]*){3,}$/

/**
 * What is wrong with a secret for HS256, every fault of it; none of the sentences' parts holds any of its text. A secret needs
 * 256 random bits (RFC 7518, section 3.2; RFC 8725, section 3.5): what was thought up by a person, or is printed somewhere, is
 * guessed offline from a single token.
 */
export const secretFaults = (secret: string): readonly string[] => {
  const faults: string[] = []
  if (/[\s\p{C}]/u.test(secret)) faults.push('holds white space, a control character or an unassigned one')
  const readings = [secret, ...hidden(secret)]
  const bits = Math.floor(Math.min(...readings.map(bitsAtBest)))
  if (bits < NEEDED_BITS) faults.push(`holds ${bits} random bits at the very best, and ${NEEDED_BITS} are needed`)
  if (readings.some(isWellKnown)) faults.push('is well known or a placeholder')
  if (readings.some(isMonotonous)) faults.push('repeats itself, counts up, or has few different characters')
  if (readings.some((reading) => PHRASE.test(reading) || CAPITALISED.test(reading))) faults.push('is made of words')
  return faults
}

/** Text that was put into hex or base64 is still that text. Of 32 random bytes all are printable once in 10^13 times. */
const hidden = (secret: string): readonly string[] => {
  const encodings = [...(/^(?:[0-9a-f]{2})+$/i.test(secret) ? (['hex'] as const) : []), 'base64url' as const]
  const texts = encodings
    .filter((encoding) => encoding === 'hex' || /^[A-Za-z0-9+/_-]+={0,2}$/.test(secret))
    .map((encoding) => Buffer.from(secret, encoding).toString('latin1'))
  return texts.filter((text) => /^[\x20-\x7e]+$/.test(text))
}

const bitsAtBest = (secret: string): number => {
  const characters = secret.replace(/={1,2}$/, '')
  const [, bits = 0] = ALPHABETS.find(([form]) => form.test(characters)) ?? []
  return [...characters].length * bits
}

const isWellKnown = (secret: string): boolean => {
  if (KNOWN_SECRETS.has(createHash('sha256').update(secret).digest('hex'))) return true
  const plain = secret.toLowerCase().replace(/[^a-z0-9]/g, '')
  return PLACEHOLDER_WORDS.some((word) => plain.includes(word))
}

const isMonotonous = (secret: string): boolean => {
  const codes = [...secret].map((character) => character.codePointAt(0) ?? 0)
  // 64 random hex digits show fewer than ten of the sixteen once in 10^12 times.
  if (new Set(codes).size < 10) return true
  for (let period = 1; period <= codes.length / 2; period += 1)
    if (codes.every((code, at) => at < period || code === codes[at - period])) return true
  const steps = codes.filter((code, at) => at > 0 && Math.abs(code - (codes[at - 1] ?? 0)) <= 1).length
  return steps > (codes.length * 2) / 3
}
