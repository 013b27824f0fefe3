import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryCounter } from '../../../src/layers/limits/index.ts'
import { guarded } from './app.ts'

test('two applications that share a counter and not their limits: the second one does not start', async () => {
  const counter = memoryCounter()
  await guarded({ limits: { counter, client: '200/minute', account: '20/minute' } })
  await assert.rejects(
    guarded({ limits: { counter, client: '100/minute', account: '10/minute' } }),
    ({ message }: Error) =>
      /limits\.client is another quota/.test(message) && /limits\.account is another quota/.test(message),
  )
})

test('with the same limits they count together', async () => {
  const limits = { counter: memoryCounter(), client: '3/minute' }
  const applications = [await guarded({ limits }), await guarded({ limits })]
  const statuses = []
  for (const index of [0, 1, 0, 1]) statuses.push((await applications[index]?.inject('/'))?.statusCode)
  assert.deepEqual(statuses, [401, 401, 401, 429])
})
