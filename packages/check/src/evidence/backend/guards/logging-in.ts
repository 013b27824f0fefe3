/** Handlers that look at a password, a PIN or a code, and give a token or a session for it: logins, whatever they are called. */
import {
  type Call,
  type FunctionNode,
  lastName,
  type Node,
  pathOf,
  possibilities,
  type Scope,
  textsOf,
  type Value,
} from '../../source/index.ts'
import type { Route } from '../facts.ts'
import type { Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { isPasswordCheck } from './password-checks.ts'

/** @param handlers all that stands before a route, and what answers it */
export const asLogin = (reading: Reading, handlers: readonly Value[]): Pick<Route, 'logsIn'> =>
  logsIn(reading, handlers) ? { logsIn: true } : {}

const logsIn = (reading: Reading, handlers: readonly Value[]): boolean =>
  handlers.flatMap(possibilities).some((one) => {
    if (one.kind === 'list') return logsIn(reading, one.items)
    if (one.kind === 'external')
      return one.call !== undefined && isLocalStrategy(reading, one.call.node, one.call.scope)
    return one.kind === 'function' && givesForPassword(reading, one.node, one.scope)
  })

/** Functions that are called from it are looked into, so many calls deep. */
const DEEP = 3

export const givesForPassword = (reading: Reading, { body }: FunctionNode, scope: Scope): boolean => {
  const scopeOf = (node: Node): Scope => reading.program.scopeOf(node) ?? scope
  return (
    standsIn(
      reading,
      body,
      scope,
      (node) => node.kind === 'call' && isLocalStrategy(reading, node, scopeOf(node)),
      1,
    ) ||
    (standsIn(reading, body, scope, (node) => isPasswordCheck(reading, node, scopeOf(node)), DEEP) &&
      standsIn(reading, body, scope, givesSession, DEEP))
  )
}

const LOCAL = /^(?:local|ldap(?:auth)?|(?:local-)?(?:log|sign)-?in)$/i

/** `passport.authenticate('local')`: the strategy compares the password. */
const isLocalStrategy = (reading: Reading, { callee, args: [first] }: Call, scope: Scope): boolean =>
  lastName(callee) === 'authenticate' &&
  first !== undefined &&
  textsOf(reading.evaluator.value(first, scope)).some((one) => LOCAL.test(one))

const MAKES =
  /^(?:sign(?:Async|Jwt|JWT)?|jwtSign|logIn|setSession|(?:create|generate|issue|make|sign|new)\w*(?:Tokens?|Jwt|JWT|Session))$/
const SETS_COOKIE = /^(?:cookie|setCookie|setSignedCookie)$/

/** A token that is signed, a session that is made, or `req.session.userId = user.id`. */
const givesSession = (node: Node): boolean => {
  if (node.kind === 'assign')
    return node.target.kind === 'member' && (pathOf(node.target) ?? []).slice(0, -1).includes('session')
  if (node.kind !== 'call') return false
  const name = lastName(node.callee) ?? ''
  return (
    MAKES.test(name) || SETS_COOKIE.test(name) || (name === 'set' && (pathOf(node.callee) ?? []).includes('session'))
  )
}
