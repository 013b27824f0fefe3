/** Limiters that a handler in JavaScript asks itself: `await limiter.consume(request.ip)`. */
import {
  type Call,
  lastName,
  type Node,
  pathOf,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Limiter, Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { asksFor, identityIn, isLimiterAsked, refusesAround } from './asked.ts'
import { limiterIn } from './limiters.ts'

export const askedInside = (reading: Reading, body: readonly Node[], around: Scope | undefined): readonly Limiter[] =>
  asksFor(reading, body).flatMap((call) => {
    const scope = reading.program.scopeOf(call) ?? around
    return scope === undefined ? [] : limiterAsked(reading, call, body, scope)
  })

/** Those that a route's handler asks, where it is known. */
export const askedBy = (reading: Reading, handler: Value | undefined): readonly Limiter[] =>
  (handler === undefined ? [] : possibilities(handler)).flatMap((one) =>
    one.kind === 'function' ? askedInside(reading, one.node.body, one.scope) : [],
  )

const limiterAsked = (reading: Reading, call: Call, around: readonly Node[], scope: Scope): Limiter => {
  const at = placeOf(reading, call.at)
  const known = call.callee.kind === 'member' ? packaged(reading, call.callee.object, scope) : undefined
  const own = possibilities(reading.evaluator.value(call.callee, scope))
    .filter((one) => one.kind === 'function')
    .map((one) => limiterIn(reading, one))
    .find((one) => one !== undefined)
  const refuses = own !== undefined || refusesAround(around, call)
  const perMinute = known?.perMinute ?? own?.perMinute
  const key = clientIn(reading, call) ?? identityIn(reading, call) ?? own?.key
  return {
    at,
    library: known?.library ?? own?.library ?? 'own',
    mounted: 'somewhere',
    ...(refuses ? {} : { unsure: true }),
    ...(perMinute === undefined ? {} : { perMinute }),
    key: refuses && key ? key : { kind: 'unknown', at },
  }
}

/** A package's own: `new RateLimiterMemory({ points: 5, duration: 60 })`. */
const packaged = (reading: Reading, node: Node, scope: Scope): Omit<Limiter, 'mounted'> | undefined => {
  const made = possibilities(reading.evaluator.value(node, scope)).find((one) => one.kind === 'external')
  return made && limiterIn(reading, made)
}

const clientIn = (reading: Reading, call: Call): Limiter['key'] | undefined => {
  let found: Limiter['key'] | undefined
  walk(call.args, (one) => {
    if (one.kind === 'member' && /\.(?:ip|remoteAddress)$/.test(pathOf(one)?.join('.') ?? ''))
      found ??= { kind: 'client', at: placeOf(reading, one.at) }
  })
  return found
}

/** Those that are asked in a file where a password is checked, of a program whose routes nobody read: they may well stand before it. */
export const askedBeside = (reading: Reading, checks: readonly Place[]): readonly Limiter[] => {
  const files = new Set(checks.map(({ file }) => file))
  return [...reading.program.modules.values()].flatMap(({ file, language, body }) => {
    const found: Limiter[] = []
    walk(files.has(file) && language === 'javascript' ? body : [], (one) => {
      if (one.kind !== 'call' || !isLimiterAsked(one, pathOf(one.callee) ?? [lastName(one.callee) ?? ''])) return
      const at = placeOf(reading, one.at)
      found.push({ at, library: 'own', mounted: 'unknown', unsure: true, key: { kind: 'unknown', at } })
    })
    return found
  })
}
