import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunningBackend } from '../backend.ts'
import { call, person } from '../backend.ts'
import { type Cluster, cluster, clusterMissing, msUntil } from '../cluster.ts'
import { quantile } from './loads.ts'

const ROUNDS = Number(process.env['FAULT_ROUNDS'] ?? 8)

const status = async ({ address }: RunningBackend, token: string, path = '/users/me'): Promise<number> =>
  (await call(address, 'GET', path, { token })).status

/** An admin of the cluster: the first one is made in the database, as `portcullis users grant` does. */
const admin = async ({ backends: [first, second] }: Cluster, grant: (id: string) => Promise<unknown>) => {
  const boss = await person(first.address)
  await grant(boss.id)
  assert.ok((await msUntil(async () => (await status(second, boss.token, '/users')) === 200)) < 2_000)
  return boss
}

/** What one process does, and the status by which the other one shows that it knows. */
const DEEDS = {
  logout: async (first: RunningBackend, { token }: { token: string }) =>
    call(first.address, 'POST', '/auth/logout', { token }),
  'logout everywhere': async (first: RunningBackend, { token }: { token: string }) =>
    call(first.address, 'POST', '/auth/logout-everywhere', { token }),
  disable: async (first: RunningBackend, { id }: { id: string }, boss: { token: string }) =>
    call(first.address, 'POST', `/users/${id}/disable`, { token: boss.token, body: undefined }),
} as const

for (const channel of ['there', 'frozen'] as const)
  test(`what one process revokes, the other refuses within a second; Redis is ${channel}`, {
    skip: await clusterMissing(),
    timeout: 60_000 + ROUNDS * 15_000,
  }, async (t) => {
    const made = await cluster(t)
    const { backends, redis } = made
    const [first, second] = backends
    const boss = await admin(made, async (id) => made.grant(id, 'admin'))
    if (channel === 'frozen') {
      redis.freeze()
      t.after(() => redis.thaw())
    }
    const times: Record<string, number[]> = {}
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [deed, act] of Object.entries(DEEDS)) {
        const somebody = await person(second.address)
        assert.deepEqual([await status(first, somebody.token), await status(second, somebody.token)], [200, 200])
        assert.ok((await act(first, somebody, boss)).status < 300, deed)
        // In the same process at once, on the very next request.
        assert.equal(await status(first, somebody.token), 401, deed)
        const took = await msUntil(async () => (await status(second, somebody.token)) === 401)
        times[deed] = [...(times[deed] ?? []), took]
      }
    for (const [deed, all] of Object.entries(times))
      t.diagnostic(
        `${deed}: ${all.length} times; median ${quantile(all, 0.5).toFixed(0)} ms, 90 % ${quantile(all, 0.9).toFixed(0)} ms, longest ${Math.max(...all).toFixed(0)} ms`,
      )
    const all = Object.values(times).flat()
    assert.ok(quantile(all, 0.9) < 1_000, String(all))
    assert.ok(Math.max(...all) < 3_000, String(all))
  })

test('a role that one process takes or gives counts in the other within a second', {
  skip: await clusterMissing(),
  timeout: 60_000 + ROUNDS * 8_000,
}, async (t) => {
  const made = await cluster(t)
  const [first, second] = made.backends
  const boss = await admin(made, async (id) => made.grant(id, 'admin'))
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const somebody = await person(second.address)
    assert.equal(await status(second, somebody.token, '/users'), 403)
    for (const [roles, shown] of [
      [['admin'], 200],
      [[], 403],
    ] as const) {
      const body = { roles }
      const set = await call(first.address, 'PUT', `/users/${somebody.id}/roles`, { token: boss.token, body })
      assert.ok(set.status < 300, set.text)
      assert.equal(await status(first, somebody.token, '/users'), shown)
      times.push(await msUntil(async () => (await status(second, somebody.token, '/users')) === shown))
    }
  }
  t.diagnostic(
    `${times.length} changes; median ${quantile(times, 0.5).toFixed(0)} ms, longest ${Math.max(...times).toFixed(0)} ms`,
  )
  assert.ok(Math.max(...times) < 3_000 && quantile(times, 0.9) < 1_000, String(times))
})
