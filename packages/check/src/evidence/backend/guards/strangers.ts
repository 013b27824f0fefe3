/** Guards that refuse a bad credential, and let through whoever sends none, or asks to be let through. */
import { lastName, lookup, type Node, type Parameter, pathOf, type Scope, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { type Choice, choiceIn } from './choices.ts'
import { goesThrough, handsOn, type Way } from './going-on.ts'
import { isAlwaysSet } from './off-by-default.ts'
import { isCheck, refusalIn } from './refusals.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** `if (!token) return next()`, `if (token) { verify(token) } next()`, `if (req.headers['x-internal']) return next()`. */
export const letsStrangersThrough = (reading: Reading, { node, scope }: FunctionValue, way: Way): boolean =>
  opensIn(reading, node.body, scope, way)

const opensIn = (reading: Reading, body: readonly Node[], around: Scope, way: Way): boolean => {
  for (const [index, node] of body.entries()) {
    const scope = reading.program.scopeOf(node) ?? around
    if (node.kind === 'try' && opensIn(reading, node.body, scope, way)) return true
    const choice = choiceIn(node)
    if (choice !== undefined && isOpening(reading, choice, body.slice(index + 1), scope, way)) return true
    // Whoever comes past a refusal has shown something.
    if (refusalIn(reading, [node], scope) || standsIn(reading, [node], scope, isCheck, 2)) return false
  }
  return false
}

const isOpening = (
  reading: Reading,
  { test, consequent, alternate }: Choice,
  rest: readonly Node[],
  scope: Scope,
  way: Way,
): boolean => {
  const opens = isAbsent(reading, test, scope) || isAsked(test, scope)
  if (opens && handsOn(reading, consequent, way)) return true
  const avoidable = namesCredential(test, scope) || isAvoided(test, scope)
  if (!avoidable || !standsIn(reading, consequent, scope, isCheck, 2)) return false
  return goesThrough(reading, [...alternate, ...rest], way)
}

/** A check that runs only where the caller's own words ask for it: `if (isPrivate(path) && req.headers['x-internal'] !== '1') verify(…)`. */
const isAvoided = (node: Node, scope: Scope): boolean => {
  if (node.kind !== 'logical') return isAsked(node, scope)
  const sides = [node.left, node.right].map((one) => isAvoided(one, scope))
  return node.operator === '&&' ? sides.some(Boolean) : sides.every(Boolean)
}

/** `!token`, `token === undefined`, `!header || !header.startsWith('Bearer ')`, `scheme !== 'Bearer'`. */
const isAbsent = (reading: Reading, node: Node, scope: Scope): boolean => {
  if (node.kind === 'unary')
    return (
      node.operator === '!' &&
      (namesCredential(node.operand, scope) || isAmong(node.operand, scope, namesText)) &&
      // What it is compared with is called like it.
      !isAlwaysSet(reading, node.operand, scope)
    )
  if (node.kind === 'logical') {
    const sides = [node.left, node.right].map((one) => isAbsent(reading, one, scope))
    return node.operator === '&&' ? sides.every(Boolean) : sides.some(Boolean)
  }
  if (node.kind !== 'binary') return false
  return (
    node.operator === '===' &&
    isNothing(node.right) &&
    namesCredential(node.left, scope) &&
    !isAlwaysSet(reading, node.left, scope)
  )
}

/** `"Authorization" in request.headers` */
const isAmong = (node: Node, scope: Scope, isSuch: (key: Node) => boolean): boolean =>
  node.kind === 'binary' &&
  node.operator === 'in' &&
  node.left.kind === 'literal' &&
  isSuch(node.left) &&
  PART.test(lastName(node.right) ?? '') &&
  isOfRequest(pathOf(node.right) ?? [], scope)

const isNothing = (node: Node): boolean =>
  (node.kind === 'literal' && (node.value === null || node.value === '')) ||
  (node.kind === 'name' && node.name === 'undefined')

const CREDENTIAL = /(?:^|[-_a-z])(?:token|jwt|bearer|authorization|auth_?header|api[-_]?key|credentials?)$/i
const OF_TEXT = /^(?:startsWith|startswith|toLowerCase|lower|trim|strip|split|replace|toString)$/

/** The token itself, or the header that it comes in. */
const namesCredential = (node: Node, scope: Scope, depth = 0): boolean => {
  if (node.kind === 'logical') return [node.left, node.right].every((one) => namesCredential(one, scope, depth))
  if (node.kind === 'call') {
    if (node.callee.kind === 'member' && OF_TEXT.test(lastName(node.callee) ?? ''))
      return namesCredential(node.callee.object, scope, depth)
    return node.args.some(namesText) && readsSent(pathOf(node.callee) ?? [lastName(node.callee) ?? ''])
  }
  if (node.kind === 'member') return CREDENTIAL.test(lastName(node) ?? '')
  if (node.kind !== 'name') return false
  if (CREDENTIAL.test(node.name)) return true
  const [binding] = lookup(scope, node.name)
  if (binding?.kind === 'parameter') return isFilled(binding.node.parameters[binding.index])
  const value = binding?.kind === 'value' && binding.path.length === 0 ? binding.assign.value : undefined
  return depth < 3 && value !== undefined && namesCredential(value, scope, depth + 1)
}

/** FastAPI fills it with what was sent: `sid: str | None = Cookie(None)`, `x_api_key = Header()`, `found = Depends(bearer)`. */
export const isFilled = (parameter: Parameter | undefined): boolean => {
  const name = (parameter && lastName(parameter.target)) ?? ''
  const asked = [parameter?.initial, parameter?.type?.kind === 'member' ? parameter.type.property : undefined]
  return asked
    .flatMap((one) => (one?.kind === 'list' ? one.items : one === undefined ? [] : [one]))
    .some(
      (one) =>
        one.kind === 'call' &&
        (/^(?:Cookie|Security)$/.test(lastName(one.callee) ?? '') ||
          (lastName(one.callee) === 'Header' && /key|token|auth|secret|signature/i.test(name)) ||
          (lastName(one.callee) === 'Depends' && SCHEMES.test(lastName(one.args[0] ?? one) ?? ''))),
    )
}

/** What schemes are called: `oauth2_scheme`, `bearer`, `api_key_header`. */
const SCHEMES = /oauth2?|bearer|scheme|security|^header$|key_?(?:header|cookie|query)$/i

const namesText = (node: Node): boolean => node.kind === 'literal' && CREDENTIAL.test(String(node.value))

const READS = /^(?:get|header|query|cookies?)$/

/** `req.get`, `c.req.header`, `request.headers.get`. `request.session.get` and Hono's `c.get` give what others found out. */
const readsSent = (path: readonly string[]): boolean =>
  READS.test(path.at(-1) ?? '') && !/(?:^|\.)session\.|^(?:c|ctx|context)\.get$/.test(path.join('.'))

/** Whoever calls writes it: `req.headers['x-internal']`, `req.query.debug === '1'`, `request.headers.get("X-Internal")`. */
export const isAsked = (node: Node, scope: Scope): boolean => {
  if (node.kind === 'unary') return node.operator === '!' && isAsked(node.operand, scope)
  if (isAmong(node, scope, (one) => !namesText(one))) return true
  if (node.kind === 'logical') {
    const sides = [node.left, node.right].map((one) => isAsked(one, scope))
    if (node.operator !== '&&') return sides.some(Boolean)
    // `req.method === 'GET' && req.query.preview`: whoever reads may ask for it.
    return sides.some(Boolean) && [node.left, node.right].every((one, index) => sides[index] || asksMethod(one))
  }
  if (node.kind === 'binary')
    return (
      /^[!=]==$/.test(node.operator) &&
      [
        [node.left, node.right],
        [node.right, node.left],
      ].some(([one, other]) => one !== undefined && other?.kind === 'literal' && isWritten(one, scope))
    )
  // `req.get('user-agent')?.includes('kube-probe')`
  if (node.kind === 'call' && node.callee.kind === 'member' && COMPARES.test(lastName(node.callee) ?? ''))
    return node.args.every((one) => one.kind === 'literal') && isWritten(node.callee.object, scope)
  return isWritten(node, scope)
}

/** A preflight has a method of its own, and reaches no handler. */
const asksMethod = (node: Node): boolean => {
  const sides = node.kind === 'binary' ? [node.left, node.right] : []
  return (
    sides.some((one) => lastName(one) === 'method') &&
    !sides.some((one) => one.kind === 'literal' && /^options$/i.test(String(one.value)))
  )
}

const COMPARES = /^(?:startsWith|endsWith|includes|startswith|endswith)$/

const isWritten = (node: Node, scope: Scope, depth = 0): boolean => {
  if (namesCredential(node, scope)) return false
  if (node.kind === 'call') {
    const path = pathOf(node.callee) ?? []
    return readsSent(path) && isOfRequest(path, scope) && node.args[0]?.kind === 'literal'
  }
  if (node.kind === 'member')
    return (
      isOfRequest(pathOf(node) ?? [], scope) &&
      // Whoever calls writes the Host header too.
      (PART.test(lastName(node.object) ?? '') || /^(?:hostname|host)$/.test(lastName(node) ?? ''))
    )
  if (node.kind !== 'name' || depth > 2) return false
  const [binding] = lookup(scope, node.name)
  const value = binding?.kind === 'value' && binding.path.length === 0 ? binding.assign.value : undefined
  return value !== undefined && isWritten(value, scope, depth + 1)
}

/** What a caller sends as they like, the credential too: headers, cookies, the query, the body. */
export const isWrittenByCaller = (node: Node, scope: Scope): boolean =>
  namesCredential(node, scope) || isWritten(node, scope) || isAmong(node, scope, () => true)

const PART = /^(?:headers|query|query_params|args|cookies|body)$/

const isOfRequest = (path: readonly string[], scope: Scope): boolean =>
  /^(?:_?req|request|c|ctx|context)$/.test(path[0] ?? '') || isOfAsgi(path[0] ?? '', scope)

/** `headers = dict(scope["headers"])`, `headers = Headers(scope=scope)` */
const isOfAsgi = (name: string, scope: Scope): boolean => {
  const [binding] = name === 'headers' ? lookup(scope, name) : []
  const value = binding?.kind === 'value' && binding.path.length === 0 ? binding.assign.value : undefined
  if (value?.kind !== 'call' || !/^(?:dict|Headers)$/.test(lastName(value.callee) ?? '')) return false
  return [...value.args, ...value.named.values()].some((one) => (pathOf(one) ?? [])[0] === 'scope')
}
