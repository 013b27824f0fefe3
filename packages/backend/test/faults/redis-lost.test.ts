import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, newClient, person } from '../backend.ts'
import { type Cluster, cluster, clusterMissing, msUntil } from '../cluster.ts'
import { counted, quantile, underLoad } from './loads.ts'

/** How Redis is lost, and how it comes back. */
const FAULTS: Readonly<
  Record<string, { lose: (redis: Cluster['redis']) => unknown; restore: (redis: Cluster['redis']) => unknown }>
> = {
  killed: { lose: (redis) => redis.kill(), restore: (redis) => redis.start() },
  frozen: { lose: (redis) => redis.freeze(), restore: (redis) => redis.thaw() },
}

for (const [fault, { lose, restore }] of Object.entries(FAULTS))
  test(`Redis is ${fault}: reads go on, the limit is one for each process, and it heals by itself`, {
    skip: await clusterMissing(),
    timeout: 120_000,
  }, async (t) => {
    const { backends, redis, figure } = await cluster(t, { more: { LIMIT_CREDENTIALS: '10/hour' } })
    const { token } = await person(backends[0].address, newClient())
    const addresses = backends.map(({ address }) => address)
    const load = { addresses, path: '/users/me', perSecond: 200, tokens: [token] } as const

    const reads = underLoad(t, { ...load, seconds: 8 })
    await sleep(1_500)
    await lose(redis)
    const headers = newClient()
    const wrong = { email: 'nobody@example.com', password: 'wrong horse battery' }
    // Never none: each process lets its whole quota through, and no more.
    const logins = async (address: string): Promise<number> => {
      let let_through = 0
      for (let turn = 0; turn < 14; turn += 1) {
        const { status } = await call(address, 'POST', '/auth/login', { body: wrong, headers })
        assert.ok(status === 401 || status === 429, String(status))
        if (status === 401) let_through += 1
      }
      return let_through
    }
    // In turn: two processes that hash take both cores of a small machine, and the reads would wait for those.
    const through: number[] = []
    for (const address of addresses) through.push(await logins(address))
    assert.deepEqual(through, [10, 10])
    for (const one of backends) assert.equal(await figure(one, 'portcullis_limits_degraded'), 1)
    await restore(redis)
    const healed = await Promise.all(
      backends.map((one) => msUntil(async () => (await figure(one, 'portcullis_limits_degraded')) === 0)),
    )
    const latencies = await reads
    // A small machine that hashes, and runs other tests, is late for some reads and says 503; were Redis the reason, it would be every read.
    const { 200: fine = [], 503: late = [], ...others } = latencies
    assert.deepEqual(Object.keys(others), [], JSON.stringify(counted(latencies)))
    const errors = backends.flatMap(({ output }) => output().match(/^.*"level":50.*$/gm) ?? [])
    assert.ok(late.length <= fine.length / 20, [JSON.stringify(counted(latencies)), ...errors].join('\n'))
    for (const { output } of backends) {
      // Said when it falls and when it is there again, not by each request: a busy machine may be late once more.
      const falls = [...output().matchAll(/"limits-degraded"/g)].length
      assert.ok(falls > 0 && falls <= 3, output())
      assert.equal([...output().matchAll(/"limits-recovered"/g)].length, falls, output())
    }
    t.diagnostic(
      `${fine.length + late.length} reads, ${late.length} of them too late; longest ${Math.max(...(latencies[200] ?? [])).toFixed(0)} ms, p99 ${quantile(latencies[200] ?? [], 0.99).toFixed(0)} ms; healed after ${healed.map((ms) => ms.toFixed(0)).join(' and ')} ms`,
    )
    assert.ok(Math.max(...healed) < 3_000, String(healed))
  })
