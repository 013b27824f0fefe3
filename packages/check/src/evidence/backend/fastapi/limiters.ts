/** The limiters of a FastAPI program: slowapi, fastapi-limiter and its own, and which routes each covers. */
import { type Call, type Located, lastName, type Node, type Scope, type Value, walk } from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import {
  argumentOf,
  askedLimiters,
  calledBy,
  dottedOf,
  isAbout,
  isLimiterName,
  keyIn,
  keyOf,
  lastOf,
  limiterClass,
  limitsIn,
  methodOf,
  type PathRules,
  parametersOf,
  pathRules,
  rateInside,
  rateOf,
  rateOfInstance,
  wrappingLimiters,
} from '../python/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import type { Application, Mounted } from './application.ts'
import { dependenciesFor, listedDependencies } from './dependencies.ts'
import type { Middleware } from './middleware.ts'
import { type Slowapi, slowapiOf } from './slowapi.ts'

interface Limiting {
  readonly limiters: readonly Limiter[]
  readonly of: (route: Mounted) => readonly Limiter[]
}

export const limitingOf = (
  reading: Reading,
  application: Application,
  middleware: readonly Middleware[],
  routes: readonly Mounted[],
): Limiting => {
  const slow = slowapiOf(reading, middleware)
  const everywhere = middleware.flatMap((one) => {
    const limiter = byMiddleware(reading, one)
    return limiter ? [{ ...limiter, app: one.app }] : []
  })
  const known = new Map<string, Limiter>()
  const keep = (limiter: Limiter): Limiter => {
    const id = `${limiter.at.file}:${limiter.at.line}:${limiter.at.text}:${limiter.perMinute}:${limiter.mounted}`
    const before = known.get(id)
    if (before === undefined) known.set(id, limiter)
    return before ?? limiter
  }
  const of = (route: Mounted): readonly Limiter[] => {
    const { handler, apps, routers, inclusions } = route
    const appWide = dependencyLimiters(reading, application.units.get(apps.at(-1) as Call)?.dependencies ?? []).map(
      (one): Limiter => ({ ...one, mounted: 'everywhere' }),
    )
    const grouped = [
      ...inclusions.map((one) => one.dependencies),
      ...routers.map((one) => application.units.get(one)?.dependencies ?? []),
      handler.dependencies,
    ].flatMap((one) => dependencyLimiters(reading, one))
    const asked = handler.function === undefined ? [] : parameterLimiters(reading, handler.function)
    const around = everywhere
      .filter(
        ({ app, rules }) =>
          (app === undefined || apps.includes(app)) &&
          !handler.methods.includes('WEBSOCKET') &&
          !rules.open.some((test) => isAbout(test, route.path, route.handler.methods[0])) &&
          (rules.only.length === 0 || rules.only.some((test) => isAbout(test, route.path, route.handler.methods[0]))),
      )
      .map(({ limiter }) => limiter)
    const wrapped = handler.wrappers.flatMap((one) => slow.decorated(one) ?? wrappingLimiters(reading, one))
    const whole = handler.wrappers.some((one) => slow.exempts(one)) ? [] : slow.everywhere
    const inside = handler.function === undefined ? [] : askedLimiters(reading, handler.function)
    return [...whole, ...appWide, ...around, ...grouped, ...asked, ...wrapped, ...inside].map(keep)
  }
  for (const { limiter } of everywhere) keep(limiter)
  for (const limiter of slow.everywhere) keep(limiter)
  for (const route of routes) of(route)
  const limiters = [...known.values()]
  return { limiters: [...limiters, ...unused(reading, slow, limiters)], of }
}

// —— Dependencies

const dependencyLimiters = (reading: Reading, items: readonly Located[]): readonly Limiter[] =>
  listedDependencies(reading, items).flatMap((one) => limiterOf(reading, one) ?? [])

const parameterLimiters = (reading: Reading, callee: Extract<Value, { kind: 'function' }>): readonly Limiter[] =>
  callee.node.parameters.flatMap((parameter) =>
    dependenciesFor(reading, parameter, callee.scope).flatMap((one) => limiterOf(reading, one) ?? []),
  )

