/** @fastify/rate-limit on the adapter below Nest: `app.register(rateLimit, { max: 100, timeWindow: '1 minute' })`. */
import { possibilities } from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { isRateLimit, rateLimit } from '../fastify/limits.ts'
import { type Reading, whenOf } from '../reading.ts'
import { appCalls } from './application.ts'

/** Those that count every route; with `global: false` they count what asks for it, which is not seen here. */
export const registeredLimits = (reading: Reading): readonly Limiter[] =>
  appCalls(reading, 'register').flatMap(({ node, scope }): Limiter[] => {
    const [plugin, options] = node.args
    const isLimit =
      plugin !== undefined &&
      possibilities(reading.evaluator.value(plugin, scope)).some(
        (one) => one.kind === 'external' && isRateLimit(one.from),
      )
    if (!isLimit || whenOf(reading, node) === 'development') return []
    const settings = options && reading.evaluator.value(options, scope)
    const everywhere = settings?.kind === 'object' ? settings.entries.get('global') : undefined
    if (everywhere?.kind === 'literal' && everywhere.value === false) return []
    return [{ ...rateLimit(reading, settings, undefined, node.at), mounted: 'everywhere' }]
  })
