import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { LATE } from '../../../src/storage/redis/faults.ts'
import { within } from '../../../src/storage/redis/within.ts'

const stall = (ms: number): void => {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('a reply in time is given, also an error', async () => {
  assert.equal(await within(50, delay(5, 'a reply')), 'a reply')
  await assert.rejects(within(50, Promise.reject(new Error('no'))), /^Error: no$/)
})

test('a reply that does not come is late, and not before its time', async () => {
  const start = performance.now()
  await assert.rejects(within(50, new Promise(() => {})), (error) => error === LATE)
  // Timers count whole milliseconds, and may round each of the five down.
  assert.ok(performance.now() - start >= 44, String(performance.now() - start))
})

test('a machine that stands still is not a Redis that is late: what comes soon after is in time', async () => {
  const answered = Promise.withResolvers<string>()
  const given = within(50, answered.promise)
  stall(150)
  setTimeout(() => answered.resolve('a reply'), 15)
  assert.equal(await given, 'a reply')
})
