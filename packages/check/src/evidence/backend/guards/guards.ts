/** Which functions are guards: they look at who is calling, and refuse. */
import {
  lastName,
  type Node,
  pathOf,
  possibilities,
  type Scope,
  textsOf,
  type Value,
  walk,
  withoutDefault,
} from '../../source/index.ts'
import type { Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { asksWhatIsAlwaysThere } from './always-there.ts'
import { answersOnly } from './answered-only.ts'
import { asksOnly } from './asked-only.ts'
import { believesId } from './believed-ids.ts'
import { handsRequestOn, onlyTells } from './called-like-guards.ts'
import { looksAtCaller } from './callers.ts'
import { isOffByDefault } from './off-by-default.ts'
import { isOpen } from './open-guards.ts'
import { goesOnForNobody } from './passport-callbacks.ts'
import { isCheck, refusalIn, refusesByThrowing } from './refusals.ts'
import { letsStrangersThrough } from './strangers.ts'

const GUARD_NAME =
  /^(?:is_?|ensure_?|require_?s?_?|check_?|verify_?|protect|validate_?|must_?|needs?_?|only_?)?(?:auth|authenticated?|authentication|authorized?|authorization|logged_?in|login_?required|user|session|jwt|token|access_?token|bearer|current_?user|active_?user|admin|superuser)(?:_?(?:required|guard|middleware|handler|hook|check|only|token|user|jwt|auth|authenticated))*$/i

const GUARD_PACKAGES =
  /^(?:express-jwt|passport|express-openid-connect|express-oauth2-jwt-bearer|koa-jwt|hono\/jwt|hono\/jwk|hono\/bearer-auth|hono\/basic-auth|@clerk\/.*|@hono\/clerk-auth|connect-ensure-login|supertokens-node.*|express-basic-auth|basic-auth)$/

const GUARD_FUNCTIONS =
  /(?:^|\.)(?:expressjwt|authenticate|requiresAuth|auth|jwt|jwk|bearerAuth|basicAuth|ensureLoggedIn|verifySession|requireAuth|\(\))$/

/** A package whose default export is the guard is called by no name: `basicAuth({…})`. */
const isGuardCall = (from: string, name: string): boolean =>
  name === '' ? !/^passport$/.test(from) : GUARD_FUNCTIONS.test(name)

export interface Guard {
  readonly at: Place
  readonly what: string
  /** `credentialsRequired: false`, `optional`: it lets everybody through. */
  readonly optional: boolean
  /** What refuses, where it is the project's: its exceptions can be read. */
  readonly function?: Extract<Value, { kind: 'function' }>
}

/** The guard that a middleware, hook or dependency is; undefined for anything else. */
export const guardIn = (reading: Reading, value: Value, name = ''): Guard | undefined => {
  for (const one of possibilities(value)) {
    const found = single(reading, one, name, 0)
    if (found !== undefined) return found
  }
  return
}

const single = (reading: Reading, value: Value, name: string, depth: number): Guard | undefined => {
  if (value.kind === 'external') {
    const path = withoutDefault(value.path).join('.')
    if (
      GUARD_PACKAGES.test(value.from) &&
      isGuardCall(value.from, path.replace(/\.?\(\).*$/, '')) &&
      path !== 'initialize.()' &&
      !/session|initialize|serialize/.test(path)
    )
      return {
        at: placeOf(reading, value.at),
        what: `${value.from} ${path}`.trim(),
        optional: value.call !== undefined && isOptional(reading, value.call),
      }
    const last =
      withoutDefault(value.path)
        .filter((one) => one !== '()')
        .at(-1) ?? ''
    return value.from !== 'global' && GUARD_NAME.test(last) && !/^(?:session|user|token|jwt)$/i.test(last)
      ? { at: placeOf(reading, value.at), what: last, optional: false }
      : undefined
  }
  if (value.kind === 'unknown') {
    const last = value.label?.filter((one) => one !== '()').at(-1) ?? name
    return GUARD_NAME.test(last) && !/^(?:session|user|token|jwt|current_?user)$/i.test(last)
      ? { at: placeOf(reading, value.at), what: last, optional: false }
      : undefined
  }
  if (value.kind !== 'function') return
  const named = value.node.name ?? name
  const refuses =
    refusalIn(reading, value.node.body, value.scope) || refusesByThrowing(reading, value.node.body, value.scope)
  const checks = standsIn(reading, value.node.body, value.scope, isCheck, 3 - depth)
  if (checks && isOpen(reading, value, 'next')) return
  if (
    refuses &&
    (letsStrangersThrough(reading, value, 'next') ||
      asksOnly(reading, value) ||
      answersOnly(reading, value) ||
      asksWhatIsAlwaysThere(reading, value, 'next') ||
      believesId(reading, value) ||
      isOffByDefault(reading, value, 'next'))
  )
    return
  if (
    (checks && (refuses || (GUARD_NAME.test(named) && !onlyTells(reading, value)))) ||
    (refuses && GUARD_NAME.test(named)) ||
    (refuses && looksAtCaller(reading, value))
  )
    return {
      at: placeOf(reading, value.node.at),
      what: named === '' ? 'guard' : named,
      optional: /optional/i.test(named),
      function: value,
    }
  if (depth < 4) {
    const inner = wrappedIn(reading, value)
    const wrapped = inner === undefined ? undefined : single(reading, inner, named, depth + 1)
    if (wrapped !== undefined) return wrapped
    // `const auth = (roles) => (req, res, next) => …`: what it gives back is the guard.
    for (const one of possibilities(reading.evaluator.returned(value))) {
      // One that gives nothing back has its name alone to go by: what it hands the request to may be the check.
      if (one.at === value.node.at && one.kind === 'unknown' && !handsRequestOn(reading, value)) continue
      const found = one === value ? undefined : single(reading, one, named, depth + 1)
      if (found !== undefined) return { function: value, ...found, optional: found.optional || /optional/i.test(named) }
    }
  }
  return
}

/** `asyncHandler(async (req, res, next) => …)`: what the wrapper was given, and calls for each request. */
const wrappedIn = (
  reading: Reading,
  { node, scope, frame }: Extract<Value, { kind: 'function' }>,
): Extract<Value, { kind: 'function' }> | undefined => {
  const given = new Set([...(frame?.parameters.values() ?? [])].flatMap(possibilities))
  let found: Extract<Value, { kind: 'function' }> | undefined
  walk(given.size === 0 ? [] : node.body, (one) => {
    if (one.kind !== 'call' || found !== undefined) return found === undefined
    const callee = reading.evaluator.value(one.callee, reading.program.scopeOf(one) ?? scope, frame)
    if (callee.kind === 'function' && callee.node !== node && [...given].some((each) => each === callee)) found = callee
    return found === undefined
  })
  return found
}

/** `credentialsRequired: false`, `authRequired: false`, and passport's strategy that lets everybody through: `['jwt', 'anonymous']`. */
const isOptional = (
  reading: Reading,
  { node, scope }: { node: Extract<Node, { kind: 'call' }>; scope: Scope },
): boolean => {
  const { evaluator } = reading
  // expressjwt({…}).unless({…}): what the guard was made with.
  const made =
    node.callee.kind === 'member' && lastName(node.callee) === 'unless'
      ? evaluator.value(node.callee.object, scope)
      : undefined
  if (made?.kind === 'external' && made.call !== undefined) return isOptional(reading, made.call)
  if (goesOnForNobody(reading, node)) return true
  return node.args.some((arg) => {
    const value = evaluator.value(arg, scope)
    if (lastName(node.callee) === 'authenticate')
      return (value.kind === 'list' ? value.items : [value]).some((one) => textsOf(one).includes('anonymous'))
    return ['credentialsRequired', 'authRequired'].some((option) => {
      const required = value.kind === 'object' ? value.entries.get(option) : undefined
      return required?.kind === 'literal' && required.value === false
    })
  })
}

/**
 * What is wrong with a guard's own list of exceptions: an exception by a part of the path lets more through than it names
 * (`path.includes('/auth')`, `startsWith('/auth')` also passes /authors).
 */
export const exceptionFaults = (reading: Reading, value: Value, depth = 0): { what: string; at: Place }[] => {
  if (value.kind === 'external' || value.kind === 'either')
    return possibilities(value)
      .filter((one) => one !== value)
      .flatMap((one) => exceptionFaults(reading, one, depth))
  if (value.kind !== 'function' || depth > 3) return []
  const faults: { what: string; at: Place }[] = []
  walk(value.node.body, (node) => {
    if (node.kind !== 'call' || node.callee.kind !== 'member') return
    const method = lastName(node.callee) ?? ''
    const scope = reading.program.scopeOf(node) ?? value.scope
    const isPath = (one: Node | undefined): boolean =>
      one !== undefined &&
      /(?:^|\.)(?:path|url|originalUrl|pathname|routePath|full_?path|baseUrl|raw_path)(?:\(\))?$/.test(
        pathOf(one)
          ?.join('.')
          .replace(/\.\(\)$/, '()') ?? '',
      )
    if (/^(?:includes|indexOf|search|match|endsWith|endswith|find)$/.test(method) && isPath(node.callee.object))
      faults.push({ what: `an exception by a part of the path: ${method}`, at: placeOf(reading, node.at) })
    if (/^(?:startsWith|startswith)$/.test(method) && isPath(node.callee.object)) {
      const arg = node.args[0] && reading.evaluator.value(node.args[0], scope)
      const prefixes =
        arg === undefined ? [] : possibilities(arg).flatMap((one) => (one.kind === 'list' ? one.items : [one]))
      if (prefixes.length === 0 || prefixes.some((one) => one.kind !== 'literal' || !String(one.value).endsWith('/')))
        faults.push({
          what: 'an exception by how the path begins, without its closing slash',
          at: placeOf(reading, node.at),
        })
    }
    if (/^(?:test|exec|match|search)$/.test(method) && isPath(node.args[0])) {
      const pattern = reading.evaluator.value(node.callee.object, scope)
      if (pattern.kind === 'pattern' && !(pattern.source.startsWith('^') && pattern.source.endsWith('$')))
        faults.push({ what: 'an exception by an unanchored pattern', at: placeOf(reading, node.at) })
    }
  })
  // A helper of its own: isPublic(path).
  if (faults.length === 0)
    walk(value.node.body, (node) => {
      if (node.kind !== 'call') return
      const callee = reading.evaluator.value(node.callee, reading.program.scopeOf(node) ?? value.scope)
      if (
        callee.kind === 'function' &&
        callee.node !== value.node &&
        /public|open|allow|skip|exempt|exclude|white/i.test(callee.node.name ?? lastName(node.callee) ?? '')
      )
        faults.push(...exceptionFaults(reading, callee, depth + 1))
    })
  if (faults.length === 0 && depth < 3)
    for (const one of possibilities(reading.evaluator.returned(value)))
      if (one.kind === 'function' && one !== value) faults.push(...exceptionFaults(reading, one, depth + 1))
  return faults
}
