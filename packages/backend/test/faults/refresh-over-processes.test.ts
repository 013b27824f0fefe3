import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, person } from '../backend.ts'
import { cluster, clusterMissing } from '../cluster.ts'

const ROUNDS = Number(process.env['FAULT_ROUNDS'] ?? 10)
const PARALLEL = 50

test(`of ${PARALLEL} parallel refreshes of one token over two processes at most one wins, ${ROUNDS} rounds; its reuse ends the session`, {
  skip: await clusterMissing(),
  timeout: 60_000 + ROUNDS * 5_000,
}, async (t) => {
  const { backends } = await cluster(t)
  const [first, second] = backends
  const winners: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const { refresh, token } = await person(first.address)
    const answers = await Promise.all(
      Array.from({ length: PARALLEL }, (_, turn) =>
        call(turn % 2 === 0 ? first.address : second.address, 'POST', '/auth/refresh', {
          body: { refresh_token: refresh },
        }),
      ),
    )
    const won = answers.filter(({ status }) => status === 200)
    winners.push(won.length)
    assert.ok(won.length <= 1, `${won.length} won`)
    // 503: fifty wait for one row, and on a busy machine the last ones wait longer than a query may. They spent nothing.
    const statuses = answers.map(({ status }) => status)
    assert.ok(
      statuses.every((status) => [200, 401, 503].includes(status)),
      String(statuses),
    )
    // A second use ends the whole family: the winner's new tokens are worth nothing either.
    const next = won[0]?.body.refresh_token as string | undefined
    if (next !== undefined)
      assert.equal((await call(second.address, 'POST', '/auth/refresh', { body: { refresh_token: next } })).status, 401)
    assert.equal(
      (await call(first.address, 'GET', '/users/me', { token: won[0]?.body.access_token ?? token })).status,
      401,
    )
  }
  t.diagnostic(`winners a round: ${winners.join(' ')}`)
})

test('a spent refresh token still ends its family after both processes were restarted', {
  skip: await clusterMissing(),
  timeout: 60_000,
}, async (t) => {
  const { backends, start } = await cluster(t)
  const [first, second] = backends
  const { refresh } = await person(first.address)
  const refreshed = await call(second.address, 'POST', '/auth/refresh', { body: { refresh_token: refresh } })
  assert.equal(refreshed.status, 200)
  await Promise.all(backends.map((one) => one.stop('SIGKILL')))
  const { address } = await start()
  const token = refreshed.body.access_token as string
  assert.equal((await call(address, 'GET', '/users/me', { token })).status, 200)
  assert.equal((await call(address, 'POST', '/auth/refresh', { body: { refresh_token: refresh } })).status, 401)
  assert.equal((await call(address, 'GET', '/users/me', { token })).status, 401)
  const successor = { refresh_token: refreshed.body.refresh_token as string }
  assert.equal((await call(address, 'POST', '/auth/refresh', { body: successor })).status, 401)
})
