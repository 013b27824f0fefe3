/** Limiters of Python's frameworks whose routes nobody reads: where one is imported, or named in Django's settings, it may limit the login. */
import { type Node, walk } from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'

const LIMITERS =
  /^(?:rest_framework\.throttling|ninja(?:_extra)?\.throttling|django_ratelimit|ratelimit\.(?:core|decorators|mixins)|axes\.(?:backends|decorators|middleware)|defender\.(?:decorators|middleware)|(?:litestar|starlite)\.middleware\.rate_limit|sanic_limiter|aiohttp_?ratelimiter)(?:\.|$)/

export const unreadLimiters = (reading: Reading): readonly Limiter[] =>
  [...reading.program.modules.values()].flatMap(({ language, body }) => {
    const found: Limiter[] = []
    walk(language === 'python' ? body : [], (one) => {
      const named = nameIn(one)
      if (!LIMITERS.test(named)) return
      const at = placeOf(reading, one.at)
      found.push({ at, library: named, mounted: 'unknown', unsure: true, key: { kind: 'unknown', at } })
    })
    return found
  })

/** `from rest_framework.throttling import …`, `'axes.middleware.AxesMiddleware'`. */
const nameIn = (node: Node): string => {
  if (node.kind === 'import') return node.from
  return node.kind === 'literal' && typeof node.value === 'string' ? node.value : ''
}