/** The limiter that a dependency is. */
const limiterOf = (reading: Reading, value: Value): Limiter | undefined => {
  if (value.kind === 'external') return externalLimiter(reading, value)
  const callee = calledBy(reading, value)
  if (callee === undefined) return
  const limits = limitsIn(reading, callee.node.body, callee.scope)
  if (value.kind === 'instance') {
    const foreign = !limits && limiterClass(reading, value)
    if (!limits && !foreign) return
    return ownLimiter(reading, value, callee.node.body, callee.scope, rateOfInstance(reading, value))
  }
  return limits
    ? ownLimiter(reading, value, callee.node.body, callee.scope, rateInside(reading, callee.node.body))
    : undefined
}

const ownLimiter = (
  reading: Reading,
  value: Value,
  body: readonly Node[],
  scope: Scope,
  perMinute: number | undefined,
  mounted: Limiter['mounted'] = 'somewhere',
): Limiter => {
  const at =
    value.kind === 'instance' && value.call
      ? value.call.node.at
      : value.kind === 'function' || value.kind === 'class'
        ? value.node.at
        : value.at
  const made = value.kind === 'instance' ? identifierOf(reading, value) : undefined
  return {
    at: placeOf(reading, at),
    library: 'own',
    mounted,
    ...(perMinute === undefined ? {} : { perMinute }),
    key: keyIn(reading, body, scope) ?? made ?? { kind: 'unknown', at: placeOf(reading, at) },
  }
}

/** A key function that a limiter's class is made with, or has by default. */
const identifierOf = (reading: Reading, value: Extract<Value, { kind: 'instance' }>): Limiter['key'] | undefined => {
  const made = methodOf(reading, value, '__init__')
  if (made === undefined) return
  const given = value.call ? parametersOf(reading, value.call, made) : new Map<string, Value>()
  for (const parameter of made.node.parameters) {
    const name = lastName(parameter.target) ?? ''
    if (!/ident|key/i.test(name)) continue
    const one = given.get(name) ?? (parameter.initial && reading.evaluator.value(parameter.initial, made.scope))
    const key = one && keyOf(reading, one, parameter.target)
    if (key && key.kind !== 'unknown') return key
  }
  return
}

/** fastapi-limiter's RateLimiter: by default it counts by the first address of X-Forwarded-For. */
const externalLimiter = (reading: Reading, value: Extract<Value, { kind: 'external' }>): Limiter | undefined => {
  const name = lastOf(value)
  if (!isLimiterName(name) || value.call === undefined) return
  const { call } = value
  const at = placeOf(reading, call.node.at)
  const named = new Map([...call.node.named].map(([key, node]) => [key, reading.evaluator.value(node, call.scope)]))
  const [times, ms, seconds, minutes, hours] = call.node.args.map((node) => reading.evaluator.value(node, call.scope))
  const isKnown = value.from.startsWith('fastapi_limiter')
  if (isKnown)
    for (const [key, one] of Object.entries({ times, milliseconds: ms, seconds, minutes, hours }))
      if (one) named.set(key, one)
  const perMinute = rateOf(named)
  const given = argumentOf(reading, call, 'identifier') ?? argumentOf(reading, call, 'key_func') ?? initialized(reading)
  const key: Limiter['key'] = given
    ? keyOf(reading, given.values[0], given.node ?? call.node)
    : isKnown
      ? { kind: 'header', at, what: 'fastapi-limiter reads X-Forwarded-For by default' }
      : { kind: 'unknown', at }
  return {
    at,
    library: isKnown ? 'fastapi-limiter' : (dottedOf(value).split('.')[0] ?? name),
    mounted: 'somewhere',
    ...(perMinute === undefined ? {} : { perMinute }),
    key,
  }
}

const initialized = (reading: Reading) => {
  for (const call of reading.program.callsNamed('init')) {
    if (call.node.callee.kind !== 'member' || lastName(call.node.callee.object) !== 'FastAPILimiter') continue
    const given = argumentOf(reading, call, 'identifier')
    if (given) return given
  }
  return
}

