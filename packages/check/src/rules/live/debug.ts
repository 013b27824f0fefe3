import type { LiveFacts } from '../../evidence/live/facts.ts'
import type { Observation } from '../../items/index.ts'
import { excerpt, shown } from './evidence.ts'
import { notProven, observed, silenceOf } from './observe.ts'
import { traceIn } from './traces.ts'

const ID = 'debug'
const ENOUGH = 4

/** A trace in an answer, or a debugger's page: only a backend that debugs sends them. */
export const debug = (facts: LiveFacts): readonly Observation[] => {
  const traced = facts.errors.find(({ exchange }) => traceIn(exchange.text) !== undefined)
  if (traced !== undefined) {
    const { what, exchange } = traced
    return [
      observed(ID, 'fail', `${what} is answered with a stack trace`, [
        shown(facts, exchange, {
          request: `with ${what}`,
          response: excerpt(facts, exchange.text, traceIn(exchange.text)),
        }),
      ]),
    ]
  }
  const silence = silenceOf(facts.errors.map(({ exchange }) => exchange))
  if (silence !== undefined) return notProven(ID, `bad input was not answered: ${silence}`)
  const refused = facts.errors.filter(({ exchange: { status } }) => status >= 400 && status < 500 && status !== 429)
  if (refused.length < ENOUGH)
    return notProven(ID, facts.cut ?? 'too few errors could be provoked to say that none carries a trace')
  return [
    observed(
      ID,
      'pass',
      `${refused.length} provoked errors carry no trace`,
      refused.map(({ what, exchange }) => shown(facts, exchange, { request: `with ${what}` })),
      { confidence: 'medium' },
    ),
  ]
}
