import { isRefusal, isSuccess, jsonOf } from '../../evidence/live/exchange.ts'
import type { LiveFacts } from '../../evidence/live/facts.ts'
import { isAlike } from '../../evidence/live/likeness.ts'
import type { Observation } from '../../items/index.ts'
import { excerpt, shown } from './evidence.ts'
import { notProven, observed } from './observe.ts'

const ID = 'default-deny'
const MOST_SHOWN = 5

/** Public in nearly every backend, and rightly. */
const PUBLIC =
  /^\/?$|health|ready|readiness|alive|liveness|live$|ping|status|metrics|version|docs|openapi|swagger|redoc|favicon|robots|well-known|jwks|login|register|sign|auth\//i

/** A path that nobody has tells whether the guard stands before the router. 404 proves nothing: the guard may be on each route. */
export const defaultDeny = (facts: LiveFacts): readonly Observation[] => {
  const { stray } = facts
  if (stray.status === 0) return notProven(ID, facts.cut ?? 'nothing answered')
  const [beside] = facts.opened.filter(
    ({ operation, exchange }) => operation.security === 'secured' && isSuccess(exchange),
  )
  if (isRefusal(stray) && beside !== undefined)
    return notProven(
      ID,
      'a path that nobody has is refused, and a route that is declared secured is not: it stands beside the guard, or was marked by mistake',
      [
        shown(facts, stray, { request: 'without a token' }),
        shown(facts, beside.exchange, { request: 'without a token', response: excerpt(facts, beside.exchange.text) }),
      ],
    )
  if (isRefusal(stray)) {
    return [
      observed(
        ID,
        'pass',
        `a path that nobody has is refused with ${stray.status}: the guard stands before the router`,
        [shown(facts, stray, { request: 'without a token' })],
      ),
    ]
  }
  const open = openReads(facts)
  const unproven = notProven(ID, `a path that nobody has answers ${stray.status}, which tells nothing of the guard`, [
    shown(facts, stray, { request: 'without a token' }),
  ])
  if (open.length === 0) return unproven
  return [
    observed(
      ID,
      'warn',
      `${open.length} documented ${open.length === 1 ? 'route answers' : 'routes answer'} data without a token, and nothing says that it should be public`,
      open
        .slice(0, MOST_SHOWN)
        .map(({ exchange }) =>
          shown(facts, exchange, { request: 'without a token', response: excerpt(facts, exchange.text) }),
        ),
      { confidence: 'low' },
    ),
  ]
}

const openReads = ({ opened, stray }: LiveFacts): LiveFacts['opened'] =>
  opened.filter(
    ({ operation, exchange }) =>
      operation.method === 'GET' &&
      operation.security === 'unsaid' &&
      !PUBLIC.test(operation.path) &&
      isSuccess(exchange) &&
      typeof jsonOf(exchange.text) === 'object' &&
      !isAlike(exchange, stray),
  )
