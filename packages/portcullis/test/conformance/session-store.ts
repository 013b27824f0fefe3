import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import {
  MAX_SESSIONS_OF_USER,
  type Rotation,
  type SessionInfo,
  type SessionStore,
  type StoredRefreshToken,
} from '../../src/layers/sessions/index.ts'

/** An empty session store; cleans up after itself by `test.after`. */
export type MakeSessionStore = (test: TestContext) => SessionStore | Promise<SessionStore>

const noon = 1_800_000_000_000
const hour = 3_600_000

const session = (id: string, userId: string, other: Partial<SessionInfo> = {}): SessionInfo => ({
  id,
  userId,
  createdAt: noon,
  lastUsedAt: noon,
  expiresAt: noon + hour,
  client: '192.0.2.1',
  label: 'curl/8',
  ...other,
})

const token = (hash: string, sessionId: string, other: Partial<StoredRefreshToken> = {}): StoredRefreshToken => ({
  hash,
  sessionId,
  issuedAt: noon,
  expiresAt: noon + hour,
  ...other,
})

const successor = (hash: string, expiresAt = noon + hour): Omit<StoredRefreshToken, 'sessionId'> => ({
  hash,
  issuedAt: noon,
  expiresAt,
})

/** Ada has two sessions, Grace has one. */
const populated = async (store: SessionStore): Promise<SessionStore> => {
  await store.open(session('here', 'ada'), token('h-here', 'here'))
  await store.open(session('there', 'ada', { createdAt: noon + 1, lastUsedAt: noon + 1 }), token('h-there', 'there'))
  await store.open(session('hers', 'grace'), token('h-hers', 'hers'))
  return store
}

/** Opens s<from> to s<to>, the last left out, one ms after the other; the token of s7 is h7. */
const fill = async (store: SessionStore, userId: string, from: number, to: number): Promise<void> => {
  for (let n = from; n < to; n += 1)
    await store.open(session(`s${n}`, userId, { createdAt: noon + n, lastUsedAt: noon + n }), token(`h${n}`, `s${n}`))
}

/** The names of s<from> to s<to>, the last left out. */
const named = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, n) => `s${from + n}`)

const ids = async (store: SessionStore, userId: string, now = noon): Promise<readonly string[]> =>
  (await store.list(userId, now)).map(({ id }) => id)

const rotated = (rotation: Rotation): SessionInfo => {
  assert.equal(rotation.kind, 'rotated')
  return (rotation as Rotation & { kind: 'rotated' }).session
}

const spent = (rotation: Rotation): Rotation & { kind: 'spent' } => {
  assert.equal(rotation.kind, 'spent')
  return rotation as Rotation & { kind: 'spent' }
}

