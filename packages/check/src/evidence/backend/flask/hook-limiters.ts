/** Limiters of the program's own that stand before every request: a hook that counts and answers 429. */
import { lastName, type Node, walk } from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { answers429, isAbout, keyIn, limitsIn, pathRules, rateInside } from '../python/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { requestHooks } from './request-hooks.ts'
import type { FlaskRoute } from './routes.ts'

interface HookLimiter {
  readonly limiter: Limiter
  readonly covers: (route: FlaskRoute) => boolean
}

export const hookLimiters = (reading: Reading): readonly HookLimiter[] =>
  requestHooks(reading).flatMap(({ value, node, blueprint }) => {
    const { body } = value.node
    if (whenOf(reading, node) === 'development') return []
    if (!limitsIn(reading, body, value.scope) || !answers429(reading, body, value.scope)) return []
    const at = placeOf(reading, node.at)
    const perMinute = rateInside(reading, body)
    const rules = pathRules(reading, value, (nodes, scope) => limitsIn(reading, nodes, scope))
    return [
      {
        limiter: {
          at,
          library: 'own',
          mounted: blueprint === undefined ? 'everywhere' : 'somewhere',
          ...(body.some(leavesUnseen) ? { unsure: true } : {}),
          ...(perMinute === undefined ? {} : { perMinute }),
          key: keyIn(reading, body, value.scope) ?? { kind: 'unknown', at },
        },
        covers: (route) =>
          (blueprint === undefined || blueprint === route.blueprint) &&
          !rules.open.some((test) => isAbout(test, route.path, route.methods[0], route.endpoint)) &&
          (rules.only.length === 0 ||
            rules.only.some((test) => isAbout(test, route.path, route.methods[0], route.endpoint))),
      },
    ]
  })

/** `if not ENABLED: return`, `if request.method == "GET": …`: what it does not count is no question of the path. */
const leavesUnseen = (one: Node): boolean => {
  if (one.kind !== 'if') return false
  const [first] = one.consequent
  const leaves = first?.kind === 'return' && isNone(first.value)
  return (leaves && !isOfRoute(one.test)) || asksForMethod(one.test)
}

const isNone = (value: Node | undefined): boolean =>
  value === undefined || (value.kind === 'literal' && value.value === null)

const isOfRoute = (test: Node): boolean =>
  test.kind === 'logical'
    ? isOfRoute(test.left) && isOfRoute(test.right)
    : names(test, /^(?:path|full_path|endpoint|url_rule|blueprint)$/) || holdsOptions(test)

const asksForMethod = (test: Node): boolean => names(test, /^method$/) && !holdsOptions(test)

const names = (test: Node, pattern: RegExp): boolean => {
  let found = false
  walk([test], (one) => {
    if (pattern.test(lastName(one) ?? '')) found = true
  })
  return found
}

/** A preflight checks no credential. */
const holdsOptions = (test: Node): boolean => {
  let found = false
  walk([test], (one) => {
    if (one.kind === 'literal' && one.value === 'OPTIONS') found = true
  })
  return found
}
