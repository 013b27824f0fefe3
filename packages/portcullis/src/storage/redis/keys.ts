import { createHash } from 'node:crypto'
import type { Policy } from '../../layers/limits/index.ts'

/**
 * What the keys of a policy begin with. The window is part of it: counts of another window have parts of another length, and while a new
 * release replaces an old one both are at work.
 */
export const keysOf = (prefix: string, { name, quota }: Policy): string =>
  `${prefix}:limit:${named(name)}/${quota.windowMs}:`

/** Ends a key: a client as it is (addresses are), or its hash, so that nobody makes a key long, or one of two names. */
export const clientPart = (client: string): string => (/^[\w.:/-]{1,64}$/.test(client) ? client : hashed(client))

const named = (name: string): string => (/^[\x20-\x7e]{1,100}$/.test(name) ? encodeURIComponent(name) : hashed(name))

/** No plain name holds a #. UTF-16, because UTF-8 writes every lone surrogate alike. */
const hashed = (text: string): string => `#${createHash('sha256').update(text, 'utf16le').digest('base64url')}`
