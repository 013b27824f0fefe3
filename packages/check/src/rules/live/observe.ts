import type { Exchange } from '../../evidence/live/exchange.ts'
import type { LiveFacts } from '../../evidence/live/facts.ts'
import type { Evidence, ItemId, Observation } from '../../items/index.ts'

type More = Partial<Pick<Observation, 'confidence' | 'severity' | 'mend'>>

/** One observation; certain unless said. */
export const observed = (
  id: ItemId,
  outcome: Observation['outcome'],
  summary: string,
  evidence: readonly Evidence[],
  more: More = {},
): Observation => ({ id, outcome, confidence: 'high', summary, evidence, ...more })

export const notProven = (id: ItemId, summary: string, evidence: readonly Evidence[] = []): readonly Observation[] => [
  observed(id, 'not-proven', summary, evidence),
]

export const notApplicable = (id: ItemId, summary: string): readonly Observation[] => [
  observed(id, 'not-applicable', summary, []),
]

/** Why one of them was not answered; a silence is never a ground. */
export const silenceOf = (exchanges: readonly Exchange[]): string | undefined =>
  exchanges.find(({ status }) => status === 0)?.silence

/** Too many for the server, or nobody behind the proxy: says nothing of what was asked. */
export const isBusy = ({ status }: Exchange): boolean => [429, 502, 503, 504].includes(status)

/** Why there is no document to compare with. */
export const withoutDocument = ({ documentTooLong }: LiveFacts): string =>
  documentTooLong === undefined
    ? 'no OpenAPI document was found, so nothing is declared'
    : `the OpenAPI document at ${documentTooLong} is over 256 KiB and was not read: give it as a file, with --openapi`
