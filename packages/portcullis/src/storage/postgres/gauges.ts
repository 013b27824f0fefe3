import type { StorageGauge } from '../index.ts'
import type { News } from './news.ts'
import type { BoundedPool } from './pool.ts'
import type { Standing } from './standing.ts'

/** The figures of an open database. */
export const gauges = (pool: BoundedPool, known: Standing, news: News): readonly StorageGauge[] => {
  const { total, idle, waiting } = pool.counts()
  const { accounts, sessions } = known.counts()
  return [
    { name: 'portcullis_database_connections', help: 'Connections to PostgreSQL.', value: total },
    { name: 'portcullis_database_connections_idle', help: 'Connections that no query uses.', value: idle },
    { name: 'portcullis_database_waiting', help: 'Queries that wait for a connection.', value: waiting },
    { name: 'portcullis_database_lost', help: '1 while PostgreSQL can not be reached.', value: news.lost() ? 1 : 0 },
    {
      name: 'portcullis_database_looks_failed',
      help: 'Looks at changes that failed since the start.',
      value: news.failures,
    },
    {
      name: 'portcullis_database_look_age_seconds',
      help: 'Time since the last look at changes that did not fail.',
      value: Math.round(news.age()) / 1000,
    },
    { name: 'portcullis_remembered_accounts', help: 'Accounts whose roles are remembered.', value: accounts },
    { name: 'portcullis_remembered_sessions', help: 'Sessions that are remembered as active.', value: sessions },
  ]
}
