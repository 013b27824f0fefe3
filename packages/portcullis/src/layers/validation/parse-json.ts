/** A JSON text's value, or why it was refused: for the log, the caller gets one answer for all. */
export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'encoding' | 'syntax' | 'duplicate-name' | 'forbidden-name' | 'depth' }

const MAX_DEPTH = 32

/** Names that reach a prototype when somebody merges what was sent into an object. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const refused = (reason: Extract<ParsedJson, { ok: false }>['reason']): ParsedJson => ({ ok: false, reason })

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
  const scanned = scan(text)
  if (scanned.depth > MAX_DEPTH) return refused('depth')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refused('syntax')
  }
  return walk(value, scanned.colons)
}

/** Counts the levels, and the colons outside of strings: one for each member that the text has. */
const scan = (text: string): { readonly depth: number; readonly colons: number } => {
  let [deepest, depth, colons, inString] = [0, 0, 0, false]
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (inString) {
      if (code === 0x5c) index += 1
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (code === 0x3a) colons += 1
    else if (code === 0x7b || code === 0x5b) {
      depth += 1
      if (depth > deepest) deepest = depth
    } else if (code === 0x7d || code === 0x5d) depth -= 1
  }
  return { depth: deepest, colons }
}

/** Looks at every member; JSON.parse kept the last of two of one name, so fewer members than colons means a duplicate. */
const walk = (root: unknown, colons: number): ParsedJson => {
  let members = 0
  const left: unknown[] = [root]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'string') {
      if (!value.isWellFormed()) return refused('encoding')
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) return refused('syntax')
    } else if (Array.isArray(value)) {
      for (const item of value) left.push(item)
    } else if (value !== null && typeof value === 'object') {
      for (const name of Object.keys(value)) {
        if (FORBIDDEN.has(name)) return refused('forbidden-name')
        if (!name.isWellFormed()) return refused('encoding')
        members += 1
        left.push((value as Record<string, unknown>)[name])
      }
    }
  }
  return members === colons ? { ok: true, value: root } : refused('duplicate-name')
}
