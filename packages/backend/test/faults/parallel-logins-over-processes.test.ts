import assert from 'node:assert/strict'
import { test } from 'node:test'
import { redisServerMissing, startRedis } from '../../../portcullis/test/services/redis.ts'
import { call, folder, newClient, production, startBackend } from '../backend.ts'

const ROUNDS = Number(process.env['FAULT_ROUNDS'] ?? 10)
const LOGINS = 100

test(`exactly 10 of ${LOGINS} parallel logins of a client reach the password, over two processes, ${ROUNDS} rounds`, {
  skip: redisServerMissing(),
  timeout: 20_000 + ROUNDS * 5_000,
}, async (t) => {
  const redis = await startRedis(t)
  const path = folder(t)
  const start = async () => {
    const running = await startBackend(
      production(path, { TRUSTED_PROXIES: '127.0.0.1', LIMIT_ACCOUNT: '65535/second', REDIS_URL: redis.url }),
    )
    t.after(() => running.stop('SIGKILL'))
    return running
  }
  const backends = [await start(), await start()]
  const seen: Record<string, number> = {}
  for (let round = 0; round < ROUNDS; round += 1) {
    const headers = newClient()
    const statuses = await Promise.all(
      Array.from({ length: LOGINS }, async (_, turn) => {
        const body = { email: `nobody${turn}@example.com`, password: 'wrong horse battery' }
        return (await call(backends[turn % 2]?.address ?? '', 'POST', '/auth/login', { body, headers })).status
      }),
    )
    const outcome = JSON.stringify(
      Object.fromEntries(Object.entries(Object.groupBy(statuses, String)).map(([k, v]) => [k, v?.length])),
    )
    seen[outcome] = (seen[outcome] ?? 0) + 1
  }
  t.diagnostic(`rounds by what was answered: ${JSON.stringify(seen)}`)
  assert.deepEqual(seen, { [JSON.stringify({ 401: 10, 429: LOGINS - 10 })]: ROUNDS })
  for (const { output } of backends) assert.doesNotMatch(output(), /limits-degraded/)
})
