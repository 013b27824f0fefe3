import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { SessionInfo, SessionStore } from '../../../src/layers/sessions/index.ts'
import { MAX_SESSIONS_OF_USER, memorySessionStore } from '../../../src/layers/sessions/index.ts'
import { sessionStoreSuite } from '../../conformance/session-store.ts'

sessionStoreSuite('memory', () => memorySessionStore())

const open = (store: SessionStore, id: string, at = 0, expiresAt = 1000) =>
  store.open(
    { id, userId: 'ada', createdAt: at, lastUsedAt: at, expiresAt, client: '', label: '' },
    { hash: `h-${id}`, sessionId: id, issuedAt: at, expiresAt },
  )
const next = (hash: string, expiresAt = 1000) => ({ hash, issuedAt: 0, expiresAt })
const listed = (store: SessionStore, now: number): string[] =>
  (store.list('ada', now) as readonly SessionInfo[]).map(({ id }) => id)

suite('the memory store is bounded', () => {
  test('a full one refuses by a sentence, and every session that was there stays', () => {
    const store = memorySessionStore({ maxSessions: 3 })
    for (const id of ['a', 'b', 'c']) open(store, id)
    assert.throws(() => open(store, 'd'), /session store in memory is full: raise maxSessions/)
    assert.deepEqual(listed(store, 999), ['a', 'b', 'c'])
    assert.equal(store.isActive('d', 'ada', 0), false)
  })

  test('what expired makes room, in whatever order it expires', () => {
    const store = memorySessionStore({ maxSessions: 3 })
    open(store, 'a', 0, 1000)
    open(store, 'b', 0, 500)
    open(store, 'c', 0, 1000)
    assert.throws(() => open(store, 'd', 499), /full/)
    open(store, 'd', 500)
    assert.deepEqual(listed(store, 600), ['a', 'c', 'd'])
    assert.throws(() => open(store, 'e', 999), /full/)
    open(store, 'e', 1000, 2000)
    assert.deepEqual(listed(store, 1000), ['e'])
  })

  test('what ended makes room', () => {
    const store = memorySessionStore({ maxSessions: 1 })
    for (let n = 0; n < 50; n += 1) {
      open(store, `s${n}`)
      assert.equal(store.end(`s${n}`, 'ada'), true)
    }
    open(store, 'last')
    assert.deepEqual(listed(store, 0), ['last'])
  })

  test('spent tokens are bounded too, and the refused rotation can be repeated when there is room', () => {
    const store = memorySessionStore({ maxSessions: 2, maxTokens: 3 })
    open(store, 'a')
    open(store, 'b')
    assert.equal((store.rotate('h-a', next('n1'), null, 1) as { kind: string }).kind, 'rotated')
    assert.throws(() => store.rotate('n1', next('n2'), null, 2), /full/)
    assert.equal((store.rotate('h-a', next('x'), null, 2) as { kind: string }).kind, 'spent')
    store.end('b', 'ada')
    assert.equal((store.rotate('n1', next('n2'), null, 3) as { kind: string }).kind, 'rotated')
  })

  test('spent tokens that expired make room while their session goes on', () => {
    const store = memorySessionStore({ maxSessions: 1, maxTokens: 3 })
    store.open(
      { id: 'a', userId: 'ada', createdAt: 0, lastUsedAt: 0, expiresAt: 100_000, client: '', label: '' },
      { hash: 'n0', sessionId: 'a', issuedAt: 0, expiresAt: 20 },
    )
    for (let n = 0; n < 100; n += 1) {
      const now = n * 15
      const rotation = store.rotate(`n${n}`, next(`n${n + 1}`, now + 20), null, now) as { kind: string }
      assert.equal(rotation.kind, 'rotated', `turn ${n}`)
    }
  })

  test('who has as many sessions as a user may have makes room for the next by the oldest', () => {
    const store = memorySessionStore({ maxSessions: MAX_SESSIONS_OF_USER, maxTokens: MAX_SESSIONS_OF_USER })
    for (let n = 0; n < 3 * MAX_SESSIONS_OF_USER; n += 1) open(store, `s${n}`, n)
    assert.equal(listed(store, 999).length, MAX_SESSIONS_OF_USER)
    assert.equal(listed(store, 999)[0], `s${2 * MAX_SESSIONS_OF_USER}`)
  })

  test('an opening that finds no room for its token ends nobody', () => {
    const store = memorySessionStore({ maxTokens: MAX_SESSIONS_OF_USER })
    const brief = { hash: 'brief', sessionId: 's0', issuedAt: 0, expiresAt: 10 }
    store.open({ id: 's0', userId: 'ada', createdAt: 0, lastUsedAt: 0, expiresAt: 1000, client: '', label: '' }, brief)
    for (let n = 1; n < MAX_SESSIONS_OF_USER; n += 1) open(store, `s${n}`, n)
    // The oldest has no token any more that would go with it.
    assert.equal((store.rotate('h-s1', next('n'), null, 500) as { kind: string }).kind, 'rotated')
    assert.throws(() => open(store, 'more', 501), /full/)
    assert.equal(store.isActive('s0', 'ada', 501), true)
  })

  test('bounds that make no sense are refused at the start', () => {
    for (const maxSessions of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5' as unknown as number])
      assert.throws(() => memorySessionStore({ maxSessions }), { name: 'RangeError', message: /^maxSessions must be/ })
    assert.throws(() => memorySessionStore({ maxTokens: 1 }), { name: 'RangeError', message: /^maxTokens must be/ })
  })

  test('who changes what it answered changes nothing', () => {
    const store = memorySessionStore()
    open(store, 'a')
    const [first] = store.list('ada', 0) as SessionInfo[]
    assert.throws(() => Object.assign(first ?? {}, { userId: 'eve' }), TypeError)
  })
})
