import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { SessionStore } from '../../src/layers/sessions/index.ts'
import { accessTokens, generateSecret, keyRing, memorySessionStore, sessions } from '../../src/layers/sessions/index.ts'

const context = { client: '192.0.2.1', label: '' }

/** A store that answers later, each call after a turn or more of the event loop, as one over a network does. */
const late = (store: SessionStore): SessionStore => ({
  ...store,
  rotate: async (...args) => {
    for (let turn = Math.floor(Math.random() * 3); turn >= 0; turn -= 1) await setImmediate()
    const rotation = await store.rotate(...args)
    await setImmediate()
    return rotation
  },
  end: async (...args) => {
    await setImmediate()
    return store.end(...args)
  },
})

const rig = (store: SessionStore, retryWindowSeconds: number) => {
  const tokens = accessTokens({ ring: keyRing([generateSecret()]) })
  return { tokens, service: sessions({ tokens, store, retryWindowSeconds }) }
}

for (const [name, make] of [
  ['at once', () => memorySessionStore()],
  ['late', () => late(memorySessionStore())],
] as const) {
  test(`50 parallel refreshes of one token, at most one winner, and the family ends: 100 rounds, a store that answers ${name}`, async () => {
    const { service, tokens } = rig(make(), 0)
    for (let round = 0; round < 100; round += 1) {
      const opened = await service.open(`user-${round}`, context)
      const answers = await Promise.all(Array.from({ length: 50 }, () => service.refresh(opened.refreshToken, context)))
      const won = answers.filter((answer) => answer.ok)
      assert.equal(won.length, 1, `round ${round}`)
      assert.ok(answers.some((answer) => !answer.ok && answer.reason === 'reused'))
      for (const { tokens: pair } of won) {
        const verified = tokens.verify(pair.accessToken)
        assert.ok(verified.ok)
        assert.equal(await service.check(verified.claims), false)
        assert.deepEqual(await service.refresh(pair.refreshToken, context), { ok: false, reason: 'unknown' })
      }
      assert.deepEqual(await service.list(`user-${round}`), [])
    }
  })

  test(`within the retry window all of them get one and the same successor: 100 rounds, a store that answers ${name}`, async () => {
    const { service } = rig(make(), 30)
    for (let round = 0; round < 100; round += 1) {
      const opened = await service.open(`user-${round}`, context)
      const answers = await Promise.all(Array.from({ length: 50 }, () => service.refresh(opened.refreshToken, context)))
      const successors = new Set(answers.map((answer) => (answer.ok ? answer.tokens.refreshToken : 'refused')))
      assert.equal(successors.size, 1, `round ${round}`)
      const [successor = ''] = successors
      assert.equal((await service.refresh(successor, context)).ok, true)
    }
  })
}
