/** Which cookies carry a session, by their names. */
import { textsOf, type Value } from '../../source/index.ts'

const SESSION_COOKIE = /sess|token|auth|jwt|sid|refresh|access/i
/** A token against forged requests is meant to be read by scripts. */
const FOR_SCRIPTS = /csrf|xsrf/i

export const carriesSession = (name: Value | undefined, value: Value | undefined): boolean =>
  name !== undefined &&
  textsOf(name).some((one) => SESSION_COOKIE.test(one) && !FOR_SCRIPTS.test(one)) &&
  !isFlag(value)

/** `is_authorized=true` says something to the page, and opens nothing. */
const isFlag = (value: Value | undefined): boolean =>
  value?.kind === 'literal' && /^(?:true|false|[01]|yes|no)$/i.test(String(value.value))
