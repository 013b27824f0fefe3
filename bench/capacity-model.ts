/** The model of capacity: costs that were measured, multiplied. Its one assumption is that a core does not get slower beside others. */

/** What one request costs: µs of CPU of each part, and operations. */
export interface Cost {
  readonly work: string
  readonly backend: number
  readonly redis: number
  readonly postgres: number
  /** Scripts that Redis runs. */
  readonly commands: number
  readonly transactions: number
}

/** What a site asks for in a second: of a hundred reads one in ten asks the database, and people log in and refresh now and then. */
const MIX: readonly (readonly [work: string, share: number])[] = [
  ['the door alone', 0.9],
  ['a read with one query', 0.098],
  ['a login', 0.001],
  ['a refresh', 0.001],
]
/** Of a core, before queues grow. */
const FULL = 0.7
const RATES = [100, 1_000, 10_000, 30_000, 100_000]

const sum = (costs: readonly Cost[], name: 'backend' | 'redis' | 'postgres' | 'commands' | 'transactions'): number =>
  MIX.reduce(
    (total, [work, share]) => total + share * (costs.find((one) => one.work === work)?.[name] ?? Number.NaN),
    0,
  )

/** Both tables, as Markdown. */
export const model = (costs: readonly Cost[]): string => {
  const rows = costs.map(
    ({ work, backend, redis, postgres, commands, transactions }) =>
      `| ${work} | ${backend.toFixed(0)} | ${redis.toFixed(0)} | ${postgres.toFixed(0)} | ${commands.toFixed(2)} | ${transactions.toFixed(2)} |`,
  )
  const rates = RATES.map((rate) => {
    const processes = Math.ceil((rate * sum(costs, 'backend')) / 1e6 / FULL)
    const redis = (rate * sum(costs, 'redis')) / 1e6
    const postgres = (rate * sum(costs, 'postgres')) / 1e6
    return `| ${rate.toLocaleString('en')} | ${processes} | ${(rate * sum(costs, 'commands')).toFixed(0)} | ${(redis * 100).toFixed(0)} % | ${(rate * sum(costs, 'transactions')).toFixed(0)} | ${postgres.toFixed(1)} |`
  })
  const redisFull = (FULL * 1e6) / sum(costs, 'redis')
  return `| a request | backend, µs of CPU | Redis, µs | PostgreSQL, µs | scripts in Redis | transactions |
|---|---|---|---|---|---|
${rows.join('\n')}

| requests a second | processes | scripts a second | of Redis's one core | transactions a second | cores of PostgreSQL |
|---|---|---|---|---|---|
${rates.join('\n')}

Redis's one core is full (${FULL * 100} %) at ${Math.round(redisFull / 1000) * 1000} requests a second.
`
}
