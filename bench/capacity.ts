/**
 * What one request costs each part of a cluster, measured: `npm run capacity`. One backend on a Redis and a PostgreSQL of its own, on
 * this machine's loopback. CPU times are read from the system; operations are counted by the servers themselves. Prints the table and
 * the model of docs/operations.md.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, person, type RunningBackend, startBackend, UNLIMITED } from '../packages/backend/test/backend.ts'
import type { Load } from '../packages/backend/test/faults/load.ts'
import { counted, underLoad } from '../packages/backend/test/faults/loads.ts'
import { generateSecret } from '../packages/portcullis/src/layers/sessions/index.ts'
import { askPostgres, type PostgresServer, startPostgres } from '../packages/portcullis/test/services/postgres.ts'
import { type RedisServer, startRedis } from '../packages/portcullis/test/services/redis.ts'
import { type Cost, model } from './capacity-model.ts'

const SECONDS = Number(process.argv[2] ?? 5)
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** Fields 14 to 17 of proc_pid_stat(5): a process's own time, and that of its children that ended. */
const times = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .slice(11, 15)
    .map((ticks) => (Number(ticks) * 1e6) / TICKS)

/** µs of CPU that a process has used, and what it has started. */
const cpuOf = (pid: number): number => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  return [...times(pid), ...children.map((child) => cpuOf(Number(child)))].reduce((sum, one) => sum + one, 0)
}

interface Cluster {
  readonly backend: RunningBackend
  readonly redis: RedisServer
  readonly postgres: PostgresServer
}

/** Everything that is counted, at this moment. PostgreSQL's own statistics come a second late. */
const snapshot = async ({ backend, redis, postgres }: Cluster) => {
  await sleep(1_500)
  const [folder] = await askPostgres(postgres.url, 'show data_directory')
  const postmaster = Number(
    readFileSync(join(String(folder?.['data_directory']), 'postmaster.pid'), 'utf8').split('\n')[0],
  )
  const [database] = await askPostgres(
    postgres.url,
    'select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()',
  )
  const info = String(await redis.command('INFO', 'everything'))
  return {
    backend: cpuOf(backend.child.pid ?? 0),
    redis: cpuOf(Number(/process_id:(\d+)/.exec(info)?.[1])),
    postgres: cpuOf(postmaster),
    commands: Number(/cmdstat_evalsha:calls=(\d+)/.exec(info)?.[1] ?? 0),
    transactions: Number(database?.['n']),
  }
}

/** The costs of a load, less what the cluster costs when nobody asks. */
const costOf = async (
  test: Parameters<typeof underLoad>[0],
  cluster: Cluster,
  work: string,
  load: Omit<Load, 'seconds'>,
): Promise<Cost> => {
  await underLoad(test, { ...load, seconds: 1 })
  const idle = await snapshot(cluster)
  await sleep(SECONDS * 1000)
  const before = await snapshot(cluster)
  const answers = counted(await underLoad(test, { ...load, seconds: SECONDS }))
  const after = await snapshot(cluster)
  const requests = Object.values(answers).reduce((sum, one) => sum + one, 0)
  process.stderr.write(`${work}: ${JSON.stringify(answers)}\n`)
  const each = (name: keyof typeof after): number =>
    Math.max(0, after[name] - before[name] - (before[name] - idle[name])) / requests
  return {
    work,
    backend: each('backend'),
    redis: each('redis'),
    postgres: each('postgres'),
    commands: each('commands'),
    transactions: each('transactions'),
  }
}

const ends: (() => unknown)[] = []
const test = { after: (end: () => unknown) => void ends.unshift(end) } as unknown as Parameters<typeof underLoad>[0]
try {
  const redis = await startRedis(test)
  const postgres = await startPostgres(test)
  const backend = await startBackend({
    PATH: process.env['PATH'] ?? '',
    PORT: '0',
    JWT_SECRET: generateSecret(),
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    ...UNLIMITED,
  })
  test.after(() => backend.stop('SIGKILL'))
  const cluster = { backend, redis, postgres }
  const addresses = [backend.address]
  const { token, email, password } = await person(backend.address)
  // Each refresh token works once: one for each that is asked for. An account has a hundred sessions at the most.
  const refreshes: { refresh_token: string }[] = []
  for (let owner = await person(backend.address); refreshes.length < 40 * (SECONDS + 1); ) {
    if (refreshes.length % 50 === 49) owner = await person(backend.address)
    const { email, password } = owner
    const { body } = await call(backend.address, 'POST', '/auth/login', { body: { email, password } })
    refreshes.push({ refresh_token: body.refresh_token as string })
  }
  const reads = { addresses, tokens: [token], perSecond: 1_000 }
  const costs = [
    // A session is asked for before a path is: 404 is all of the door and nothing of a handler.
    await costOf(test, cluster, 'the door alone', { ...reads, path: '/nothing-is-here' }),
    await costOf(test, cluster, 'a read with one query', { ...reads, path: '/users/me' }),
    await costOf(test, cluster, 'a refusal: no session', { ...reads, path: '/users/me', tokens: ['x'] }),
    await costOf(test, cluster, 'a login', {
      addresses,
      path: '/auth/login',
      perSecond: 8,
      bodies: [{ email, password }],
    }),
    await costOf(test, cluster, 'a refresh', { addresses, path: '/auth/refresh', perSecond: 40, bodies: refreshes }),
  ]
  process.stdout.write(`${cpus()[0]?.model.trim()}, Node ${process.version}\n\n${model(costs)}`)
} finally {
  for (const end of ends) await end()
}
