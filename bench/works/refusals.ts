import { type Contender, type ContenderName, contenders } from '../contenders.ts'
import type { Subject } from '../measure.ts'
import { inTurn } from '../measure.ts'
import { ratios } from '../statistics.ts'
import { reads, withoutToken } from './get.ts'
import { Servers, seriesTable, titles, type Work } from './work.ts'

/** Requests of a client in a minute, where it is the limit that refuses. */
const LOW_LIMIT = { LIMIT: '100', LIMIT_WINDOW_MS: '60000' }

const refusing = async (servers: Servers, name: ContenderName): Promise<readonly Subject[]> => {
  const contender: Contender = contenders[name]
  const open = await servers.start(contender)
  const limited = await servers.start(contender, LOW_LIMIT)
  const refusals = true
  return [
    { name: `${name} 401 none`, server: open, requests: withoutToken, refusals },
    { name: `${name} 401 forged`, server: open, requests: reads(contender, contender.tokens?.forged), refusals },
    { name: `${name} 429`, server: limited, requests: reads(contender), refusals },
  ]
}

const titleOf = (name: string): string => {
  const [contender = '', status, kind] = name.split(' ')
  const what = status === '429' ? 'over the limit' : kind === 'none' ? 'no token' : 'a forged token'
  return status === undefined ? `${titles[contender]}: 200` : `${titles[contender]}: ${status}, ${what}`
}

/** What a refusal costs: it must be less than an answer. */
export const refusals: Work = {
  name: 'refusals',
  run: async (plan) => {
    await using servers = new Servers()
    const subjects: Subject[] = [
      { name: 'bare', server: await servers.start(contenders.bare), requests: reads(contenders.bare) },
      ...(await refusing(servers, 'ours')),
    ]
    if (!plan.short && plan.names.includes('fastify')) subjects.push(...(await refusing(servers, 'fastify')))
    const series = await inTurn(subjects, plan)
    const against = (name: string): readonly number[] => ratios(series[name]?.cpu ?? [], series['bare']?.cpu ?? [])
    return {
      title: 'Refusals',
      about: "The refused GET, beside bare Fastify's answered one.",
      table: seriesTable(series, Object.fromEntries(subjects.map(({ name }) => [name, titleOf(name)]))),
      figures: {
        'refuse-none': against('ours 401 none'),
        'refuse-forged': against('ours 401 forged'),
        'refuse-limit': against('ours 429'),
      },
    }
  },
}
