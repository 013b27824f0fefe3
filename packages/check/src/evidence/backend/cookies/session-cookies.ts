/** Which cookies carry a session, by their names. */
import { possibilities, textsOf, type Value } from '../../source/index.ts'

/** A sidebar, an author and accessibility are no session. */
const SESSION_COOKIE = /sess|token|auth(?!or(?!i))|jwt|sid(?![a-z])|refresh|access(?!i)/i
/** A token against forged requests is meant to be read by scripts. */
const FOR_SCRIPTS = /csrf|xsrf/i

export const isSessionName = (name: string): boolean => SESSION_COOKIE.test(name) && !FOR_SCRIPTS.test(name)

export const carriesSession = (name: Value | undefined, value: Value | undefined): boolean =>
  name !== undefined && namesOf(name).some(isSessionName) && !isFlag(value)

/** A name that is a setting is also called as the setting is: `process.env.REFRESH_TOKEN_COOKIE_NAME ?? 'jid'`. */
const namesOf = (name: Value): readonly string[] => [
  ...textsOf(name),
  ...possibilities(name).flatMap((one) => (one.kind === 'env' ? [one.name] : [])),
]

/** `is_authorized=true` says something to the page, and `''` or `none` takes the cookie back: they open nothing. */
const isFlag = (value: Value | undefined): boolean =>
  value?.kind === 'literal' &&
  /^(?:|null|true|false|[01]|yes|no|none|deleted|expired|invalid|logged_?out)$/i.test(String(value.value))
