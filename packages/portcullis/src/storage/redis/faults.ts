import type { RedisReason } from './settings.ts'

/** What `within` rejects with. */
export const LATE = new Error('No reply in time.')

/** By what Redis begins an error with; before Redis 7 that stands inside the message of a script's error. */
const ANSWERED: readonly (readonly [RegExp, RedisReason])[] = [
  [/\bREADONLY\b/, 'readonly'],
  [/\b(LOADING|MASTERDOWN)\b/, 'loading'],
  [/\bOOM\b/, 'memory'],
  [/\b(WRONGPASS|NOAUTH|NOPERM)\b/, 'denied'],
]

/** Codes of node:tls for a certificate that is not trusted. */
const UNTRUSTED = /CERT|SIGNATURE|ISSUER|ALTNAME/

/** One word for what went wrong. The error itself is never shown: ioredis puts the command into it, and that may be a password. */
export const reasonOf = (error: unknown): RedisReason => {
  if (error === LATE) return 'late'
  if (!(error instanceof Error)) return 'failed'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (UNTRUSTED.test(code)) return 'untrusted'
  if (!isAnswer(error)) return UNREACHABLE.test(error.message) || code !== '' ? 'unreachable' : 'failed'
  return ANSWERED.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'failed'
}

/** ioredis has no class for these. */
const UNREACHABLE = /^(Connection is closed|Stream isn't writeable|Reached the max retries)/

/** Did Redis answer, with an error? */
export const isAnswer = (error: unknown): boolean => error instanceof Error && error.name === 'ReplyError'

/** Does Redis not know the script by its hash? After a restart, a failover or SCRIPT FLUSH it does not. */
export const isUnknownScript = (error: unknown): boolean => isAnswer(error) && /\bNOSCRIPT\b/.test(String(error))
