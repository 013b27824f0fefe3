import { isUtf8 } from 'node:buffer'

/** The members of one JSON object. */
export interface Members {
  readonly ok: true
  readonly members: ReadonlyMap<string, unknown>
  /** The text is the one that JSON.stringify writes: no space, no escape, no second spelling of a number. */
  readonly canonical: boolean
}

/** Why bytes are not the members of one JSON object. */
export type MembersRefused = { readonly ok: false; readonly reason: 'encoding' | 'json' | 'nested' | 'duplicate-name' }

type ObjectRead =
  | { readonly ok: true; readonly value: object; readonly text: string }
  | { readonly ok: false; readonly reason: 'encoding' | 'json' }

const readObject = (bytes: Buffer): ObjectRead => {
  const text = bytes.toString('utf8')
  if (!isUtf8(bytes) || text.startsWith('\u{FEFF}')) return { ok: false, reason: 'encoding' }
  let value: unknown
  try {
    value = JSON.parse(text.includes('\\') ? withPlainNames(text) : text)
  } catch {
    return { ok: false, reason: 'json' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ok: false, reason: 'json' }
  return { ok: true, value, text }
}

/** A string of a JSON text, to its end or the text's, and the colon behind it where it is a name. No two ways lead through it. */
const STRING = /"(?:[^"\\]|\\[\s\S]?)*(?:"|$)(?=(\s*:)?)/g

/**
 * The text with names as they read: V8 takes a name with an escape for one that an earlier text had (../validation/escaped-names.ts says
 * more). A claim whose name can't be written without one has nobody.
 *
 * @throws SyntaxError
 */
const withPlainNames = (text: string): string =>
  text.replace(STRING, (string: string, colon: string | undefined) => {
    if (colon === undefined || !string.includes('\\')) return string
    const name = JSON.stringify(JSON.parse(string))
    if (name.includes('\\')) throw new SyntaxError('a name holds what only an escape can write')
    return name
  })

/**
 * Reads bytes as one flat JSON object: UTF-8 without errors and without BOM (RFC 8725, section 3.7), no name twice (RFC 7519,
 * section 4), no array or object inside.
 */
export const readMembers = (bytes: Buffer): Members | MembersRefused => {
  const read = readObject(bytes)
  if (!read.ok) return read
  const { value, text } = read
  // A map, so that a member called __proto__ or toString is a member like any other.
  const members = new Map<string, unknown>(Object.entries(value))
  for (const member of members.values()) {
    if (typeof member === 'object' && member !== null) return { ok: false, reason: 'nested' }
  }
  // What JSON.stringify writes the same holds each name once.
  const canonical = JSON.stringify(value) === text
  // JSON.parse keeps the last of two members of one name and says nothing; each member that was written has one colon.
  if (!canonical && colonsOutsideStrings(text) !== members.size) return { ok: false, reason: 'duplicate-name' }
  return { ok: true, members, canonical }
}

/** Arrays and objects inside one another that somebody else's claims may have. */
const MAX_DEPTH = 8

/** Reads bytes as one JSON object that may hold others: the rules of `readMembers`, in every object, and at most eight levels. */
export const readNestedMembers = (bytes: Buffer): Omit<Members, 'canonical'> | MembersRefused => {
  const read = readObject(bytes)
  if (!read.ok) return read
  const count = countMembers(read.value, 1)
  if (count === undefined) return { ok: false, reason: 'nested' }
  if (colonsOutsideStrings(read.text) !== count) return { ok: false, reason: 'duplicate-name' }
  return { ok: true, members: new Map<string, unknown>(Object.entries(read.value)) }
}

/** The members of a value and of all objects in it; undefined when it is too deep. */
const countMembers = (value: unknown, depth: number): number | undefined => {
  if (typeof value !== 'object' || value === null) return 0
  if (depth > MAX_DEPTH) return undefined
  const inside: readonly unknown[] = Object.values(value)
  let count = Array.isArray(value) ? 0 : inside.length
  for (const one of inside) {
    const more = countMembers(one, depth + 1)
    if (more === undefined) return undefined
    count += more
  }
  return count
}

const colonsOutsideStrings = (text: string): number => text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1
