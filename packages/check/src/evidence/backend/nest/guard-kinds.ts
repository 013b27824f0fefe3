/** What a Nest guard does: ask who is calling, count requests, check a credential that was sent, or something else. */
import {
  lastName,
  type Node,
  possibilities,
  textsOf,
  type Value,
  walk,
  walkBody,
  withoutDefault,
} from '../../source/index.ts'
import { methodFaults } from '../exceptions/index.ts'
import type { Place } from '../facts.ts'
import { answersOnly, exceptionFaults, guardIn, isOpen, mayRefuse, refusalIn } from '../guards/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { basesOf, type ClassValue, classOf, lineOf, methodOf } from './classes.ts'
import { passesAnybody } from './handle-request.ts'
import { type ReadMark, readMarks } from './marks.ts'

export interface GuardKind {
  readonly kind: 'authentication' | 'login' | 'throttler' | 'other'
  readonly what: string
  readonly at: Place
  /** It lets those without a credential through too. */
  readonly optional: boolean
  readonly marks: readonly ReadMark[]
  /** Its base is another package's: its own marks go by their names. */
  readonly foreign: boolean
  readonly faults: readonly { readonly what: string; readonly at: Place }[]
  /** Paths that it lets through by name. */
  readonly paths: readonly string[]
  readonly class?: ClassValue
}

/** Checks what a login form or another site sends: no guard of what is behind it. */
const LOGIN_STRATEGIES =
  /^(?:local|google|facebook|github|gitlab|twitter|apple|linkedin|discord|microsoft|saml|oauth2?|oidc|openidconnect|auth0|azure\w*|42|magic\w*|ldap\w*|basic-login)(?:-\w+)?$/i
const OPEN_STRATEGIES = /^(?:anonymous|public|optional|none)/i
const OTHER_NAMES =
  /role|permission|polic|abilit|scope|throttl|rate|csrf|xsrf|owner|feature|maintenance|subscription|plan|tenant|version|captcha|health/i
const AUTH_NAMES = /auth|jwt|session|token|log(?:ged)?_?in|user|api_?key|bearer|passport|identity/i

export const guardKind = (reading: Reading, value: Value): GuardKind | undefined => {
  const plain = { optional: false, marks: [], foreign: false, faults: [], paths: [] }
  const type = classOf(reading, value)
  if (type !== undefined) return ofClass(reading, type)
  if (value.kind !== 'external') return
  const path = withoutDefault(value.path).filter((one) => one !== '()')
  const what = path.at(-1) ?? ''
  const at = placeOf(reading, value.at)
  if (value.from === '@nestjs/passport' && what === 'AuthGuard') return { ...plain, ...passport(reading, value), at }
  if (/throttler/.test(value.from) || /Throttler(?:Behind\w*)?Guard$/.test(what))
    return { ...plain, kind: 'throttler', what, at }
  if (/Guard$/.test(what) && AUTH_NAMES.test(what) && !OTHER_NAMES.test(what))
    return { ...plain, kind: 'authentication', what, at, foreign: true }
  return { ...plain, kind: 'other', what, at }
}

/** `AuthGuard(['jwt', 'anonymous'])`: each strategy is tried until one lets through. */
const passport = (
  reading: Reading,
  value: Extract<Value, { kind: 'external' }>,
): Pick<GuardKind, 'kind' | 'what' | 'optional'> => {
  const arg = value.call?.node.args[0]
  const given =
    arg === undefined || value.call === undefined
      ? undefined
      : reading.evaluator.value(arg, value.call.scope, value.frame)
  const strategies =
    given === undefined
      ? []
      : possibilities(given).flatMap((one) => (one.kind === 'list' ? one.items.flatMap(textsOf) : textsOf(one)))
  const login = strategies.length > 0 && strategies.every((one) => LOGIN_STRATEGIES.test(one))
  return {
    kind: login ? 'login' : 'authentication',
    what: `AuthGuard(${strategies.map((one) => `'${one}'`).join(', ')})`,
    optional: strategies.some((one) => OPEN_STRATEGIES.test(one)),
  }
}

