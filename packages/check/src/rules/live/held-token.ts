import type { LiveFacts } from '../../evidence/live/facts.ts'
import type { FoundToken, Jwt } from '../../evidence/live/token.ts'
import { decodeJwt } from '../../evidence/live/token.ts'
import type { ItemId, Observation } from '../../items/index.ts'
import { notApplicable, notProven } from './observe.ts'

/** Why there is no session, though a login was given. */
export const withoutSession = ({ cut, loginRefused }: LiveFacts): string =>
  cut ??
  `the login that was given did not work${loginRefused === undefined ? '' : `: ${loginRefused.method} ${loginRefused.path} answered ${loginRefused.status}`}`

/** The access token of the login, read; or what to say where there is none. */
export const heldJwt = (
  facts: LiveFacts,
  id: ItemId,
): { readonly token: FoundToken; readonly jwt: Jwt } | { readonly instead: readonly Observation[] } => {
  if (!facts.loginGiven) return { instead: notProven(id, 'needs --login, to read a real token') }
  if (facts.session === undefined) return { instead: notProven(id, withoutSession(facts)) }
  const { token } = facts.session
  if (token === undefined) return { instead: notApplicable(id, 'the login answers a cookie and no token') }
  const jwt = decodeJwt(token.value)
  return jwt === undefined ? { instead: notApplicable(id, `the ${token.where} is no signed JWT`) } : { token, jwt }
}