/** What every session store must do, whatever it is kept in. */
export const sessionStoreSuite = (name: string, make: MakeSessionStore): void => {
  suite(`session store: ${name}`, () => {
    test('a session that was opened is active for its user and for nobody else', async (t) => {
      const store = await populated(await make(t))
      assert.equal(await store.isActive('here', 'ada', noon), true)
      for (const [id, userId] of [
        ['here', 'grace'],
        ['hers', 'ada'],
        ['nowhere', 'ada'],
        ['', ''],
        ['here', ''],
        ['HERE', 'ada'],
        ['here', 'ADA'],
        ['here%', 'ada'],
        ['here\0', 'ada'],
        ['__proto__', 'ada'],
        ["' or 1=1 --", 'ada'],
      ] as const)
        assert.equal(await store.isActive(id, userId, noon), false, `${id} of ${userId}`)
    })

    test('a session is over at its end, to the millisecond, and its token with it', async (t) => {
      const store = await make(t)
      await store.open(session('s', 'ada'), token('h', 's', { expiresAt: noon + 2 * hour }))
      assert.equal(await store.isActive('s', 'ada', noon + hour - 1), true)
      assert.equal(await store.isActive('s', 'ada', noon + hour), false)
      assert.deepEqual(await ids(store, 'ada', noon + hour - 1), ['s'])
      assert.deepEqual(await ids(store, 'ada', noon + hour), [])
      assert.deepEqual(await store.rotate('h', successor('n', noon + 3 * hour), null, noon + hour), { kind: 'unknown' })
      rotated(await store.rotate('h', successor('n', noon + 3 * hour), null, noon + hour - 1))
    })

    test('a refresh token expires at its end, to the millisecond, before its session does', async (t) => {
      const store = await make(t)
      await store.open(session('s', 'ada'), token('h', 's', { expiresAt: noon + 1000 }))
      assert.deepEqual(await store.rotate('h', successor('n'), null, noon + 1000), { kind: 'unknown' })
      assert.equal(await store.isActive('s', 'ada', noon + 1000), true)
      rotated(await store.rotate('h', successor('n'), null, noon + 999))
    })

    test('the same session or the same token is opened once, and nothing of the second stays', async (t) => {
      const store = await populated(await make(t))
      await assert.rejects(async () => store.open(session('here', 'eve'), token('h-new', 'here')))
      await assert.rejects(async () => store.open(session('new', 'eve'), token('h-here', 'new')))
      assert.deepEqual(await ids(store, 'eve'), [])
      assert.equal(await store.isActive('here', 'ada', noon), true)
      assert.equal(rotated(await store.rotate('h-here', successor('n'), null, noon)).userId, 'ada')
      assert.deepEqual(await store.rotate('h-new', successor('m'), null, noon), { kind: 'unknown' })
    })

    test('a rotation answers the session, moves its last use and nothing else', async (t) => {
      const store = await populated(await make(t))
      const after = session('here', 'ada', { lastUsedAt: noon + 5 })
      assert.deepEqual(rotated(await store.rotate('h-here', successor('n'), null, noon + 5)), after)
      assert.deepEqual(await store.list('ada', noon + 5), [
        after,
        session('there', 'ada', { createdAt: noon + 1, lastUsedAt: noon + 1 }),
      ])
    })

    test('a token rotates once: the second use is told, with when the first was and what was sealed', async (t) => {
      const store = await populated(await make(t))
      rotated(await store.rotate('h-here', successor('n'), 'sealed text', noon + 5))
      const again = spent(await store.rotate('h-here', successor('m'), 'other text', noon + 5))
      assert.equal(again.usedAt, noon + 5)
      assert.equal(again.sealedSuccessor, 'sealed text')
      assert.equal(again.successorUnused, true)
      assert.equal(again.session.id, 'here')
      // Nothing of the second was written.
      assert.deepEqual(await store.rotate('m', successor('x'), null, noon + 6), { kind: 'unknown' })
      const third = spent(await store.rotate('h-here', successor('m'), null, noon + 9))
      assert.deepEqual(
        [third.usedAt, third.sealedSuccessor, third.session.lastUsedAt],
        [noon + 5, 'sealed text', noon + 5],
      )
    })

    test('the successor rotates in its turn, and then it is told as used', async (t) => {
      const store = await populated(await make(t))
      rotated(await store.rotate('h-here', successor('n1'), null, noon + 1))
      rotated(await store.rotate('n1', successor('n2'), 'sealed', noon + 2))
      const first = spent(await store.rotate('h-here', successor('m'), null, noon + 3))
      assert.deepEqual([first.successorUnused, first.sealedSuccessor], [false, null])
      assert.equal(spent(await store.rotate('n1', successor('m'), null, noon + 3)).successorUnused, true)
      rotated(await store.rotate('n2', successor('n3'), null, noon + 3))
    })

    test('a spent token is told as spent for as long as it has not expired', async (t) => {
      const store = await populated(await make(t))
      let hash = 'h-here'
      for (let turn = 0; turn < 50; turn += 1) {
        rotated(await store.rotate(hash, successor(`n${turn}`), null, noon + turn))
        hash = `n${turn}`
      }
      await store.prune(noon + 60)
      for (const old of ['h-here', 'n0', 'n25', 'n48']) spent(await store.rotate(old, successor('m'), null, noon + 60))
    })

    test('an unknown hash is unknown, whatever it looks like', async (t) => {
      const store = await populated(await make(t))
      for (const hash of ['', 'H-HERE', 'h-here ', 'h-%', '__proto__', "' or 1=1 --"])
        assert.deepEqual(await store.rotate(hash, successor('n'), null, noon), { kind: 'unknown' }, hash)
    })

    test('of parallel rotations of one token exactly one is rotated, and its successor is the one that works', async (t) => {
      const store = await populated(await make(t))
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => store.rotate('h-here', successor(`n${n}`), null, noon + 1)),
      )
      const winners = outcomes.flatMap(({ kind }, n) => (kind === 'rotated' ? [n] : []))
      assert.equal(winners.length, 1)
      assert.equal(outcomes.filter(({ kind }) => kind === 'spent').length, 19)
      for (let n = 0; n < 20; n += 1) {
        const { kind } = await store.rotate(`n${n}`, successor(`m${n}`), null, noon + 2)
        assert.equal(kind, n === winners[0] ? 'rotated' : 'unknown', `n${n}`)
      }
    })

    test('one session ends, by its own user only, and once', async (t) => {
      const store = await populated(await make(t))
      assert.equal(await store.end('here', 'grace'), false)
      assert.equal(await store.isActive('here', 'ada', noon), true)
      assert.equal(await store.end('here', 'ada'), true)
      assert.equal(await store.end('here', 'ada'), false)
      assert.equal(await store.end('nowhere', 'ada'), false)
      assert.equal(await store.isActive('here', 'ada', noon), false)
      assert.deepEqual(await store.rotate('h-here', successor('n'), null, noon), { kind: 'unknown' })
      assert.deepEqual(await ids(store, 'ada'), ['there'])
      assert.equal(await store.isActive('hers', 'grace', noon), true)
    })

    test('a session that ended takes its spent tokens and their successors along', async (t) => {
      const store = await populated(await make(t))
      rotated(await store.rotate('h-here', successor('n'), null, noon))
      assert.equal(await store.end('here', 'ada'), true)
      for (const hash of ['h-here', 'n'])
        assert.deepEqual(await store.rotate(hash, successor('m'), null, noon), { kind: 'unknown' }, hash)
    })

    test('all sessions of a user end, one excepted', async (t) => {
      const store = await populated(await make(t))
      assert.equal(await store.endAll('ada', 'here'), 1)
      assert.deepEqual(await ids(store, 'ada'), ['here'])
      assert.equal(await store.endAll('ada', 'hers'), 1)
      assert.deepEqual(await ids(store, 'ada'), [])
      assert.deepEqual(await ids(store, 'grace'), ['hers'])
      assert.equal(await store.endAll('ada'), 0)
      assert.equal(await store.endAll('nobody'), 0)
    })

    test('every session ends', async (t) => {
      const store = await populated(await make(t))
      assert.equal(await store.endEverything(), 3)
      assert.equal(await store.endEverything(), 0)
      for (const [id, user] of [
        ['here', 'ada'],
        ['there', 'ada'],
        ['hers', 'grace'],
      ] as const)
        assert.equal(await store.isActive(id, user, noon), false)
      assert.deepEqual(await store.rotate('h-hers', successor('n'), null, noon), { kind: 'unknown' })
    })

    test('the list is the sessions of one user, oldest first, as they were opened', async (t) => {
      const store = await make(t)
      const opened = [
        session('c', 'ada', { createdAt: noon - 3, client: '2001:db8::1', label: '' }),
        session('b', 'ada', { createdAt: noon - 2, label: 'ünïcode ✓ "quotes" \'; --' }),
        session('a', 'ada', { createdAt: noon - 2 }),
      ]
      for (const one of opened) await store.open(one, token(`h-${one.id}`, one.id))
      assert.deepEqual(await store.list('ada', noon), [opened[0], opened[2], opened[1]])
      assert.deepEqual(await store.list('grace', noon), [])
    })

    test('one session too many ends the oldest by last use, and only it', async (t) => {
      const store = await populated(await make(t))
      await fill(store, 'alan', 0, MAX_SESSIONS_OF_USER)
      assert.deepEqual(await ids(store, 'alan'), named(0, MAX_SESSIONS_OF_USER))
      rotated(await store.rotate('h0', successor('n'), null, noon + 500))
      await fill(store, 'alan', MAX_SESSIONS_OF_USER, MAX_SESSIONS_OF_USER + 1)

      const left = ['s0', ...named(2, MAX_SESSIONS_OF_USER + 1)]
      assert.deepEqual(await ids(store, 'alan'), left)
      assert.equal(await store.isActive('s1', 'alan', noon), false)
      // Its token is refused as that of any session that ended, and takes nobody along.
      for (const round of ['once', 'twice'])
        assert.deepEqual(await store.rotate('h1', successor('m'), null, noon + 501), { kind: 'unknown' }, round)
      assert.equal(await store.end('s1', 'alan'), false)
      assert.deepEqual(await ids(store, 'alan'), left)
      for (const id of left) assert.equal(await store.isActive(id, 'alan', noon), true, id)
      rotated(await store.rotate('n', successor('n2'), null, noon + 502))
      assert.deepEqual(await ids(store, 'ada'), ['here', 'there'])
      assert.deepEqual(await ids(store, 'grace'), ['hers'])
    })

    test('of sessions that were last used at one moment the one that was opened first ends; never the new one', async (t) => {
      const store = await make(t)
      // Opened in another order than their times say.
      for (let n = MAX_SESSIONS_OF_USER - 1; n >= 0; n -= 1)
        await store.open(
          session(`s${n}`, 'ada', { createdAt: noon + n, lastUsedAt: noon + 500 }),
          token(`h${n}`, `s${n}`),
        )
      // Of a process whose clock is behind: older than all the others.
      await store.open(session('late', 'ada', { createdAt: noon - 5, lastUsedAt: noon - 5 }), token('h-late', 'late'))
      assert.deepEqual(await ids(store, 'ada'), ['late', ...named(1, MAX_SESSIONS_OF_USER)])
    })

    test('what expired or ended is not counted, and an opening that fails ends nobody', async (t) => {
      const store = await populated(await make(t))
      await store.open(session('brief', 'alan', { expiresAt: noon + 200 }), token('h-brief', 'brief'))
      await fill(store, 'alan', 0, MAX_SESSIONS_OF_USER - 1)
      const after = (id: string) => session(id, 'alan', { createdAt: noon + 200, lastUsedAt: noon + 200 })
      await store.open(after('s100'), token('h100', 's100'))
      const full = [...named(0, MAX_SESSIONS_OF_USER - 1), 's100']
      assert.deepEqual(await ids(store, 'alan', noon + 200), full)
      for (const [id, hash] of [
        ['new', 'h-here'],
        ['here', 'h-new'],
      ] as const)
        await assert.rejects(async () => store.open(after(id), token(hash, id)))
      await assert.rejects(async () => store.open(after('new'), token('h-new', 's0')))
      assert.deepEqual(await ids(store, 'alan', noon + 200), full)
      assert.equal(await store.end('s7', 'alan'), true)
      await store.open(after('s101'), token('h101', 's101'))
      assert.deepEqual(await ids(store, 'alan', noon + 200), [...full.filter((id) => id !== 's7'), 's101'])
    })

    test('parallel openings leave no more than there may be, and end the oldest', async (t) => {
      const store = await make(t)
      await fill(store, 'ada', 0, MAX_SESSIONS_OF_USER - 5)
      const opening = named(MAX_SESSIONS_OF_USER - 5, MAX_SESSIONS_OF_USER + 15).map(async (id, n) => {
        const at = { createdAt: noon + 500 + n, lastUsedAt: noon + 500 + n }
        await store.open(session(id, 'ada', at), token(`h-${id}`, id))
      })
      await Promise.all(opening)
      assert.deepEqual(await ids(store, 'ada'), named(15, MAX_SESSIONS_OF_USER + 15))
    })

    test('prune forgets what expired, comes to an end, and leaves what is active alone', async (t) => {
      const store = await populated(await make(t))
      await store.open(session('old', 'ada', { expiresAt: noon + 10 }), token('h-old', 'old', { expiresAt: noon + 10 }))
      assert.equal(await store.prune(noon + 9), 0)
      let rounds = 0
      while ((await store.prune(noon + 10)) > 0) rounds += 1
      assert.ok(rounds >= 1 && rounds < 10, `${rounds} rounds`)
      assert.deepEqual(await ids(store, 'ada', noon + 10), ['here', 'there'])
      rotated(await store.rotate('h-here', successor('n'), null, noon + 11))
    })
  })
}
