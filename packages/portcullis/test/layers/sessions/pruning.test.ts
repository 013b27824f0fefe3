import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { generateSecret, pruneRegularly } from '../../../src/layers/sessions/index.ts'
import { guarded } from '../../adapters/fastify/app.ts'

/** Lets the mocked time pass, and what waits for it run. */
const pass = async (t: TestContext, ms: number, steps: number): Promise<void> => {
  for (let step = 0; step < steps; step += 1) {
    t.mock.timers.tick(ms)
    await setImmediate()
  }
}

test('everything that expired is forgotten in parts, every ten minutes; what fails is told and tried again', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
  const parts = [1_000, 1_000, 3, 0, new Error('down'), 2, 0]
  const errors: unknown[] = []
  let asked = 0
  const stop = pruneRegularly(
    async () => {
      const part = parts[asked] ?? 0
      asked += 1
      if (part instanceof Error) throw part
      return part
    },
    (error) => errors.push(error),
  )
  await pass(t, 599_000, 1)
  assert.equal(asked, 0)
  await pass(t, 1_000, 10)
  assert.equal(asked, 4)
  await pass(t, 600_000, 1)
  assert.deepEqual(errors, [parts[4]])
  await pass(t, 600_000, 1)
  await pass(t, 1_000, 3)
  assert.equal(asked, 7)
  await stop()
  await pass(t, 600_000, 3)
  assert.equal(asked, 7)
})

test('a stop waits for the part that is being forgotten, and begins no other', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
  let asked = 0
  let answer = (_part: number): void => {}
  const stop = pruneRegularly(
    () => {
      asked += 1
      return new Promise((resolve) => {
        answer = resolve
      })
    },
    () => {},
  )
  await pass(t, 600_000, 1)
  let stopped = false
  const stopping = stop().then(() => {
    stopped = true
  })
  await pass(t, 1_000, 2)
  assert.equal(stopped, false)
  answer(1_000)
  await stopping
  assert.equal(asked, 1)
})

test('an application that listens forgets what expired in its store, until it closes', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
  let asked = 0
  const store = {
    isActive: () => true,
    prune: () => {
      asked += 1
      return 0
    },
  }
  const app = await guarded({ sessions: { secret: generateSecret(), store: store as never } })
  await app.listen({ host: '127.0.0.1', port: 0 })
  await pass(t, 600_000, 2)
  assert.equal(asked, 2)
  await app.close()
  await pass(t, 600_000, 2)
  assert.equal(asked, 2)
})

test('a part that never comes back keeps no program from ending', { timeout: 10_000 }, async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const stop = pruneRegularly(
    () => new Promise(() => {}),
    () => {},
  )
  t.mock.timers.tick(600_000)
  // What waits for it does not keep the process either.
  const held = setTimeout(() => {}, 9_000)
  await stop()
  clearTimeout(held)
})
