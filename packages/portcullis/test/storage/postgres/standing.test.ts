import assert from 'node:assert/strict'
import { test } from 'node:test'
import { standing } from '../../../src/storage/postgres/standing.ts'

const identity = (id: string, ...roles: string[]) => ({ id, roles })
const found = (userId: string, sessionId: string) => ({
  userId,
  identity: identity(userId, 'reader'),
  session: { id: sessionId, expiresAt: 1000 },
})

test('remembers an account and its session, for that account only', () => {
  const known = standing()
  known.remember(known.generation, found('ada', 's'))
  assert.deepEqual(known.identity('ada'), identity('ada', 'reader'))
  assert.equal(known.session('s', 'ada'), 1000)
  for (const [session, user] of [
    ['s', 'grace'],
    ['x', 'ada'],
    ['', ''],
    ['s', ''],
    ['s', '__proto__'],
  ] as const)
    assert.equal(known.session(session, user), undefined, `${session} of ${user}`)
  known.remember(known.generation, found('grace', 'hers'))
  assert.equal(known.session('s', 'grace'), undefined)
  assert.equal(known.session('hers', 'ada'), undefined)
})

test('an account that is kept elsewhere has sessions and no identity', () => {
  const known = standing()
  known.remember(known.generation, { userId: 'theirs', session: { id: 's', expiresAt: 5 } })
  assert.equal(known.session('s', 'theirs'), 5)
  assert.equal(known.identity('theirs'), undefined)
})

test('a drop forgets the account, its roles and all of its sessions, and nobody else’s', () => {
  const known = standing()
  for (const [user, session] of [
    ['ada', 's1'],
    ['ada', 's2'],
    ['grace', 's3'],
  ] as const)
    known.remember(known.generation, found(user, session))
  known.drop('ada')
  assert.equal(known.identity('ada'), undefined)
  assert.equal(known.session('s1', 'ada'), undefined)
  assert.equal(known.session('s2', 'ada'), undefined)
  assert.equal(known.session('s3', 'grace'), 1000)
  // Remembered anew by another session, the old ones stay forgotten.
  known.remember(known.generation, found('ada', 's4'))
  assert.equal(known.session('s1', 'ada'), undefined)
  assert.equal(known.session('s4', 'ada'), 1000)
  known.drop(null)
  assert.deepEqual(known.counts(), { accounts: 0, sessions: 0 })
  assert.equal(known.session('s3', 'grace'), undefined)
})

test('a read that began before a drop is not remembered', () => {
  const known = standing()
  const began = known.generation
  known.drop('ada')
  known.remember(began, found('ada', 's'))
  assert.equal(known.session('s', 'ada'), undefined)
  known.remember(known.generation, found('ada', 's'))
  assert.equal(known.session('s', 'ada'), 1000)
})

test('the last read counts', () => {
  const known = standing()
  known.remember(known.generation, { userId: 'ada', identity: identity('ada', 'admin') })
  known.remember(known.generation, { userId: 'ada', identity: identity('ada') })
  assert.deepEqual(known.identity('ada'), identity('ada'))
  known.remember(known.generation, { userId: 'ada', session: { id: 's', expiresAt: 1 } })
  assert.equal(known.identity('ada'), undefined, 'it is disabled by now')
})

test('is bounded: the oldest go first', () => {
  const known = standing(3)
  for (let n = 0; n < 10; n += 1) known.remember(known.generation, found(`u${n}`, `s${n}`))
  assert.deepEqual(known.counts(), { accounts: 3, sessions: 3 })
  assert.deepEqual(
    Array.from({ length: 10 }, (_, n) => known.session(`s${n}`, `u${n}`) !== undefined),
    [false, false, false, false, false, false, false, true, true, true],
  )
  for (let n = 0; n < 10; n += 1) known.remember(known.generation, found('one', `t${n}`))
  assert.equal(known.counts().sessions, 3)
})
