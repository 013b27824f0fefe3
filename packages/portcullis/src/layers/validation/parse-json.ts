import { parseEscapedNames } from './escaped-names.ts'

type JsonRefusal = 'encoding' | 'syntax' | 'duplicate-name' | 'forbidden-name' | 'depth'

/** A JSON text's value, or why it was refused: for the log, the caller gets one answer for all. */
export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: JsonRefusal }

const MAX_DEPTH = 32

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const refused = (reason: JsonRefusal): ParsedJson => ({ ok: false, reason })

/**
 * Parses one JSON text (RFC 8259) as strictly as I-JSON asks (RFC 7493): UTF-8 without errors, BOM or lone surrogates, no name
 * twice in an object, no number beyond a double. Beyond that: at most 32 levels, and no name that reaches a prototype.
 */
export const parseJson = (bytes: Buffer): ParsedJson => {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return refused('encoding')
  }
  if (text.charCodeAt(0) === 0xfeff) return refused('encoding')
  const { depth, colons, escapes, escapedNames } = scan(bytes)
  if (depth > MAX_DEPTH) return refused('depth')
  let value: unknown
  try {
    value = escapedNames ? parseEscapedNames(text) : JSON.parse(text)
  } catch {
    return refused('syntax')
  }
  const members = membersOf(value, escapes)
  if (typeof members === 'string') return refused(members)
  // JSON.parse kept the last of two of one name.
  return members === colons ? { ok: true, value } : refused('duplicate-name')
}

interface Scanned {
  readonly depth: number
  /** Those outside of strings: one for each member that the text has. */
  readonly colons: number
  /** Whether a string has an escape: no other way leads to a lone surrogate. */
  readonly escapes: boolean
  /** Whether one of these is a name. */
  readonly escapedNames: boolean
}

/** Over the bytes, which costs half of what their text does: in UTF-8 no byte of a longer character is one of ASCII (RFC 3629, section 3). */
const scan = (bytes: Buffer): Scanned => {
  let [deepest, depth, colons, escapes, escapedNames, inLast] = [0, 0, 0, false, false, false]
  for (let index = 0; index < bytes.length; index += 1) {
    const code = bytes[index]
    if (code === QUOTE) {
      inLast = false
      for (index += 1; index < bytes.length; index += 1) {
        const inside = bytes[index]
        if (inside === QUOTE) break
        if (inside !== BACKSLASH) continue
        escapes = inLast = true
        index += 1
      }
    } else if (code === COLON) {
      colons += 1
      if (inLast) escapedNames = true
    } else if (code === BRACE || code === BRACKET) {
      depth += 1
      if (depth > deepest) deepest = depth
    } else if (code === BRACE_END || code === BRACKET_END) depth -= 1
  }
  return { depth: deepest, colons, escapes, escapedNames }
}

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a]
const [BRACE, BRACE_END, BRACKET, BRACKET_END] = [0x7b, 0x7d, 0x5b, 0x5d]

/** Counts the members of all objects within a value of bounded depth, or says what is not allowed in it. */
const membersOf = (value: unknown, escapes: boolean): number | JsonRefusal => {
  if (typeof value !== 'object' || value === null) return leafRefusal(value, escapes) ?? 0
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value) {
      const within = membersOf(item, escapes)
      if (typeof within === 'string') return within
      members += within
    }
    return members
  }
  // A list of the names would be made for each object, and thrown away.
  for (const name in value) {
    if (!hasOwn.call(value, name)) continue
    if (isPrototypes(name)) return 'forbidden-name'
    if (escapes && !name.isWellFormed()) return 'encoding'
    const within = membersOf((value as Record<string, unknown>)[name], escapes)
    if (typeof within === 'string') return within
    members += 1 + within
  }
  return members
}

// Object.hasOwn costs twice as much here.
const hasOwn = Object.prototype.hasOwnProperty

const leafRefusal = (value: unknown, escapes: boolean): JsonRefusal | undefined => {
  if (typeof value === 'string') return escapes && !value.isWellFormed() ? 'encoding' : undefined
  return typeof value === 'number' && !Number.isFinite(value) ? 'syntax' : undefined
}

/** Whether a name reaches a prototype when somebody merges what was sent into an object. */
export const isPrototypes = (name: string): boolean =>
  name === '__proto__' || name === 'constructor' || name === 'prototype'
