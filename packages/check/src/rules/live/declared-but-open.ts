import { isRefusal, isSuccess } from '../../evidence/live/exchange.ts'
import type { LiveFacts } from '../../evidence/live/facts.ts'
import { isAlike } from '../../evidence/live/likeness.ts'
import type { Observation } from '../../items/index.ts'
import { excerpt, shown } from './evidence.ts'
import { notApplicable, notProven, observed, withoutDocument } from './observe.ts'

const ID = 'declared-but-open'
const MOST_SHOWN = 5

/** `security` in the document is a claim: each route that makes it was asked without a token. */
export const declaredButOpen = (facts: LiveFacts): readonly Observation[] => {
  if (facts.document === undefined) return notProven(ID, withoutDocument(facts))
  const declared = facts.document.operations.filter(({ security }) => security === 'secured')
  if (declared.length === 0) return notApplicable(ID, 'the document declares no route secured')
  const asked = facts.opened.filter(({ operation }) => operation.security === 'secured')
  if (asked.length === 0) return notProven(ID, 'only writes are declared secured, and writing was not allowed')
  const open = asked.filter(({ exchange }) => isSuccess(exchange) && !isAlike(exchange, facts.stray))
  if (open.length > 0) {
    return open
      .slice(0, MOST_SHOWN)
      .map(({ operation, exchange }) =>
        observed(
          ID,
          'fail',
          `${operation.method} ${operation.path} is declared secured and answers ${exchange.status} without a token`,
          [shown(facts, exchange, { request: 'without a token', response: excerpt(facts, exchange.text) })],
        ),
      )
  }
  const unclear = asked.filter(({ exchange }) => !isRefusal(exchange))
  if (unclear.length > 0) {
    return notProven(
      ID,
      `${asked.length - unclear.length} of ${asked.length} routes that are declared secured refuse a caller without a token; the others answer neither 2xx nor 401`,
      unclear.slice(0, MOST_SHOWN).map(({ exchange }) => shown(facts, exchange, { request: 'without a token' })),
    )
  }
  return [
    observed(
      ID,
      'pass',
      `all ${asked.length} routes that are declared secured and were asked refuse a caller without a token`,
      asked.slice(0, MOST_SHOWN).map(({ exchange }) => shown(facts, exchange, { request: 'without a token' })),
    ),
  ]
}
