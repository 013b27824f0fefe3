/** Limiters that a handler is wrapped in: `@rate_limit(5, 60)`, the project's own or another package's. */
import type { Call, Located, Value } from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isLimiterName, keyIn, limitsIn, parametersOf, rateOf } from './counting.ts'
import { dottedOf, lastOf, valuesOf } from './definitions.ts'

export const wrappingLimiters = (reading: Reading, { node, scope }: Located): readonly Limiter[] => {
  const call = node.kind === 'call' ? { node, scope } : undefined
  return valuesOf(reading, call?.node.callee ?? node, scope).flatMap(
    (value) => limiterOf(reading, { node, scope }, value, call) ?? [],
  )
}

const limiterOf = (
  reading: Reading,
  { node }: Located,
  value: Value,
  call: Located<Call> | undefined,
): Limiter | undefined => {
  const at = placeOf(reading, node.at)
  const limiter = (library: string, perMinute: number | undefined, key: Limiter['key']): Limiter => ({
    at,
    library,
    mounted: 'somewhere',
    ...(perMinute === undefined ? {} : { perMinute }),
    key,
  })
  if (value.kind === 'function') {
    const { body } = value.node
    if (!limitsIn(reading, body, value.scope)) return
    const rate = call && rateOf(parametersOf(reading, call, value))
    return limiter('own', rate, keyIn(reading, body, value.scope) ?? { kind: 'unknown', at })
  }
  const name = value.kind === 'external' ? lastOf(value) : ''
  if (!isLimiterName(name) || call === undefined) return
  return limiter(dottedOf(value).split('.')[0] ?? name, rateOf(parametersOf(reading, call, undefined)), {
    kind: 'unknown',
    at,
  })
}
