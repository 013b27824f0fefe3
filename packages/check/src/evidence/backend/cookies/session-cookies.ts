/** Which cookies carry a session, by their names. */
import { type Node, possibilities, textsOf, type Value } from '../../source/index.ts'

/** A sidebar, an author and accessibility are no session. */
const SESSION_COOKIE = /sess|token|auth(?!or(?!i))|jwt|sid(?![a-z])|refresh|access(?!i)/i
/** A token against forged requests, which scripts may read, and what a login elsewhere is begun with. */
const NO_SESSION = /csrf|xsrf|(?:oauth|oidc|openid)\w*state|pkce|code_?verifier|nonce/i

export const isSessionName = (name: string): boolean => SESSION_COOKIE.test(name) && !NO_SESSION.test(name)

export const carriesSession = (call: Node, name: Value | undefined, value: Value | undefined): boolean =>
  name !== undefined && namesOf(name).some(isSessionName) && !isFlag(value) && !isTakenBack(call, value)

/** A name that is a setting is also called as the setting is: `process.env.REFRESH_TOKEN_COOKIE_NAME ?? 'jid'`. */
const namesOf = (name: Value): readonly string[] => [
  ...textsOf(name),
  ...possibilities(name).flatMap((one) => (one.kind === 'env' ? [one.name] : [])),
]

/** `is_authorized=true` says something to the page, and `''` or `none` takes the cookie back: they open nothing. */
const isFlag = (value: Value | undefined): boolean =>
  value?.kind === 'literal' &&
  /^(?:|true|false|[01]|yes|no|none|deleted|expired|invalid|logged_?out)$/i.test(String(value.value))

/** Written in the call it takes the cookie back; elsewhere it is what a token is until there is one. */
const isTakenBack = ({ at }: Node, value: Value | undefined): boolean =>
  value?.kind === 'literal' &&
  value.value === null &&
  value.at.file === at.file &&
  at.start <= value.at.start &&
  value.at.end <= at.end
