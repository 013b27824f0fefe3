import { CALLERS, sampleOrder } from '../contenders/work.ts'
import type { Contender } from '../contenders.ts'
import type { Asked } from '../load.ts'
import { ratios } from '../statistics.ts'
import { bestPeer, fieldsOf } from './get.ts'
import { contend, contending, overTuned, seriesTable, titles, type Work } from './work.ts'

const orders = ({ tokens }: Contender): (() => readonly Asked[]) => {
  const body = JSON.stringify(sampleOrder)
  const requests = Array.from(
    { length: CALLERS },
    (_, number): Asked => ({
      method: 'POST',
      path: '/orders',
      headers: { ...fieldsOf(tokens?.good(number) ?? 'not-looked-at'), 'content-type': 'application/json' },
      body,
    }),
  )
  return () => requests
}

/** The same with a body of ten fields that is validated. */
export const post: Work = {
  name: 'post',
  run: async (plan) => {
    const series = await contend(contending('post', plan.names), plan, (contender) => ({ requests: orders(contender) }))
    return {
      title: 'POST with a validated body of 10 fields',
      about: `The same door, and a body of ${Buffer.byteLength(JSON.stringify(sampleOrder))} bytes: text, an e-mail address, choices, numbers, a switch, an object, a list of objects. Those that are not secured parse it and validate nothing.${overTuned(series)}`,
      table: seriesTable(series, titles),
      figures: {
        'post-cpu': ratios(series['ours']?.cpu ?? [], series['bare']?.cpu ?? []),
        'post-peers': bestPeer(series),
      },
    }
  },
}
