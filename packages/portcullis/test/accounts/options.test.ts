import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountRoutes, accounts, passwordHasher } from '../../src/accounts/index.ts'
import { routesOf } from '../../src/adapters/fastify/index.ts'
import { memoryCounter } from '../../src/layers/limits/index.ts'
import { countingHasher, rig } from './rig.ts'

const parts = {
  store: { byEmail: () => null },
  sessions: { open: () => null },
  hasher: countingHasher().hasher,
  counter: memoryCounter(),
  limits: { account: { name: 'account', quota: { limit: 9, windowMs: 60_000 } } },
}

/** What is said of parts as somebody gives them who has not read the types. */
const saidOf = (given: unknown): readonly string[] => {
  try {
    accounts(given as never)
    return []
  } catch (error) {
    const [, ...faults] = (error as TypeError).message.split('\n  - ')
    return faults
  }
}

test('accounts that could not work are refused where they are made, every mistake at once', () => {
  assert.deepEqual(saidOf(parts), [])
  assert.deepEqual(saidOf({ ...parts, clock: undefined, onChange: undefined, events: undefined }), [])
  const all = [
    'store takes a store of accounts: the `accounts` of what openStorage answers',
    'sessions takes app.portcullis.sessions',
    'hasher takes what passwordHasher() answers',
    'counter takes a counter: memoryCounter(), or the `counter` of what openRedis answers',
    'limits takes app.portcullis.limits',
  ]
  assert.deepEqual(saidOf({}), all)
  assert.deepEqual(saidOf(undefined), all)
  const slips = { store: { accounts: parts.store }, sessions: {}, hasher: passwordHasher, counter: {}, limits: {} }
  assert.deepEqual(saidOf(slips), all)
  assert.deepEqual(saidOf({ ...parts, clock: 5, onChange: {}, events: { publish: () => undefined }, onchange: 1 }), [
    'clock takes a function that answers ms since the epoch, such as Date.now',
    'onChange takes an object with a function identityChanged',
    'events takes a function, such as app.portcullis.events.publish',
    'onchange is not an option; there are store, sessions, hasher, counter, limits, clock, onChange, events',
  ])
})

test('an event of which nobody wants to hear is no failure, however that is said', async () => {
  const { store, live } = rig()
  const service = accounts({ ...parts, store, sessions: live, events: undefined } as never)
  await assert.rejects(service.logIn({ email: 'nobody@example.com' }, 'drawbridge', { client: '192.0.2.1' }), {
    code: 'login-failed',
  })
})

test('an option that is none is named: a pepper that is misspelt would be no pepper', () => {
  assert.throws(() => passwordHasher({ peper: 'x'.repeat(43) } as object), {
    message: 'passwordHasher: peper: the options are pepper, parallel and queue.',
  })
  assert.throws(() => accountRoutes(rig().service, { cookiePth: '/api/auth' } as object), {
    message: 'accountRoutes: cookiePth: the one option is cookiePath.',
  })
  for (const origins of [undefined, ['https://app.example.com']])
    assert.throws(() => routesOf([], origins as never), {
      message: /^routesOf takes a function that says which origins/,
    })
})
