/** FastAPI's dependencies: what a parameter asks for, and whether that is a guard. */
import {
  type Call,
  type Located,
  lastName,
  type Node,
  type Parameter,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Place } from '../facts.ts'
import {
  asksOnly,
  goesOnForNothing,
  guardIn,
  isCheck,
  isFilled,
  isOpen,
  isOpenToAnyToken,
  refusalIn,
} from '../guards/index.ts'
import {
  argumentOf,
  asksPath,
  calledBy,
  definitionOf,
  dottedOf,
  type FunctionValue,
  lastOf,
  methodOf,
} from '../python/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { answering } from './overrides.ts'
import { providedFor } from './provided.ts'
import { makesFunction, returnsRefusal } from './refuses-nobody.ts'
import { extendsScheme, looksAtNothing, madeOfScheme, refusesNobody, SCHEME } from './schemes.ts'

const GUARD_NAME =
  /current_?(?:active_?)?(?:super_?)?(?:user|account|admin|principal|member|session|identity|claims)|auth(?!or(?!i[sz]))|(?:require|verify|validate|check|ensure|has)_?\w*(?:user|token|login|session|admin|role|permission|scope|api_?key|jwt)|permission|logged_?in|^(?:jwt|token)_?required/i

const OPTIONAL_NAME = /optional|or_none|maybe|anonymous|if_any|try_get/i

/** The annotation and default of a parameter, taken apart. */
interface Asked {
  readonly type: Located | undefined
  /** `Query(…)`, `Depends(…)`: of the annotation and the default, that of the default first. */
  readonly calls: readonly Located<Call>[]
  readonly initial: Located | undefined
}

/** Follows aliases: `CurrentUser = Annotated[User, Depends(get_current_user)]`. */
export const annotationOf = (
  reading: Reading,
  node: Node,
  scope: Scope,
  depth = 0,
): { type: Located; calls: readonly Located<Call>[] } => {
  const { node: found, scope: at } =
    node.kind === 'name' || node.kind === 'member' ? definitionOf(reading, node, scope) : { node, scope }
  if (
    found.kind === 'member' &&
    found.property.kind === 'list' &&
    lastName(found.object) === 'Annotated' &&
    depth < 6
  ) {
    const [first, ...rest] = found.property.items
    const calls = rest.flatMap((one) => callOf(reading, one, at))
    if (first === undefined) return { type: { node, scope }, calls }
    const inner = annotationOf(reading, first, at, depth + 1)
    return { type: inner.type, calls: [...calls, ...inner.calls] }
  }
  return { type: { node, scope }, calls: [] }
}

const callOf = (reading: Reading, node: Node, scope: Scope): Located<Call>[] => {
  const found = node.kind === 'call' ? { node, scope } : definitionOf(reading, node, scope)
  return found.node.kind === 'call' ? [{ node: found.node, scope: found.scope }] : []
}

export const askedBy = (reading: Reading, parameter: Parameter, scope: Scope): Asked => {
  const annotated = parameter.type === undefined ? undefined : annotationOf(reading, parameter.type, scope)
  const initial = parameter.initial
  const given = initial === undefined ? [] : callOf(reading, initial, scope)
  return {
    type: annotated?.type,
    calls: [...given, ...(annotated?.calls ?? [])],
    initial: initial === undefined ? undefined : { node: initial, scope },
  }
}

const DEPENDS = /^(?:Depends|Security)$/

/** What a `Depends(…)` depends on: its argument, or the class that the annotation names. */
export const dependencyOf = (reading: Reading, call: Located<Call>, type?: Located): readonly Value[] => {
  const given = argumentOf(reading, call, 'dependency', 0)?.values ?? []
  const wanted =
    given.length > 0 || type === undefined ? given : possibilities(reading.evaluator.value(type.node, type.scope))
  return wanted.flatMap((one) => answering(reading, one))
}

export const isDepends = ({ node }: Located<Call>): boolean => DEPENDS.test(lastName(node.callee) ?? '')