const ofClass = (reading: Reading, type: ClassValue): GuardKind => {
  const what = type.node.name ?? 'guard'
  const at = placeOf(reading, type.node.at)
  const activate = methodOf(reading, type, 'canActivate')
  const bases = lineOf(reading, type).flatMap((one) => basesOf(reading, one))
  const foreign = bases.flatMap((one) => (one.kind === 'external' ? [one] : []))
  const above = foreign.map((one) => guardKind(reading, one)).find((one) => one !== undefined && one.kind !== 'other')
  const marks = activate === undefined ? [] : readMarks(reading, activate)
  const shared = {
    what,
    at,
    marks,
    class: type,
    foreign: above?.foreign === true && activate === undefined,
    faults: activate === undefined ? [] : faultsOf(reading, activate),
    paths: activate === undefined ? [] : exemptPaths(reading, activate),
  }
  if (above?.kind === 'throttler') return { ...shared, kind: 'throttler', optional: false }
  if (above !== undefined)
    return {
      ...shared,
      kind: above.kind,
      optional:
        above.optional ||
        passesAnybody(reading, type) ||
        (activate !== undefined && (passesAll(reading, activate) || answersOnly(reading, activate, 'true'))),
    }
  if (activate === undefined) return { ...shared, kind: 'other', optional: false }
  const found = guardIn(reading, { ...activate, node: { ...activate.node, name: what } }, what)
  const decides = AUTH_NAMES.test(what) && !OTHER_NAMES.test(what) && decidesIn(activate.node.body)
  if (/throttl|rate_?limit/i.test(what)) return { ...shared, kind: 'throttler', optional: false }
  if (/(?:^|[a-z])local/i.test(what) && !/jwt/i.test(what)) return { ...shared, kind: 'login', optional: false }
  if ((found === undefined || (OTHER_NAMES.test(what) && !verifies(activate.node.body))) && !decides)
    return { ...shared, kind: 'other', optional: false }
  return {
    ...shared,
    kind: 'authentication',
    optional:
      found?.optional === true ||
      /optional|anonymous/i.test(what) ||
      passesAll(reading, activate) ||
      isOpen(reading, activate, 'true'),
  }
}

/** It says yes to everybody, and so does what it asks. */
const passesAll = (reading: Reading, { node, scope }: Extract<Value, { kind: 'function' }>): boolean =>
  alwaysTrue(node.body) && !refusalIn(reading, node.body, scope) && !standsIn(reading, node.body, scope, mayRefuse, 2)

const alwaysTrue = (body: readonly Node[]): boolean => {
  let answers = 0
  let refuses = false
  walk(body, (node) => {
    if (node.kind === 'throw') refuses = true
    if (node.kind === 'return') {
      answers += 1
      if (!(node.value?.kind === 'literal' && node.value.value === true)) refuses = true
    }
  })
  return answers > 0 && !refuses
}

const decidesIn = (body: readonly Node[]): boolean => {
  let found = false
  walkBody(body, (node) => {
    if (
      node.kind === 'throw' ||
      (node.kind === 'return' &&
        node.value !== undefined &&
        !(node.value.kind === 'literal' && node.value.value === true))
    )
      found = true
  })
  return found
}

const verifies = (body: readonly Node[]): boolean => {
  let found = false
  walk(body, (node) => {
    if (
      node.kind === 'call' &&
      /^(?:verify|verifyAsync|jwtVerify|verifyToken|validateToken|authenticate)$/.test(lastName(node.callee) ?? '')
    )
      found = true
  })
  return found
}

/** What makes a global guard weaker than it looks. */
const faultsOf = (reading: Reading, activate: Extract<Value, { kind: 'function' }>): GuardKind['faults'] => {
  const faults = [...exceptionFaults(reading, activate), ...methodFaults(reading, activate, 'true')]
  walk(activate.node.body, (node) => {
    if (node.kind !== 'try') return
    walkBody(node.handlers, (one) => {
      if (one.kind === 'return' && one.value?.kind === 'literal' && one.value.value === true)
        faults.push({ what: 'it lets through when its check fails', at: placeOf(reading, one.at) })
    })
  })
  return faults
}

/** `if (['/auth/login', '/health'].includes(request.path)) return true` */
const exemptPaths = (reading: Reading, activate: Extract<Value, { kind: 'function' }>): readonly string[] => {
  const paths: string[] = []
  walk(activate.node.body, (node) => {
    if (
      node.kind !== 'call' ||
      node.callee.kind !== 'member' ||
      !/^(?:includes|has|some|find|indexOf)$/.test(lastName(node.callee) ?? '')
    )
      return
    const scope = reading.program.scopeOf(node)
    const list = scope && reading.evaluator.value(node.callee.object, scope)
    if (list?.kind === 'list') paths.push(...list.items.flatMap(textsOf).filter((one) => one.startsWith('/')))
  })
  return paths
}
