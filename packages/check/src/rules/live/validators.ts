import type { Exchange } from '../../evidence/live/exchange.ts'
import type { BodyProbe, LiveFacts } from '../../evidence/live/facts.ts'
import type { Evidence, Observation } from '../../items/index.ts'
import { excerpt, shown } from './evidence.ts'
import { isBusy, observed } from './observe.ts'

const ID = 'validators'

const REFUSED = [400, 413, 415, 422]
const CLOSED = [401, 403, 404, 405, 501]

/** What a documented body takes. Only bodies are tried; a key that is dropped and one that is used look alike from outside. */
export const validators = (facts: LiveFacts): readonly Observation[] => {
  const probes = facts.bodies ?? []
  const judged = probes.filter(({ faults }) => faults.length > 0)
  const taken = judged.flatMap((probe) => takenOf(facts, probe))
  if (taken.length > 0)
    return [
      observed(ID, 'fail', taken.length === 1 ? '1 bad value is taken' : `${taken.length} bad values are taken`, taken),
    ]
  if (judged.length === 0) return []
  // A route that is closed to this account takes nothing from it; one that refuses what its document describes was not looked into.
  const unseen = probes.filter(({ plain, faults }) => faults.length === 0 && !CLOSED.includes(plain.status))
  const unclear = judged.filter(({ faults }) => !faults.every(({ exchange }) => REFUSED.includes(exchange.status)))
  const evidence = judged.flatMap(({ faults }) =>
    faults.map(({ what, exchange }) => shown(facts, exchange, { request: `with ${what}` })),
  )
  if (unseen.length > 0 || unclear.length > 0) {
    const count = unseen.length + unclear.length
    return [observed(ID, 'not-proven', `${count} of ${probes.length} bodies did not show what they take`, evidence)]
  }
  const bodies = judged.length === 1 ? '1 documented body refuses' : `${judged.length} documented bodies refuse`
  const found = `${bodies} unknown keys, other types and a text of 100,000 characters`
  return [observed(ID, 'pass', found, evidence)]
}

const isTaken = (exchange: Exchange): boolean => exchange.status >= 200 && exchange.status < 300 && !isBusy(exchange)

const takenOf = (facts: LiveFacts, { faults }: BodyProbe): readonly Evidence[] =>
  faults
    .filter(({ what, exchange }) => isTaken(exchange) && (what !== 'an unknown key' || isKept(exchange)))
    .map(({ what, exchange }) =>
      shown(facts, exchange, { request: `with ${what}`, response: excerpt(facts, exchange.text, 'portcullis') }),
    )

/** A key that comes back was taken. */
const isKept = ({ text }: Exchange): boolean => text.includes('"portcullis_check"')
