import type { Contender } from '../contenders.ts'
import type { Asked } from '../load.ts'
import type { Subject } from '../measure.ts'
import { ratios } from '../statistics.ts'
import { fieldsOf } from './get.ts'
import { contend, contending, overTuned, seriesTable, titles, type Work } from './work.ts'

/** Tokens for the warm-up: more than any of them remembers. */
const WARM_UP = 20_000
/** More than were answered in the run before: a token that came twice would not be a first one. */
const MORE = 1.4

/** How these are asked: each time a token that nobody has seen. To those who look at none the same are sent again. */
const firstReads = ({ tokens }: Contender): Pick<Subject, 'requests' | 'once'> => {
  const requests = (length: number): readonly Asked[] =>
    Array.from({ length }, (_, number) => ({
      method: 'GET',
      path: `/orders/order-${number % 100}`,
      headers: fieldsOf(tokens?.good(number % 1_000) ?? `${'not-looked-at-'.repeat(20)}${number}`),
    }))
  if (tokens !== undefined)
    return { requests: (expected) => requests(Math.max(WARM_UP, Math.ceil(expected * MORE))), once: true }
  const same = requests(WARM_UP)
  return { requests: () => same }
}

/** The first request with each token. */
export const first: Work = {
  name: 'first',
  run: async (plan) => {
    const names = contending('first', plan.names).filter((name) => !plan.short || name !== 'fastify')
    const series = await contend(names, plan, firstReads)
    return {
      title: 'First request with a token',
      about: `An authenticated GET with a token that was never sent before, each time. A thousand users; the tokens are made before the run.${overTuned(series)}`,
      table: seriesTable(series, titles),
      figures: { first: ratios(series['ours']?.cpu ?? [], series['bare']?.cpu ?? []) },
    }
  },
}
