import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { engines } from './engines.ts'
import { noon, sampleAccount, sampleEntry, sampleSession, sampleToken } from './samples.ts'
import { opened } from './temporary.ts'

const clock = () => noon + 7
const next = (hash: string) => ({ hash, issuedAt: noon, expiresAt: noon + 1000_000 })

for (const { name, skip, fresh } of engines)
  suite(`sessions: ${name}`, { skip }, () => {
    test('opening and ending sessions leave entries in the trail, with the client they were opened from', async (t) => {
      const { accounts, sessions } = await opened(t, await fresh(t), { clock })
      await sessions.open(sampleSession('s1', 'ada'), sampleToken('h1', 's1'))
      await sessions.open(sampleSession('s2', 'ada'), sampleToken('h2', 's2'))
      await sessions.open(sampleSession('s3', 'ada'), sampleToken('h3', 's3'))
      assert.equal(await sessions.end('s1', 'grace'), false)
      assert.equal(await sessions.end('s1', 'ada'), true)
      assert.equal(await sessions.end('s1', 'ada'), false)
      assert.equal(await sessions.endAll('ada', 's2'), 1)
      assert.equal(await sessions.endAll('ada', 's2'), 0)
      const shown = (await accounts.audit({ subject: 'ada', limit: 10 })).map(({ action, detail, client }) => [
        action,
        detail,
        client,
      ])
      assert.deepEqual(shown, [
        ['sessions.ended', '1 ended', ''],
        ['session.ended', 'session s1', '192.0.2.1'],
        ['session.opened', 'session s3', '192.0.2.1'],
        ['session.opened', 'session s2', '192.0.2.1'],
        ['session.opened', 'session s1', '192.0.2.1'],
      ])
      const [last] = await accounts.audit({ limit: 1 })
      assert.deepEqual([last?.at, last?.actor, last?.subject], [noon + 7, 'ada', 'ada'])
    })

    test('ending everything is told in the trail of each account that had a session', async (t) => {
      const { accounts, sessions } = await opened(t, await fresh(t), { clock })
      for (const [id, user] of [
        ['s1', 'ada'],
        ['s2', 'ada'],
        ['s3', 'grace'],
      ] as const)
        await sessions.open(sampleSession(id, user), sampleToken(`h ${id}`, id))
      await sessions.end('s3', 'grace')
      assert.equal(await sessions.endEverything(), 2)
      assert.equal(await sessions.endEverything(), 0)
      const ended = (await accounts.audit({ limit: 10 })).filter(({ action }) => action === 'sessions.ended')
      assert.deepEqual(ended, [
        {
          at: noon + 7,
          actor: null,
          action: 'sessions.ended',
          subject: 'ada',
          client: '',
          detail: '2 ended, with every other session there was',
        },
      ])
    })

    test('a session that cannot be opened leaves nothing behind', async (t) => {
      const { accounts, sessions } = await opened(t, await fresh(t))
      await sessions.open(sampleSession('s1', 'ada'), sampleToken('same', 's1'))
      await assert.rejects(async () => sessions.open(sampleSession('s2', 'ada'), sampleToken('same', 's2')), /unique/i)
      await assert.rejects(async () => sessions.open(sampleSession('s2', 'ada'), sampleToken('h', 's1')), /not its own/)
      assert.equal(await sessions.isActive('s2', 'ada', noon), false)
      assert.equal((await accounts.audit({ limit: 10 })).length, 1)
    })

    test('a rotation whose successor cannot be stored leaves the token unused', async (t) => {
      const { sessions } = await opened(t, await fresh(t))
      await sessions.open(sampleSession('s1', 'ada'), sampleToken('h1', 's1'))
      await sessions.open(sampleSession('s2', 'ada'), sampleToken('h2', 's2'))
      await assert.rejects(async () => sessions.rotate('h1', next('h2'), null, noon), /unique/i)
      assert.equal((await sessions.rotate('h1', next('h3'), null, noon)).kind, 'rotated')
    })

    test('a spent token tells when, its sealed successor, and whether that one is unused', async (t) => {
      const { sessions } = await opened(t, await fresh(t))
      const session = sampleSession('s', 'ada')
      await sessions.open(session, sampleToken('h1', 's'))
      const used = { ...session, lastUsedAt: noon + 5 }
      assert.deepEqual(await sessions.rotate('h1', next('h2'), 'sealed', noon + 5), { kind: 'rotated', session: used })
      const spent = { kind: 'spent', session: used, usedAt: noon + 5, sealedSuccessor: 'sealed', successorUnused: true }
      assert.deepEqual(await sessions.rotate('h1', next('x'), 'other', noon + 6), spent)
      assert.equal((await sessions.rotate('h2', next('h3'), null, noon + 7)).kind, 'rotated')
      assert.deepEqual(await sessions.rotate('h1', next('x'), 'other', noon + 8), {
        ...spent,
        session: { ...session, lastUsedAt: noon + 7 },
        successorUnused: false,
      })
      assert.deepEqual(await sessions.rotate('x', next('y'), null, noon), { kind: 'unknown' })
    })

    test('pruning is bounded for each call, goes on where it stopped, and spares what is active', async (t) => {
      const { sessions, database } = await opened(t, await fresh(t))
      await sessions.open(sampleSession('active', 'ada'), sampleToken('a', 'active'))
      await sessions.rotate('a', next('b'), null, noon)
      await sessions.open(sampleSession('long', 'ada'), sampleToken('first', 'long'))
      const spent = Array.from({ length: 2500 }, (_, n) => ({
        hash: `spent ${n}`,
        session_id: 'long',
        issued_at: noon,
        expires_at: noon + 1000_000,
      }))
      for (let from = 0; from < spent.length; from += 500)
        await database
          .insertInto('refresh_tokens')
          .values(spent.slice(from, from + 500))
          .execute()
      await sessions.end('long', 'ada')
      const removed: number[] = []
      do removed.push(await sessions.prune(noon))
      while (removed.at(-1) !== 0)
      assert.deepEqual(removed, [1000, 1000, 502, 0])
      assert.equal(await sessions.isActive('active', 'ada', noon), true)
      // The spent token stays for as long as its reuse has to be seen.
      assert.equal((await sessions.rotate('a', next('x'), null, noon)).kind, 'spent')
      assert.equal(await sessions.prune(noon + 1000_000), 3)
      assert.deepEqual(await database.selectFrom('sessions').select('id').execute(), [])
    })

    test('a disabled account has no session left: none listed, none to refresh', async (t) => {
      const { accounts, sessions } = await opened(t, await fresh(t))
      await accounts.create(sampleAccount('ada'), sampleEntry('ada'))
      await sessions.open(sampleSession('s1', 'ada'), sampleToken('h1', 's1'))
      assert.deepEqual(await sessions.list('ada', noon), [sampleSession('s1', 'ada')])
      assert.deepEqual(await sessions.list('ada', noon + 1000_000), [])
      await accounts.setDisabled('ada', true, sampleEntry('ada', 'account.disabled'))
      assert.deepEqual(await sessions.list('ada', noon), [])
      assert.deepEqual(await sessions.rotate('h1', next('h2'), null, noon), { kind: 'unknown' })
    })
  })
