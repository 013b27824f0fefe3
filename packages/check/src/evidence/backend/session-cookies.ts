/** Which cookies carry a session, by their names. */
import type { Value } from '../source/index.ts'

const SESSION_COOKIE = /sess|token|auth|jwt|sid|refresh|access/i
/** A token against forged requests is meant to be read by scripts. */
const FOR_SCRIPTS = /csrf|xsrf/i

export const carriesSession = (name: Value | undefined, value: Value | undefined): boolean =>
  name?.kind === 'literal' &&
  typeof name.value === 'string' &&
  SESSION_COOKIE.test(name.value) &&
  !FOR_SCRIPTS.test(name.value) &&
  !isFlag(value)

/** `is_authorized=true` says something to the page, and opens nothing. */
const isFlag = (value: Value | undefined): boolean =>
  value?.kind === 'literal' && /^(?:true|false|[01]|yes|no)$/i.test(String(value.value))
