import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { securityEvents } from '../../src/door/index.ts'
import { from, good, person, rig } from '../accounts/rig.ts'
import { bearer, guarded } from '../adapters/fastify/app.ts'

const unreadable = Object.defineProperty(new Error('x'), 'stack', {
  get: () => {
    throw new Error('marker')
  },
})

const listeners: readonly (readonly [string, () => void, RegExp])[] = [
  ['throws', () => fail(new Error('the log is full')), /the log is full/],
  ['rejects', async () => fail(new Error('the log is full')), /the log is full/],
  ['throws nothing', () => fail(null), /null/],
  ['rejects with what can not be read', async () => fail(unreadable), /can not be read/],
]

const fail = (thrown: unknown): never => {
  throw thrown
}

/** What the process is warned of while this runs; a rejection that nobody hears fails the test by itself. */
const warned = async (run: () => Promise<void>): Promise<readonly Error[]> => {
  const warnings: Error[] = []
  const heed = (warning: Error): void => void warnings.push(warning)
  process.on('warning', heed)
  await run()
  await setTimeout(10)
  process.off('warning', heed)
  return warnings
}

for (const [how, listener, said] of listeners) {
  test(`who is told of an event and ${how} changes no answer, and it is said`, async (t) => {
    const app = await guarded({ events: securityEvents(listener) })
    t.after(() => app.close())
    let ran = 0
    app.get('/x', async () => {
      ran += 1
      return {}
    })
    const warnings = await warned(async () => {
      const refused = await app.inject('/x')
      assert.equal(refused.statusCode, 401)
      assert.equal(refused.json().type, 'urn:portcullis:problem:unauthenticated')
      assert.equal(ran, 0)
      assert.equal((await app.inject({ url: '/x', headers: await bearer(app, 'ada') })).statusCode, 200)
    })
    assert.deepEqual(
      warnings.map(({ name }) => name),
      ['PortcullisWarning'],
    )
    assert.match(String(warnings[0]?.message), /failed at refused/)
    assert.match(String(warnings[0]?.message), said)
  })

  test(`who is told of accounts and ${how} refuses no login, and it is said`, async () => {
    const { service } = rig({ events: listener })
    const warnings = await warned(async () => {
      await person(service)
      const { accessToken } = await service.logIn({ username: 'ada' }, good, from)
      assert.ok(accessToken.length > 0)
      await assert.rejects(service.logIn({ username: 'ada' }, 'wrong horse battery', from), { code: 'login-failed' })
    })
    assert.deepEqual(
      warnings.map(({ message }) => /failed at (\S+):/.exec(message)?.[1]),
      ['registered', 'logged-in', 'login-failed'],
    )
  })
}
