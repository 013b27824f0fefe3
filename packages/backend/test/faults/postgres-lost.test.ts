import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresServer } from '../../../portcullis/test/services/postgres.ts'
import { call, person } from '../backend.ts'
import { msUntil, ownCluster, ownClusterMissing } from '../cluster.ts'
import { counted, quantile, underLoad } from './loads.ts'

const FAULTS: Readonly<
  Record<string, { lose: (one: PostgresServer) => unknown; restore: (one: PostgresServer) => unknown }>
> = {
  stopped: { lose: (one) => one.stop(), restore: (one) => one.start() },
  killed: { lose: (one) => one.kill(), restore: (one) => one.start() },
  hung: { lose: (one) => one.freeze(), restore: (one) => one.thaw() },
}

for (const [fault, { lose, restore }] of Object.entries(FAULTS))
  test(`PostgreSQL is ${fault}: who is known reads on, login and refresh answer 503 in under a second, and it heals by itself`, {
    skip: ownClusterMissing(),
    timeout: 120_000,
  }, async (t) => {
    const { backends, postgres, grant } = await ownCluster(t)
    const addresses = backends.map(({ address }) => address)
    const { id, token, email, password, refresh } = await person(addresses[0] ?? '')
    await grant(id, 'admin')
    const load = { addresses, perSecond: 200, tokens: [token], path: '/metrics' } as const
    // A route that needs a session and a role, and no database of its own.
    assert.ok(
      (await msUntil(async () => (await call(addresses[1] ?? '', 'GET', '/metrics', { token })).status === 200)) <
        3_000,
    )
    await underLoad(t, { ...load, seconds: 1 })

    const reads = underLoad(t, { ...load, seconds: 7 })
    await sleep(1_000)
    await lose(postgres)
    await sleep(200)
    const waits: number[] = []
    const refused = async (path: string, body: object): Promise<void> => {
      for (const address of addresses)
        for (let turn = 0; turn < 4; turn += 1) {
          const start = performance.now()
          const answer = await call(address, 'POST', path, { body })
          waits.push(performance.now() - start)
          assert.equal(answer.status, 503, `${path}: ${answer.text}`)
          assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
          assert.equal(answer.headers.get('content-type'), 'application/problem+json')
        }
    }
    await refused('/auth/login', { email, password })
    await refused('/auth/refresh', { refresh_token: refresh })
    await restore(postgres)
    const healed = await msUntil(async () => {
      const answers = await Promise.all(
        addresses.map((address) => call(address, 'POST', '/auth/login', { body: { email, password } })),
      )
      return answers.every(({ status }) => status === 200)
    }, 20_000)
    const latencies = await reads
    t.diagnostic(
      `reads ${JSON.stringify(counted(latencies))}, p99 ${quantile(latencies[200] ?? [], 0.99).toFixed(0)} ms, longest ${Math.max(...Object.values(latencies).flat()).toFixed(0)} ms; login and refresh refused after ${quantile(waits, 0.5).toFixed(0)} ms (median), ${Math.max(...waits).toFixed(0)} (longest); logins again after ${healed.toFixed(0)} ms`,
    )
    assert.deepEqual(Object.keys(latencies), ['200'], JSON.stringify(counted(latencies)))
    // The promise is a second; what a busy machine adds is not asserted.
    assert.ok(quantile(waits, 0.5) < 1_000 && Math.max(...waits) < 3_000, String(waits))
    assert.ok(healed < 10_000, `${healed} ms`)
    // The one that refreshed while it was down has spent nothing.
    assert.equal(
      (await call(addresses[1] ?? '', 'POST', '/auth/refresh', { body: { refresh_token: refresh } })).status,
      200,
    )
  })