// —— Middleware and wrappers

interface Around {
  readonly limiter: Limiter
  readonly rules: PathRules
}

const byMiddleware = (reading: Reading, one: Middleware): Around | undefined => {
  const { value, call } = one
  if (/^SlowAPI/.test(one.name) || whenOf(reading, call.node) === 'development') return
  if (value.kind === 'external') {
    if (!isLimiterName(one.name)) return
    const named = new Map([...call.node.named].map(([key, node]) => [key, reading.evaluator.value(node, call.scope)]))
    const perMinute = rateOf(named)
    const key =
      argumentOf(reading, call, 'identifier') ??
      argumentOf(reading, call, 'key_func') ??
      argumentOf(reading, call, 'authenticate')
    const at = placeOf(reading, call.node.at)
    return {
      rules: { open: [], only: [] },
      limiter: {
        at,
        library: value.from.split('.')[0] ?? value.from,
        mounted: 'everywhere',
        ...(perMinute === undefined ? {} : { perMinute }),
        key: key ? keyOf(reading, key.values[0], key.node ?? call.node) : { kind: 'unknown', at },
      },
    }
  }
  const callee = one.function
  if (callee === undefined || !limitsIn(reading, callee.node.body, callee.scope)) return
  const rules = pathRules(reading, callee, (nodes, scope) => limitsIn(reading, nodes, scope))
  const named = new Map([...call.node.named].map(([key, node]) => [key, reading.evaluator.value(node, call.scope)]))
  const made = value.kind === 'class' ? defaultsOf(reading, value) : new Map<string, Value>()
  const perMinute = rateOf(new Map([...made, ...named])) ?? rateInside(reading, callee.node.body)
  return {
    rules,
    limiter: {
      ...ownLimiter(
        reading,
        value,
        callee.node.body,
        callee.scope,
        perMinute,
        rules.only.length > 0 ? 'somewhere' : 'everywhere',
      ),
      at: placeOf(reading, call.node.at),
    },
  }
}

/** The defaults of a middleware's constructor. */
const defaultsOf = (reading: Reading, value: Extract<Value, { kind: 'class' }>): ReadonlyMap<string, Value> => {
  const made = methodOf(reading, value, '__init__')
  return new Map(
    (made?.node.parameters ?? []).flatMap((one): [string, Value][] =>
      one.initial && made ? [[lastName(one.target) ?? '', reading.evaluator.value(one.initial, made.scope)]] : [],
    ),
  )
}

/** Limiters that are made, and cover nothing. */
const unused = (reading: Reading, slow: Slowapi, used: readonly Limiter[]): readonly Limiter[] => {
  const found = slow.made.filter(({ call }) => !slow.used.has(call.node)).map(({ limiter }) => limiter)
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'python') continue
    for (const node of module.body) {
      if (node.kind !== 'assign' || node.value?.kind !== 'call') continue
      const scope = reading.program.scopeOf(node)
      const value = scope && reading.evaluator.value(node.value, scope)
      if (value?.kind !== 'instance' || !limiterClass(reading, value)) continue
      const callee = calledBy(reading, value)
      const at = placeOf(reading, node.value.at)
      const isUsed =
        used.some((one) => one.at.file === at.file && one.at.line === at.line) ||
        isAsked(reading, lastName(node.target) ?? '')
      if (callee && scope && limitsIn(reading, callee.node.body, callee.scope) && !isUsed)
        found.push(
          ownLimiter(reading, value, callee.node.body, callee.scope, rateOfInstance(reading, value), 'nowhere'),
        )
    }
  }
  return found
}

/** Something calls one of its methods: `everything.allows(request)`. */
const isAsked = (reading: Reading, name: string): boolean => {
  for (const module of reading.program.modules.values()) {
    let found = false
    walk(module.body, (node) => {
      if (node.kind === 'call' && node.callee.kind === 'member' && lastName(node.callee.object) === name) found = true
      return !found
    })
    if (found) return true
  }
  return false
}
