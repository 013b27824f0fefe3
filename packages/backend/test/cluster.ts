import type { TestContext } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import type { PostgresServer } from '../../portcullis/test/services/postgres.ts'
import {
  askPostgres,
  freshDatabase,
  postgresMissing,
  postgresServerMissing,
  startPostgres,
} from '../../portcullis/test/services/postgres.ts'
import { type RedisServer, redisServerMissing, startRedis } from '../../portcullis/test/services/redis.ts'
import type { RunningBackend } from './backend.ts'
import { call, folder, production, startBackend, UNLIMITED } from './backend.ts'

/** Why tests of a cluster are skipped; false when they can run. */
export const clusterMissing = async (): Promise<string | false> => (await postgresMissing()) || redisServerMissing()

/** Why tests that stop a PostgreSQL are skipped; false when they can run. */
export const ownClusterMissing = (): string | false => postgresServerMissing() || redisServerMissing()

/** Several backends that are to behave as one. */
export interface Cluster {
  readonly backends: readonly [RunningBackend, RunningBackend]
  readonly redis: RedisServer
  /** One more backend of the same settings. */
  readonly start: () => Promise<RunningBackend>
  /** Gives a role by hand, in the database itself. */
  readonly grant: (id: string, role: string) => Promise<unknown>
  /** A figure of GET /metrics; undefined when it is not there. */
  readonly figure: (backend: RunningBackend, name: string) => Promise<number | undefined>
}

/** Two backends on a Redis of their own, and a database of their own on the shared PostgreSQL or on `postgres`; all go with the test. */
export const cluster = async (
  t: TestContext,
  {
    postgres,
    more = {},
  }: { readonly postgres?: PostgresServer; readonly more?: Readonly<Record<string, string>> } = {},
): Promise<Cluster> => {
  const METRICS_TOKEN = generateSecret()
  const redis = await startRedis(t)
  const DATABASE_URL = postgres === undefined ? await freshDatabase(t) : postgres.url
  const env = production(folder(t), { ...UNLIMITED, METRICS_TOKEN, DATABASE_URL, REDIS_URL: redis.url, ...more })
  const start = async (): Promise<RunningBackend> => {
    const running = await startBackend(env)
    t.after(() => running.stop('SIGKILL'))
    return running
  }
  const backends = [await start(), await start()] as const
  const figure: Cluster['figure'] = async ({ address }, name) => {
    const { text } = await call(address, 'GET', '/metrics', { token: METRICS_TOKEN })
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]
    return value === undefined ? undefined : Number(value)
  }
  const grant: Cluster['grant'] = (id, role) =>
    askPostgres(DATABASE_URL, 'insert into user_roles (user_id, role) values ($1, $2)', [id, role])
  return { backends, redis, start, grant, figure }
}

/** A cluster on a PostgreSQL that the test may stop. */
export const ownCluster = async (t: TestContext, more: Readonly<Record<string, string>> = {}) => {
  const postgres = await startPostgres(t)
  return { ...(await cluster(t, { postgres, more })), postgres }
}

/** Asks until it is so; answers how many ms that took, or Infinity when it was not within the time. */
export const msUntil = async (so: () => Promise<boolean>, within = 10_000): Promise<number> => {
  const start = performance.now()
  while (performance.now() - start < within) {
    if (await so()) return performance.now() - start
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
  return Number.POSITIVE_INFINITY
}
