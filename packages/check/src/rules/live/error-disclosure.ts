import type { LiveFacts } from '../../evidence/live/facts.ts'
import { isAlike } from '../../evidence/live/likeness.ts'
import type { Observation } from '../../items/index.ts'
import { excerpt, shown } from './evidence.ts'
import { isBusy, notProven, observed, silenceOf } from './observe.ts'
import { insideIn } from './traces.ts'

const ID = 'error-disclosure'
const ENOUGH = 3

export const errorDisclosure = (facts: LiveFacts): readonly Observation[] => {
  const bad = facts.errors.filter(({ exchange }) => exchange.status === 500 || insideIn(exchange.text) !== undefined)
  if (bad.length > 0) {
    return bad.map(({ what, exchange }) => {
      const inside = insideIn(exchange.text)
      return observed(
        ID,
        'fail',
        inside === undefined ? `${what} is answered with 500` : `${what} is answered with the inside of the program`,
        [shown(facts, exchange, { request: `with ${what}`, response: excerpt(facts, exchange.text, inside) })],
      )
    })
  }
  const silence = silenceOf(facts.errors.map(({ exchange }) => exchange))
  if (silence !== undefined) return notProven(ID, `bad input was not answered: ${silence}`)
  // A page that is answered to every path (a single-page application, a redirect) says nothing of what takes the input.
  const told = facts.errors.filter(
    ({ exchange }) => !isBusy(exchange) && !(exchange.status < 400 && isAlike(exchange, facts.stray)),
  )
  if (told.length < ENOUGH) return notProven(ID, facts.cut ?? 'too few of the bad requests were answered to tell')
  return [
    observed(
      ID,
      'pass',
      `${told.length} bad requests were answered without a 500 or a trace`,
      told.map(({ what, exchange }) => shown(facts, exchange, { request: `with ${what}` })),
    ),
  ]
}
