import { CALLERS, ORIGIN } from '../contenders/work.ts'
import { type Contender, type ContenderName, contenders } from '../contenders.ts'
import type { Asked } from '../load.ts'
import type { Series } from '../measure.ts'
import { ratios } from '../statistics.ts'
import { contend, contending, overTuned, seriesTable, titles, type Work } from './work.ts'

/** The header fields of a browser's request by the user of this number. Those who ask nobody are sent a token all the same. */
export const fieldsOf = (token: string): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${token}`,
  origin: ORIGIN,
  accept: 'application/json',
})

/** Requests of a hundred users, made once. */
export const reads = ({ tokens }: Pick<Contender, 'tokens'>, mint = tokens?.good): (() => readonly Asked[]) => {
  const requests = Array.from(
    { length: CALLERS },
    (_, number): Asked => ({
      method: 'GET',
      path: `/orders/order-${number}`,
      headers: fieldsOf(mint?.(number) ?? 'not-looked-at'),
    }),
  )
  return () => requests
}

/** The same requests without anybody's token. */
export const withoutToken = (): readonly Asked[] => [
  { method: 'GET', path: '/orders/order-1', headers: { origin: ORIGIN, accept: 'application/json' } },
]

const isSecured = (name: ContenderName): boolean => contenders[name].tokens !== undefined

/** The least that a peer needed in each round, over what ours needed. */
export const bestPeer = (series: Readonly<Record<string, Series>>): readonly number[] => {
  const peers = Object.entries(series).filter(([name]) => name !== 'ours' && isSecured(name as ContenderName))
  const best = (series['ours']?.cpu ?? []).map((_, round) =>
    Math.min(...peers.map(([, { cpu }]) => cpu[round] ?? Number.POSITIVE_INFINITY)),
  )
  return peers.length === 0 ? [] : ratios(best, series['ours']?.cpu ?? [])
}

/** An authenticated GET: token, user, headers, CORS, limit. */
export const get: Work = {
  name: 'get',
  run: async (plan) => {
    const series = await contend(contending('get', plan.names), plan, (contender) => ({ requests: reads(contender) }))
    const { ours, bare, fastapi } = series
    return {
      title: 'Authenticated GET',
      about: `A hundred users take turns, each with a token that was sent before. Token verified, user looked up, security headers, CORS with one listed origin, limit of the client.${overTuned(series)}`,
      table: seriesTable(series, titles),
      figures: {
        'get-cpu': ratios(ours?.cpu ?? [], bare?.cpu ?? []),
        'get-rate': ratios(ours?.perSecond ?? [], bare?.perSecond ?? []),
        'get-peers': bestPeer(series),
        'get-fastapi': fastapi === undefined ? [] : ratios(fastapi.cpu, ours?.cpu ?? []),
      },
    }
  },
}
