/** FastAPI's schemes, which find a credential and look at nothing of it, and the project's classes of one: `class JWTBearer(HTTPBearer)`. */
import { lastName, type Node, type Value, walk } from '../../source/index.ts'
import { asksOnly, goesOnForNothing, guardIn, isIdle, isOpen, isOpenToAnyToken, refusalIn } from '../guards/index.ts'
import { ancestorsOf, argumentOf, type FunctionValue, methodOf } from '../python/index.ts'
import type { Reading } from '../reading.ts'
import { returnsRefusal } from './refuses-nobody.ts'

type Instance = Extract<Value, { kind: 'instance' }>

/** What the framework itself refuses without: a token in its header, a key, a password. */
export const SCHEME =
  /^(?:OAuth2PasswordBearer|OAuth2AuthorizationCodeBearer|OAuth2|HTTPBearer|HTTPBasic|HTTPDigest|APIKeyHeader|APIKeyQuery|APIKeyCookie|OpenIdConnect)$/

export const extendsScheme = (reading: Reading, value: Instance): boolean =>
  ancestorsOf(reading, value.class).some((one) => SCHEME.test(one))

/** `auto_error=False`, where a scheme is made or where its class says it: `super().__init__(auto_error=False)`. */
export const refusesNobody = (reading: Reading, value: Instance | Extract<Value, { kind: 'external' }>): boolean => {
  const given = value.call && argumentOf(reading, value.call, 'auto_error')
  if (given) return given.values.some((one) => one.kind === 'literal' && one.value === false)
  const made = value.kind === 'instance' ? methodOf(reading, value, '__init__') : undefined
  const handed = made && calledOfBase(made, '__init__')?.named.get('auto_error')
  const initial =
    handed?.kind === 'name'
      ? made?.node.parameters.find(({ target }) => lastName(target) === handed.name)?.initial
      : handed
  return initial?.kind === 'literal' && initial.value === false
}

/** `super().__call__(request)` */
const calledOfBase = ({ node: { body } }: FunctionValue, method: string) => {
  let found: Extract<Node, { kind: 'call' }> | undefined
  walk(body, (one) => {
    if (one.kind === 'call' && lastName(one.callee) === method) found ??= one
    return found === undefined
  })
  return found
}

/** What becomes of a token, and of whoever has none, in a class of a scheme. */
export const madeOfScheme = (reading: Reading, value: Instance): { optional: boolean; bare: boolean } => {
  const called = methodOf(reading, value, '__call__')
  const off = refusesNobody(reading, value)
  if (called === undefined) return { optional: off, bare: true }
  const { body } = called.node
  if (calledOfBase(called, '__call__') !== undefined && !off)
    return {
      optional: returnsRefusal(reading, called) || isOpenToAnyToken(reading, called, 'end'),
      bare: asksOnly(reading, called) || looksAtNothing(called),
    }
  const refuses = refusalIn(reading, body, called.scope) || guardIn(reading, called) !== undefined
  const open = isOpen(reading, called, 'end') || goesOnForNothing(reading, called, foundIn(body))
  return { optional: !refuses || open, bare: looksAtNothing(called) }
}

/** What is kept of what the scheme found: `credentials = await super().__call__(request)`. */
const foundIn = (body: readonly Node[]): ReadonlySet<string> => {
  const names = new Set<string>()
  walk(body, (one) => {
    if (one.kind === 'assign' && one.value !== undefined && isOfScheme(one.value)) names.add(lastName(one.target) ?? '')
  })
  return names
}

const isOfScheme = (node: Node): boolean => node.kind === 'call' && lastName(node.callee) === '__call__'

/** Nothing is called, looked up or compared in it, but whether there is a credential and of which scheme it is. */
export const looksAtNothing = ({ node: { body } }: FunctionValue): boolean => {
  let looks = false
  walk(body, (one) => {
    if (one.kind === 'throw' || isOfScheme(one)) return false
    if (one.kind === 'call') looks ||= !isIdle(one)
    if (one.kind === 'member') looks ||= one.property.kind !== 'literal'
    if (one.kind === 'binary') looks ||= ![one.left, one.right].some(isMark)
    looks ||= one.kind === 'try' || one.kind === 'other' || one.kind === 'function'
    return !looks
  })
  return !looks
}

/** None, nothing, or the name of a scheme. */
const isMark = (node: Node): boolean =>
  node.kind === 'literal' &&
  (node.value === null || (typeof node.value === 'string' && /^(?:|bearer|basic|token)$/i.test(node.value.trim())))
