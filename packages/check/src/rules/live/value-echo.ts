import type { LiveFacts } from '../../evidence/live/facts.ts'
import type { Observation } from '../../items/index.ts'
import { excerpt, shown } from './evidence.ts'
import { notProven, observed, silenceOf } from './observe.ts'

const ID = 'value-echo'

export const valueEcho = (facts: LiveFacts): readonly Observation[] => {
  const echoed = facts.echoes.filter(({ marker, exchange }) => exchange.status >= 400 && exchange.text.includes(marker))
  if (echoed.length > 0) {
    return echoed.map(({ what, marker, exchange }) =>
      observed(ID, 'fail', `${what} comes back in the error`, [
        shown(facts, exchange, {
          request: `with ${what}, marked ${marker}`,
          response: excerpt(facts, exchange.text, marker),
        }),
      ]),
    )
  }
  if (facts.loginRoute === undefined) return notProven(ID, facts.cut ?? 'no route that takes a password was found')
  const silence = silenceOf(facts.echoes.map(({ exchange }) => exchange))
  if (silence !== undefined) return notProven(ID, `a refused value was not answered: ${silence}`)
  const refused = facts.echoes.filter(({ exchange: { status } }) => [400, 401, 403, 413, 415, 422].includes(status))
  if (refused.length === 0) return notProven(ID, 'no marked value was refused')
  return [
    observed(
      ID,
      'pass',
      `${refused.length} refused passwords do not come back in the error`,
      refused.map(({ what, exchange }) => shown(facts, exchange, { request: `with ${what}` })),
    ),
  ]
}