/** What a parameter depends on. */
export const dependenciesFor = (reading: Reading, parameter: Parameter, scope: Scope): readonly Value[] => {
  const asked = askedBy(reading, parameter, scope)
  return [
    ...asked.calls.filter(isDepends).flatMap((one) => dependencyOf(reading, one, asked.type)),
    ...providedFor(reading, parameter),
  ]
}

/** The values behind the items of `dependencies=[…]`, each `Depends(…)` or the name of one. */
export const listedDependencies = (reading: Reading, items: readonly Located[]): readonly Value[] =>
  items.flatMap((one) => {
    const [call] = callOf(reading, one.node, one.scope)
    return call === undefined || !isDepends(call) ? [] : dependencyOf(reading, call)
  })

export interface DependencyGuard {
  readonly at: Place
  readonly what: string
  readonly optional: boolean
  /** Nothing but a scheme of the framework: it asks for a token and looks at nothing. */
  readonly bare: boolean
  /** The function, for its own exceptions. */
  readonly value: Value
}

/** The guard that a dependency is, by itself or by what it depends on. */
export const guardOf = (reading: Reading, value: Value, depth = 0): DependencyGuard | undefined => {
  const found = guardAt(reading, value, depth)
  return found === undefined || found.optional ? undefined : found
}

const guardAt = (reading: Reading, value: Value, depth: number): DependencyGuard | undefined => {
  if (depth > 6) return
  if (value.kind === 'external') return externalGuard(reading, value)
  if (value.kind === 'unknown') {
    const guard = guardIn(reading, value)
    return guard && { ...guard, bare: false, value }
  }
  if (value.kind === 'instance' && extendsScheme(reading, value)) {
    const at = placeOf(reading, value.class.node.at)
    return { at, what: value.class.node.name ?? 'scheme', ...madeOfScheme(reading, value), value }
  }
  const callee = value.kind === 'class' ? methodOf(reading, value, '__init__') : calledBy(reading, value)
  return callee === undefined ? undefined : functionGuard(reading, callee, value, depth)
}

const externalGuard = (reading: Reading, value: Extract<Value, { kind: 'external' }>): DependencyGuard | undefined => {
  const name = lastOf(value)
  if (SCHEME.test(name))
    return {
      at: placeOf(reading, value.call?.node.at ?? value.at),
      what: name,
      optional: refusesNobody(reading, value),
      bare: true,
      value,
    }
  if (value.from === 'global' || /^(?:sqlalchemy|sqlmodel)/.test(value.from) || /RequestForm|^AuthJWT$/.test(name))
    return
  const isManager = /^fastapi_login/.test(value.from) && /^(?:LoginManager|optional)$/.test(name)
  if (!isManager && !GUARD_NAME.test(name) && guardIn(reading, value) === undefined) return
  const optional =
    value.call &&
    argumentOf(reading, value.call, 'optional')?.values.some((one) => one.kind === 'literal' && one.value === true)
  return {
    at: placeOf(reading, value.call?.node.at ?? value.at),
    what: dottedOf(value).replaceAll('.()', ''),
    // `Depends(manager.optional)` gives None to whoever has no token.
    optional: optional === true || (isManager && name === 'optional'),
    bare: false,
    value,
  }
}

