/** What a request meets on an application before it comes to something that was put on it later. */
import { type Call, lastName, type Value } from '../../source/index.ts'
import type { Limiter, Place } from '../facts.ts'
import type { Guard } from '../guards/index.ts'
import { limiterIn } from '../limits/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { isUp } from '../switches/index.ts'
import type { Registration } from './apps.ts'
import { guardOf } from './handler-guards.ts'

interface StandingGuard {
  readonly at: Place
  readonly guard: Guard
  readonly value: Value
  /** It stands on the application itself, not on a part of its paths. */
  readonly everywhere: boolean
}

interface Standing {
  readonly guards: readonly StandingGuard[]
  readonly limiters: readonly Limiter[]
}

/** The guards and limiters that were put on an application before a call on it, in the order of the text. */
export const standingBefore = (reading: Reading, registrations: readonly Registration[], call: Call): Standing => {
  const guards: StandingGuard[] = []
  const limiters: Limiter[] = []
  for (const one of registrations) {
    if (one.method !== 'USE' || !isBefore(one.call.node, call)) continue
    if (whenOf(reading, one.call.node) === 'development') continue
    const everywhere = one.path.some((path) => path === '/' || path === '' || path === '*')
    if (!everywhere) continue
    for (const handler of one.handlers) {
      const { value, node } = handler
      const limiter = limiterIn(reading, value)
      if (limiter !== undefined) limiters.push({ ...limiter, mounted: 'everywhere' })
      const guard =
        limiter === undefined && isUp(reading, one.call.node)
          ? guardOf(reading, { ...handler, name: handler.name || (lastName(node) ?? '') })
          : undefined
      if (guard !== undefined && !guard.optional)
        guards.push({ at: placeOf(reading, one.call.node.at), guard, value, everywhere })
    }
  }
  return { guards, limiters }
}

const isBefore = (one: Call, other: Call): boolean => one.at.file !== other.at.file || one.at.end < other.at.end
