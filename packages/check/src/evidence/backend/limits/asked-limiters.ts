/** Limiters that a handler in JavaScript asks itself: `await limiter.consume(request.ip)`. */
import { type Call, type Node, pathOf, possibilities, type Scope, walk } from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { asksFor, identityIn, refusesAround } from './asked.ts'
import { limiterIn } from './limiters.ts'

export const askedInside = (reading: Reading, body: readonly Node[], around: Scope | undefined): readonly Limiter[] =>
  asksFor(reading, body).flatMap((call) => {
    const scope = reading.program.scopeOf(call) ?? around
    return scope === undefined ? [] : limiterAsked(reading, call, body, scope)
  })

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
