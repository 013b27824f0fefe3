import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import type { Redis } from 'ioredis'
import { LATE } from '../../../src/storage/redis/faults.ts'
import { health } from '../../../src/storage/redis/health.ts'

/** A connection that is ready and does nothing; and a health of it, with what it said. */
const rig = (attempt: () => Promise<unknown>) => {
  const calls: string[] = []
  const events: string[] = []
  const redis = Object.assign(new EventEmitter(), {
    status: 'ready',
    connect: async () => void calls.push('connect'),
    disconnect: () => void calls.push('disconnect'),
  })
  const state = health(redis as unknown as Redis, attempt, 50, (...event) => void events.push(event.join(' ')))
  return { redis, calls, events, state }
}

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('the first failure opens it, a success closes it, each is one event', async (t) => {
  let works = true
  const { redis, events, state } = rig(async () => {
    if (!works) throw Object.assign(new Error('LOADING …'), { name: 'ReplyError' })
  })
  t.after(state.close)
  assert.equal(state.well, false)
  redis.emit('ready')
  await state.started(1_000)
  assert.equal(state.well, true)
  assert.deepEqual(events, [])
  works = false
  for (let count = 0; count < 10; count += 1) state.failed(LATE)
  assert.equal(state.well, false)
  assert.deepEqual([state.late, state.failures], [10, 0])
  await later(600)
  assert.deepEqual(events, ['degraded late'])
  works = true
  await later(600)
  assert.deepEqual(events, ['degraded late', 'recovered late'])
})

test('a start without Redis waits no longer than it was told, and says why', async (t) => {
  const { redis, events, state } = rig(async () => {
    throw new Error('Connection is closed.')
  })
  t.after(state.close)
  redis.emit('error', Object.assign(new Error('WRONGPASS …'), { name: 'ReplyError' }))
  redis.emit('close')
  await state.started(100)
  assert.deepEqual(events, ['degraded denied'])
})

test('a Redis at the edge of its time does not flap: soon after a recovery the next takes three tries', async (t) => {
  let tries = 0
  const { redis, events, state } = rig(async () => {
    tries += 1
  })
  t.after(state.close)
  redis.emit('ready')
  await state.started(1_000)
  for (let second = 0; second < 3; second += 1) {
    for (let count = 0; count < 50; count += 1) {
      if (state.well) state.failed(LATE)
      await later(20)
    }
  }
  // Without it each quarter of a second would be a fall and a recovery: some 24 events.
  assert.ok(events.length >= 3 && events.length <= 12, events.join(', '))
  assert.ok(tries >= 6)
})

test('a connection that never answers is given up, one that ended is begun again', async (t) => {
  const { redis, calls, state } = rig(() => new Promise(() => {}))
  t.after(state.close)
  redis.emit('ready')
  await later(700)
  assert.deepEqual(calls, ['disconnect'])
  redis.status = 'end'
  await later(400)
  assert.ok(calls.includes('connect'))
})

test('a closed one says and tries nothing any more', async () => {
  let tries = 0
  const { redis, events, state } = rig(async () => {
    tries += 1
  })
  redis.emit('ready')
  await state.started(1_000)
  state.close()
  const before = tries
  state.failed(LATE)
  redis.emit('close')
  await later(600)
  assert.deepEqual([events, tries, state.well], [[], before, false])
})
