import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryCounter } from '../../../src/layers/limits/index.ts'
import { openRedis } from '../../../src/storage/index.ts'
import { freePort } from '../../services/machine.ts'
import { guarded } from './app.ts'

const ROUTES = 1_200

test('each of a thousand routes and more has the limit of its own, also while Redis is lost', async (t) => {
  const redis = await openRedis(`redis://127.0.0.1:${await freePort()}`)
  t.after(() => redis.close())
  for (const limits of [{ client: '10000/minute' }, { client: '10000/minute', counter: redis.counter }]) {
    const app = await guarded({ limits })
    for (let route = 0; route < ROUTES; route += 1)
      app.get(`/r${route}`, { config: { access: 'public', limit: '1/minute' } }, async () => ({}))
    for (const expected of [200, 429])
      for (let route = 0; route < ROUTES; route += 1)
        assert.equal((await app.inject(`/r${route}`)).statusCode, expected, `/r${route}`)
    await app.close()
  }
})

test('a limit that the counter can not count stops the start, and not the requests', async () => {
  const counter = memoryCounter()
  const first = await guarded({ limits: { counter, credentials: '5/minute' } })
  first.get('/login', { config: { access: 'public', limit: 'credentials' } }, async () => ({}))
  await first.ready()
  const second = await guarded({ limits: { counter } })
  second.get('/token', { config: { access: 'public', limit: 'credentials' } }, async () => ({}))
  await assert.rejects(async () => second.ready(), /GET \/token: Two quotas go by the name credentials/)
  await first.close()
})
