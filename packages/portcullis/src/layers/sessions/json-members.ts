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

/**
 * Reads bytes as one flat JSON object: UTF-8 without errors and without BOM (RFC 8725, section 3.7), no name twice (RFC 7519,
 * section 4), no array or object inside.
 */
export const readMembers = (bytes: Buffer): Members | MembersRefused => {
  const text = bytes.toString('utf8')
  if (!isUtf8(bytes) || text.startsWith('\u{FEFF}')) return { ok: false, reason: 'encoding' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, reason: 'json' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ok: false, reason: 'json' }
  // A map, so that a member called __proto__ or toString is a member like any other.
  const members = new Map<string, unknown>(Object.entries(value))
  for (const member of members.values()) {
    if (typeof member === 'object' && member !== null) return { ok: false, reason: 'nested' }
  }
  // JSON.parse keeps the last of two members of one name and says nothing; in a flat object each member has one colon.
  if (colonsOutsideStrings(text) !== members.size) return { ok: false, reason: 'duplicate-name' }
  return { ok: true, members, canonical: JSON.stringify(value) === text }
}

const colonsOutsideStrings = (text: string): number => text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1
