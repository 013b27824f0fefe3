import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { MAX_SESSIONS_OF_USER } from '../../src/layers/sessions/index.ts'
import { engines } from './engines.ts'
import { patient } from './patient.ts'
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

    test('a session that one too many ended is over at once here and within a second elsewhere, and the trail has it', async (t) => {
      const url = await fresh(t)
      const [here, elsewhere] = [await opened(t, url, { clock }), await opened(t, url)]
      for (let n = 0; n < MAX_SESSIONS_OF_USER; n += 1)
        await here.sessions.open(
          { ...sampleSession(`s${n}`, 'ada'), lastUsedAt: noon + n },
          sampleToken(`h${n}`, `s${n}`),
        )
      // Remembered by both, where a store remembers.
      for (const { sessions } of [here, elsewhere])
        for (const id of ['s0', 's1']) assert.equal(await sessions.isActive(id, 'ada', noon), true)
      let told = 0
      here.onChange(() => {
        told += 1
      })
      await here.sessions.open(sampleSession('new', 'ada'), sampleToken('h', 'new'))
      assert.equal(await here.sessions.isActive('s0', 'ada', noon), false)
      assert.equal(told, 1)
      const began = performance.now()
      while (await elsewhere.sessions.isActive('s0', 'ada', noon)) {
        assert.ok(performance.now() - began < 1000, 'it still counts elsewhere')
        await delay(10)
      }
      for (const { sessions } of [here, elsewhere]) assert.equal(await sessions.isActive('s1', 'ada', noon), true)
      const [last, before] = await here.accounts.audit({ subject: 'ada', limit: 2 })
      assert.deepEqual(last, {
        at: noon + 7,
        actor: 'ada',
        action: 'session.ended',
        subject: 'ada',
        client: '192.0.2.1',
        detail: `session s0, the oldest of more than ${MAX_SESSIONS_OF_USER}`,
      })
      assert.deepEqual([before?.action, before?.detail], ['session.opened', 'session new'])
    })

    test('sessions that are opened over two connections at once are no more than there may be', async (t) => {
      const url = await fresh(t)
      const stores = [patient((await opened(t, url)).sessions), patient((await opened(t, url)).sessions)]
      for (let n = 0; n < MAX_SESSIONS_OF_USER - 3; n += 1)
        await stores[0]?.open({ ...sampleSession(`s${n}`, 'ada'), lastUsedAt: noon - n }, sampleToken(`h${n}`, `s${n}`))
      await Promise.all(
        stores.flatMap((store, which) =>
          Array.from({ length: 5 }, async (_, n) => {
            await store.open(sampleSession(`${which} ${n}`, 'ada'), sampleToken(`${which} ${n}`, `${which} ${n}`))
          }),
        ),
      )
      const listed = (await stores[0]?.list('ada', noon)) ?? []
      assert.equal(listed.length, MAX_SESSIONS_OF_USER)
      assert.equal(listed.filter(({ id }) => id.includes(' ')).length, 10)
    })

    test('an account that has thousands from before there was a cap comes down to it', async (t) => {
      const { sessions, database } = await opened(t, await fresh(t))
      const rows = Array.from({ length: 1500 }, (_, n) => ({
        id: `s${n}`,
        user_id: 'ada',
        created_at: noon,
        last_used_at: noon + n,
        expires_at: noon + 1000_000,
        ended_at: null,
        client: '',
        label: '',
      }))
      for (let from = 0; from < rows.length; from += 500)
        await database
          .insertInto('sessions')
          .values(rows.slice(from, from + 500))
          .execute()
      const open = async (id: string) => {
        await sessions.open({ ...sampleSession(id, 'ada'), lastUsedAt: noon + 5000 }, sampleToken(id, id))
        return (await sessions.list('ada', noon)).length
      }
      assert.equal(await open('first'), 501)
      assert.equal(await open('second'), MAX_SESSIONS_OF_USER)
      assert.equal(await sessions.isActive('s1499', 'ada', noon), true)
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