const functionGuard = (
  reading: Reading,
  callee: FunctionValue,
  value: Value,
  depth: number,
): DependencyGuard | undefined => {
  const { node, scope } = callee
  const name =
    value.kind === 'function'
      ? (node.name ?? '')
      : value.kind === 'instance'
        ? (value.class.node.name ?? '')
        : (node.name ?? '')
  if (takesCredentials(reading, callee)) return
  const at = placeOf(reading, node.at)
  const returns = returnsRefusal(reading, callee)
  const optional =
    OPTIONAL_NAME.test(name) || returns || givesNothing(reading, callee) || isOpen(reading, callee, 'end')
  const given = node.parameters.map((parameter) => ({
    parameter,
    guards: dependenciesFor(reading, parameter, scope).map(
      (one) => guardAt(reading, one, depth + 1) ?? finder(reading, one),
    ),
  }))
  const inner = given.flatMap(({ guards }) => guards.flatMap((one) => one ?? []))
  const asked = inner.find((one) => !one.optional)
  // A scheme's alone takes any text, and so does whoever hands on what it found.
  if (inner.length > 0 && inner.every((one) => one.bare) && looksAtNothing(callee))
    return asked !== undefined || refusalIn(reading, node.body, scope)
      ? { at, what: name, optional: false, bare: true, value: callee }
      : { at, what: name, optional: true, bare: true, value: callee }
  // What it depends on has refused before it runs; a scheme alone has not looked at the token that this one takes unsigned.
  if (asked !== undefined && !(asked.bare && (returns || isOpenToAnyToken(reading, callee, 'end'))))
    return { at, what: name, optional: false, bare: asked.bare && asksOnly(reading, callee), value: callee }
  if (makesFunction(reading, callee)) return
  const guard = guardIn(reading, callee)
  const maybe = given.filter(({ guards }) => guards.length > 0 && guards.every((one) => one?.optional === true))
  const goesOn = goesOnForNothing(
    reading,
    callee,
    new Set(maybe.flatMap(({ parameter }) => lastName(parameter.target) ?? [])),
  )
  const refuses =
    guard !== undefined ||
    (refusalIn(reading, node.body, scope) && (GUARD_NAME.test(name) || inner.length > 0 || takesSent(callee)))
  return refuses
    ? { at, what: name, optional: optional || guard?.optional === true || goesOn, bare: false, value: callee }
    : undefined
}

/** What looks at a credential, and refuses nobody: what it gives may be nothing. */
const finder = (reading: Reading, value: Value): DependencyGuard | undefined =>
  value.kind === 'function' && standsIn(reading, value.node.body, value.scope, isCheck, 2)
    ? { at: placeOf(reading, value.at), what: value.node.name ?? '', optional: true, bare: false, value }
    : undefined

/** A token against forged requests says nothing of who sends it. */
const takesSent = ({ node }: FunctionValue): boolean =>
  !/csrf|xsrf/i.test(node.name ?? '') &&
  node.parameters.some((one) => isFilled(one) && !/csrf|xsrf/i.test(lastName(one.target) ?? ''))

/** `return None`: whoever comes without a credential goes on without one. For the paths that it lists it makes an exception. */
const givesNothing = (reading: Reading, { node, scope }: FunctionValue): boolean => {
  const inBody = (body: readonly Node[]): boolean => {
    let found = false
    walk(body, (one) => {
      if (one.kind === 'return' && one.value?.kind === 'literal' && one.value.value === null) found = true
      if (one.kind !== 'if' || !isException(one)) return !found
      found ||= inBody(one.alternate)
      return false
    })
    return found
  }
  const isException = ({ test, consequent }: Extract<Node, { kind: 'if' }>): boolean =>
    consequent.every(({ kind }) => kind !== 'if' && kind !== 'try') &&
    asksPath(reading, test, reading.program.scopeOf(test) ?? scope)
  return inBody(node.body)
}

/** A login: it takes a password, so it is no guard. */
const takesCredentials = (reading: Reading, callee: FunctionValue): boolean =>
  callee.node.parameters.some((parameter) => {
    if (/^password$/i.test(lastName(parameter.target) ?? '')) return true
    if (parameter.type === undefined) return false
    const { type } = annotationOf(reading, parameter.type, callee.scope)
    if (/RequestForm/.test(lastName(type.node) ?? '')) return true
    const value = reading.evaluator.value(type.node, type.scope)
    return (
      value.kind === 'class' &&
      value.node.members.some((one) => one.kind === 'assign' && /^password$/i.test(lastName(one.target) ?? ''))
    )
  })
