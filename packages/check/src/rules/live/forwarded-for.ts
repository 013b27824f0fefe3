import { wasAnswered } from '../../evidence/live/exchange.ts'
import type { Forged, LimitFacts, LiveFacts } from '../../evidence/live/facts.ts'
import type { ExchangeEvidence, Observation } from '../../items/index.ts'
import { saysTooMany } from './auth-rate-limit.ts'
import { shown } from './evidence.ts'
import { notApplicable, notProven, observed } from './observe.ts'

const ID = 'forwarded-for'
const ENOUGH = 30

/** Those that proxies append to; the other headers they set. */
const CHAINS = ['X-Forwarded-For', 'Forwarded']

export const forwardedFor = (facts: LiveFacts): readonly Observation[] => {
  const { limit } = facts
  if (limit === undefined) return notProven(ID, facts.cut ?? 'no route that takes a password was found')
  if (limit.limited === undefined) {
    return limit.tries >= ENOUGH && limit.broken === undefined && !(limit.open && saysTooMany(limit.open))
      ? notApplicable(ID, 'no limiter was seen')
      : notProven(ID, 'no limit was reached')
  }
  if (limit.broken !== undefined) return notProven(ID, `the server stopped answering: ${limit.broken}`)
  if (limit.forged.length === 0) return notProven(ID, 'the limit ended before forged addresses could be tried')
  const lifted = limit.forged.filter((one) => isLifted(limit, one))
  if (lifted.length > 0) return lifted.map((one) => judged(facts, limit, one))
  const silent = limit.forged.find(({ exchange }) => !wasAnswered(exchange))
  if (silent !== undefined) return notProven(ID, `${silent.what} was not answered: ${silent.exchange.silence ?? ''}`)
  return [
    observed(
      ID,
      'pass',
      `a client that is limited stays so, whatever address it claims${limit.from === undefined ? '' : ` (asked from ${limit.from})`}`,
      limit.forged.map((one) => evidence(facts, one)),
      { confidence: 'medium' },
    ),
  ]
}

/** Answered as before the limit: a 400 is a header that was refused. */
const isLifted = ({ open, limited }: LimitFacts, { exchange }: Forged): boolean =>
  open === undefined
    ? wasAnswered(exchange) && exchange.status < 500 && exchange.status !== limited?.status
    : exchange.status === open.status

const judged = (facts: LiveFacts, limit: LimitFacts, one: Forged): Observation => {
  const known = [evidence(facts, one)]
  const failed = observed(ID, 'fail', `${one.what} gives a fresh quota`, known)
  // No proxy sets what a browser calls itself: whoever is trusted, the caller wrote it.
  if (!facts.loopback || one.header === 'User-Agent') return failed
  if (!CHAINS.includes(one.header)) {
    return limit.from === undefined
      ? observed(
          ID,
          'not-proven',
          `${one.header} is believed from 127.0.0.1, which may be trusted as a proxy, and no other address could be used`,
          known,
        )
      : failed
  }
  if (limit.chain?.believed === 'first') {
    return observed(
      ID,
      'fail',
      `${one.what} gives a fresh quota, also behind a proxy: the entry that the client wrote counts`,
      [
        ...known,
        shown(facts, limit.chain.exchange, { request: `${one.header} as a proxy would pass it on`, bound: true }),
      ],
    )
  }
  return observed(
    ID,
    'not-proven',
    limit.chain?.believed === 'last'
      ? `the last entry of ${one.header} is believed from this machine: right only where a proxy is the one way in`
      : `${one.header} is believed from this machine, which may be trusted as a proxy`,
    known,
  )
}

const evidence = (facts: LiveFacts, { header, exchange }: Forged): ExchangeEvidence =>
  shown(facts, exchange, { request: `while limited, ${header}: ${exchange.headers[header] ?? ''}`, bound: true })
