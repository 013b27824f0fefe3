/** What checks a credential, and what refuses who has none. */
import {
  type Call,
  type FunctionNode,
  lastName,
  type Node,
  possibilities,
  type Scope,
  walk,
} from '../../source/index.ts'
import { calledName } from '../calls-of.ts'
import { isAwaited } from '../fastify/awaits.ts'
import type { Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'

/** Whether a body answers 401 or 403, or throws what will. */
export const refusalIn = (reading: Reading, body: readonly Node[], scope: Scope): boolean =>
  standsIn(reading, body, scope, isRefusal, 2) || throwsKept(reading, body, scope)

/** `raise credentials_exception`, which was made once, outside. */
const throwsKept = (reading: Reading, body: readonly Node[], scope: Scope): boolean => {
  let found = false
  walk(body, (node) => {
    if (node.kind === 'throw' && (node.value?.kind === 'name' || node.value?.kind === 'member')) {
      const thrown = reading.evaluator.value(node.value, reading.program.scopeOf(node) ?? scope)
      for (const one of possibilities(thrown))
        if ((one.kind === 'external' || one.kind === 'instance') && one.call !== undefined)
          walk([one.call.node], (each) => {
            found ||= isRefusal(each)
          })
    }
    return !found
  })
  return found
}

const isRefusal = (node: Node): boolean => {
  if (node.kind === 'member' || node.kind === 'name')
    return /unauthori[sz]ed|forbidden|HTTP_401|HTTP_403|not_?authenticated|UNAUTHENTICATED|^WebSocketException$/i.test(
      lastName(node) ?? '',
    )
  if (node.kind === 'literal')
    return (
      node.value === 401 ||
      node.value === 403 ||
      (typeof node.value === 'string' && /^(?:unauthori[sz]ed|forbidden|not authenticated)/i.test(node.value))
    )
  return node.kind === 'call' && lastName(node.callee) === 'redirect' && node.args.some(leadsToLogin)
}

/** `'/login'`, Flask's `url_for('auth.login')` */
const leadsToLogin = (node: Node): boolean =>
  node.kind === 'literal'
    ? /login|signin/i.test(String(node.value))
    : node.kind === 'call' && lastName(node.callee) === 'url_for' && node.args.slice(0, 1).some(leadsToLogin)

/** What checks a credential of a request: the usual libraries' calls, by the last name of the callee. */
const CHECKS =
  /^(?:verify|verifyAsync|jwtVerify|verifyToken|verify_token|decode_token|authenticate|authorize|isAuthenticated|is_authenticated|getSession|validateToken|decodeToken|jwt_required|verify_jwt_in_request)$/

/** `verify_jwt_in_request(optional=True)` */
const isOptional = ({ named }: Call): boolean => {
  const given = named.get('optional')
  return given?.kind === 'literal' && given.value === true
}

export const isCheck = (node: Node): boolean => {
  const name = node.kind === 'call' && !isOptional(node) ? (calledName(node) ?? '') : ''
  return CHECKS.test(name) || /^(?:decode|jwt_decode|jwtDecode)$/.test(name)
}

/** What only tells who is calling, and gives nothing for nobody. */
const TELLS = /^(?:getSession|isAuthenticated|is_authenticated)$/

/** A check that may refuse by itself, whatever stands around it. */
export const mayRefuse = (node: Node): boolean =>
  isCheck(node) && node.kind === 'call' && !TELLS.test(calledName(node) ?? '')

/** Checks that throw what they refuse. JavaScript's `decode` checks nothing; Python's does. */
const THROWS: Readonly<Record<string, RegExp>> = {
  jose: /^(?:jwtVerify|compactVerify|decode)$/,
  jsonwebtoken: /^verify$/,
  'hono/jwt': /^verify$/,
  'hono/utils/jwt': /^verify$/,
  jwt: /^decode$/,
  flask_jwt_extended: /^verify_jwt_in_request$/,
}

/** `jwtVerify(token, key).catch(() => undefined)` */
const isCaught = (reading: Reading, call: Call): boolean => {
  const member = reading.program.parentOf(call)
  return member?.kind === 'member' && member.object === call && lastName(member) === 'catch'
}

/** What a promise throws reaches whoever waits for it, or gives it back. */
const isHeard = (reading: Reading, call: Call, { isAsync }: FunctionNode): boolean =>
  !isAsync || isAwaited(reading, call) || reading.program.parentOf(call)?.kind === 'return'

/**
 * A check outside of any `try`: `const { payload } = await jwtVerify(token, key)`, also in a function that is called: `await claimsOf(req)`.
 * What it throws is answered by the framework.
 */
export const refusesByThrowing = (reading: Reading, body: readonly Node[], scope: Scope, depth = 0): boolean => {
  const throws = (call: Call): boolean => {
    const callees = possibilities(reading.evaluator.value(call.callee, reading.program.scopeOf(call) ?? scope))
    return callees.some((one) =>
      one.kind === 'function'
        ? depth < 2 &&
          isHeard(reading, call, one.node) &&
          refusesByThrowing(reading, one.node.body, one.scope, depth + 1)
        : one.kind === 'external' && isCheck(call) && THROWS[one.from]?.test(one.path.at(-1) ?? '') === true,
    )
  }
  let found = false
  walk(body, (node) => {
    if (node.kind === 'call' && !node.args.some((one) => one.kind === 'function') && !isCaught(reading, node))
      found ||= throws(node)
    return !found && node.kind !== 'try' && node.kind !== 'function'
  })
  return found
}
