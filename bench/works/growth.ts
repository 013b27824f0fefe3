import { contenders } from '../contenders.ts'
import type { Asked } from '../load.ts'
import { inTurn, type Subject } from '../measure.ts'
import { ratios, spreadText } from '../statistics.ts'
import { ownTokens } from '../tokens.ts'
import { fieldsOf } from './get.ts'
import { Servers, type Table, type Work } from './work.ts'

/** How many of what there is are asked for in turn: the same at every size, so that only the size differs. */
const ASKED = 10
/** For what is asked for all over: so many, spread evenly. */
const SPREAD = 100_000

const read = (path: string, number: number, more: Readonly<Record<string, string>> = {}): Asked => ({
  method: 'GET',
  path,
  headers: { ...fieldsOf(ownTokens.good(number)), ...more },
})

const every = (count: number, make: (turn: number) => Asked): Subject['requests'] => {
  const requests = Array.from({ length: count }, (_, turn) => make(turn))
  return () => requests
}

const routes = (count: number) =>
  every(ASKED, (turn) => read(`/things-${Math.floor((turn * count) / ASKED)}/order-1`, turn))

const address = (number: number): string => `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`
const clients = (asking: number, count: number) =>
  every(asking, (turn) =>
    read('/orders/order-1', turn % ASKED, { 'x-forwarded-for': address(Math.floor((turn * count) / asking)) }),
  )

const sessions = (asking: number, count: number) =>
  every(asking, (turn) => read('/orders/order-1', Math.floor((turn * count) / asking)))

/** What grows: to what a server is set, and what is asked of it. Each is compared with the first of its kind. */
interface Size {
  readonly kind: string
  readonly title: string
  readonly env: Readonly<Record<string, string>>
  readonly requests: Subject['requests']
  readonly bare?: boolean
}

const sizes = (): Readonly<Record<string, Size>> => ({
  'routes-10': { kind: 'routes', title: '10 routes', env: { ROUTES: '10' }, requests: routes(10) },
  'routes-1000': { kind: 'routes', title: '1,000 routes', env: { ROUTES: '1000' }, requests: routes(1_000) },
  'routes-10000': { kind: 'routes', title: '10,000 routes', env: { ROUTES: '10000' }, requests: routes(10_000) },
  'bare-10': {
    kind: 'bare',
    title: 'bare Fastify, 10 routes',
    env: { ROUTES: '10' },
    requests: routes(10),
    bare: true,
  },
  'bare-10000': {
    kind: 'bare',
    title: 'bare Fastify, 10,000 routes',
    env: { ROUTES: '10000' },
    requests: routes(10_000),
    bare: true,
  },
  'clients-1': {
    kind: 'clients',
    title: '1 remembered client',
    env: { CLIENTS: '1' },
    requests: clients(1, 1),
  },
  'clients-1000000': {
    kind: 'clients',
    title: '1,000,000 remembered clients, one of them asks',
    env: { CLIENTS: '1000000' },
    requests: clients(1, 1),
  },
  'clients-all': {
    kind: 'clients',
    title: `1,000,000 remembered clients, ${SPREAD.toLocaleString('en')} of them ask in turn`,
    env: { CLIENTS: '1000000' },
    requests: clients(SPREAD, 1_000_000),
  },
  'sessions-10': { kind: 'sessions', title: '10 sessions', env: { SESSIONS: '10' }, requests: sessions(10, 10) },
  'sessions-100000': {
    kind: 'sessions',
    title: '100,000 sessions, 10 of them are used',
    env: { SESSIONS: '100000' },
    requests: sessions(10, 100_000),
  },
  'sessions-all': {
    kind: 'sessions',
    title: '100,000 sessions, all are used in turn: more tokens than are remembered',
    env: { SESSIONS: '100000' },
    requests: sessions(SPREAD, 100_000),
  },
})

const IN_SHORT = ['routes-10', 'routes-10000', 'clients-1', 'clients-1000000', 'sessions-10', 'sessions-100000']

/** What a request costs when there is more of everything. */
export const growth: Work = {
  name: 'growth',
  run: async ({ rounds, seconds, short }) => {
    await using servers = new Servers()
    const all = Object.entries(sizes()).filter(([name]) => !short || IN_SHORT.includes(name))
    const subjects: Subject[] = []
    for (const [name, { env, requests, bare }] of all)
      subjects.push({ name, server: await servers.start(bare ? contenders.bare : contenders.ours, env), requests })
    const series = await inTurn(subjects, { rounds, seconds: Math.min(2, seconds) })
    const over = (name: string, first: string): readonly number[] =>
      ratios(series[name]?.cpu ?? [], series[first]?.cpu ?? [])
    const rows = all.map(([name, { title, kind }]) => {
      const [first = ''] = all.find(([, other]) => other.kind === kind) ?? []
      return [title, spreadText(series[name]?.cpu ?? []), name === first ? '' : spreadText(over(name, first))]
    })
    const table: Table = { head: ['', 'µs of CPU a request', '× the least of its kind'], rows }
    return {
      title: 'Growth',
      about: `The authenticated GET. Of the routes ${ASKED} are asked for in turn at every size; requests for the clients come through a trusted proxy. What is used all over has cold memory in it, and is not what the goal is about.`,
      table,
      figures: {
        'growth-routes-1000': over('routes-1000', 'routes-10'),
        'growth-routes-10000': over('routes-10000', 'routes-10'),
        'growth-clients': over('clients-1000000', 'clients-1'),
        'growth-sessions': over('sessions-100000', 'sessions-10'),
      },
    }
  },
}
