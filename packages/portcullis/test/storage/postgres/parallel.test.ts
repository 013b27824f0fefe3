import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import type { Storage } from '../../../src/storage/index.ts'
import { askPostgres, freshDatabase } from '../../services/postgres.ts'
import { postgres, withSetting } from '../engines.ts'
import { noon, sampleAccount, sampleEntry, sampleSession, sampleToken } from '../samples.ts'
import { opened } from '../temporary.ts'

/** A connection by hand, for transactions that are held open. */
const byHand = async (t: TestContext, url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url })
  // The database is dropped before this one is closed.
  client.on('error', () => {})
  await client.connect()
  t.after(() => client.end())
  return client
}

/** Fulfilled when so many statements wait for a lock. */
const waiting = async (client: pg.Client, count: number): Promise<void> => {
  for (let look = 0; look < 200; look += 1) {
    const { rows } = await client.query(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (rows[0]?.n >= count) return
    await delay(1)
  }
  throw new Error(`fewer than ${count} statements came to wait`)
}

const ada = async ({ accounts, sessions }: Storage): Promise<void> => {
  await accounts.create(sampleAccount('ada'), sampleEntry('ada'))
  await sessions.open(sampleSession('s', 'ada'), sampleToken('h', 's'))
}

/** What was answered; on a machine that is busy some may be told to come back, and nothing else. */
const answered = async <Answer>(answers: Iterable<Promise<Answer>>): Promise<readonly Answer[]> => {
  const settled = await Promise.allSettled(answers)
  return settled.flatMap((one) => {
    if (one.status === 'fulfilled') return [one.value]
    assert.equal(one.reason.statusCode, 503, one.reason)
    return []
  })
}

suite('PostgreSQL: what SQLite’s write lock keeps apart', { skip: postgres.skip }, () => {
  test('a session that is being opened while the password changes is among those that end', async (t) => {
    const url = await postgres.fresh(t)
    const { accounts, sessions } = await opened(t, url)
    await accounts.create(sampleAccount('ada'), sampleEntry('ada'))
    const hand = await byHand(t, url)
    const watch = await byHand(t, url)
    // The session is written, and its token has to wait: nobody else sees either yet.
    await hand.query('begin; lock table refresh_tokens in exclusive mode')
    const opening = sessions.open(sampleSession('late', 'ada'), sampleToken('h', 'late'))
    await waiting(watch, 1)
    const entry = sampleEntry('ada', 'password.changed')
    const changing = accounts.setPassword('ada', sampleAccount('ada').passwordHash, 'new', '', entry)
    await Promise.race([waiting(watch, 2), changing])
    await hand.query('commit')
    await opening
    assert.equal(await changing, true)
    assert.equal(await sessions.isActive('late', 'ada', noon), false)
  })

  test('it is so whatever isolation the server is set to while the program runs', async (t) => {
    const url = await freshDatabase(t)
    const { accounts, sessions, database } = await opened(t, url)
    await accounts.create(sampleAccount('ada'), sampleEntry('ada'))
    const name = new URL(url).pathname.slice(1)
    await askPostgres(url, `alter database ${name} set default_transaction_isolation = 'repeatable read'`)
    // It counts for connections that begin after it: those that are there are cut, as a restart of the server would.
    await askPostgres(
      url,
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    const hand = await byHand(t, url)
    const watch = await byHand(t, url)
    const isolation = async () => {
      const { rows } = await sql<{ is: string }>`select current_setting('transaction_isolation') as is`.execute(
        database,
      )
      return rows[0]?.is
    }
    for (let look = 0; look < 100 && (await isolation().catch(() => undefined)) !== 'repeatable read'; look += 1)
      await delay(20)
    assert.equal(await isolation(), 'repeatable read')

    await hand.query('begin; lock table refresh_tokens in exclusive mode')
    const opening = sessions.open(sampleSession('late', 'ada'), sampleToken('h', 'late'))
    await waiting(watch, 1)
    const entry = sampleEntry('ada', 'password.changed')
    const changing = accounts.setPassword('ada', sampleAccount('ada').passwordHash, 'new', '', entry)
    await Promise.race([waiting(watch, 2), changing])
    await hand.query('commit')
    await opening
    assert.equal(await changing, true)
    assert.equal(await sessions.isActive('late', 'ada', noon), false)
  })

  test('sessions of one account are opened one after the other, those of two beside each other', async (t) => {
    const url = await postgres.fresh(t)
    const { sessions } = await opened(t, url)
    const hand = await byHand(t, url)
    const watch = await byHand(t, url)
    await sessions.open(sampleSession('taken', 'ada'), sampleToken('h0', 'taken'))
    await hand.query('begin')
    await hand.query(`insert into sessions select 'first', user_id, 0, 0, 0, null, '', '' from sessions`)
    const first = sessions.open(sampleSession('first', 'ada'), sampleToken('h1', 'first'))
    await waiting(watch, 1)
    const second = sessions.open(sampleSession('second', 'ada'), sampleToken('h2', 'second'))
    await waiting(watch, 2)
    await sessions.open(sampleSession('hers', 'grace'), sampleToken('h3', 'hers'))
    await hand.query('rollback')
    await Promise.all([first, second])
  })

  test('a token whose session ends while it rotates is not rotated', async (t) => {
    const url = await postgres.fresh(t)
    const storage = await opened(t, url)
    await ada(storage)
    const { sessions, database } = storage
    const hand = await byHand(t, url)
    const watch = await byHand(t, url)
    // The token is marked, and its successor has to wait for the one who writes the same.
    await hand.query('begin')
    await hand.query(`insert into refresh_tokens (hash, session_id, issued_at, expires_at) values ('next', 's', 0, 0)`)
    const rotating = sessions.rotate('h', { hash: 'next', issuedAt: noon, expiresAt: noon + 1000 }, null, noon)
    await waiting(watch, 1)
    assert.equal(await sessions.end('s', 'ada'), true)
    await hand.query('rollback')
    assert.deepEqual(await rotating, { kind: 'unknown' })
    const tokens = await database.selectFrom('refresh_tokens').select(['hash', 'used_at']).execute()
    assert.deepEqual(tokens, [{ hash: 'h', used_at: null }])
  })

  test('of roles that many set at once one set stays, whole', async (t) => {
    const url = await postgres.fresh(t)
    const stores = [await opened(t, url), await opened(t, url)]
    await ada(stores[0] as Storage)
    for (let round = 0; round < 5; round += 1) {
      const set = stores.flatMap(({ accounts }, store) =>
        Array.from({ length: 10 }, (_, n) =>
          accounts.setRoles('ada', [`a${store}${n}`, `b${store}${n}`, 'same'], sampleEntry('ada', 'roles.changed')),
        ),
      )
      assert.deepEqual(new Set(await answered(set)), new Set([true]))
      const roles = (await stores[0]?.accounts.byId('ada'))?.roles ?? []
      assert.deepEqual(roles, [`a${roles[0]?.slice(1)}`, `b${roles[0]?.slice(1)}`, 'same'])
    }
  })

  test('pruning goes on in several processes while others open, rotate and end, and no two block each other', async (t) => {
    const url = await postgres.fresh(t)
    const stores = [await opened(t, url), await opened(t, url)]
    const life = async ({ sessions }: Storage, id: string, n: number): Promise<void> => {
      const user = `user ${n % 3}`
      await sessions.open(sampleSession(id, user), sampleToken(`${id} a`, id))
      const next = { hash: `${id} b`, issuedAt: noon, expiresAt: noon + 1000_000 }
      const { kind } = await sessions.rotate(`${id} a`, next, null, noon)
      // Another lane may have ended it with all of this user's.
      assert.ok(['rotated', 'unknown'].includes(kind), kind)
      if (n % 5 === 4) await sessions.endAll(user)
      else await sessions.end(id, user)
    }
    const work = stores.flatMap((store, which) =>
      Array.from({ length: 4 }, async (_, lane) => {
        for (let n = 0; n < 15; n += 1) await answered([life(store, `${which}-${lane}-${n}`, n)])
      }),
    )
    let pruned = 0
    let working = true
    const prune = stores.map(async ({ sessions }) => {
      while (working) for (const count of await answered([Promise.resolve(sessions.prune(noon))])) pruned += count
    })
    await Promise.all(work)
    working = false
    await Promise.all(prune)
    await stores[0]?.sessions.endEverything()
    for (let more = 1; more > 0; pruned += more) more = (await stores[0]?.sessions.prune(noon)) ?? 0
    const { database } = stores[0] as Storage
    assert.deepEqual(await database.selectFrom('sessions').select('id').execute(), [])
    assert.deepEqual(await database.selectFrom('refresh_tokens').select('hash').execute(), [])
    t.diagnostic(`${pruned} rows pruned meanwhile`)
  })

  test('of two that prune at once none says that nothing is left', async (t) => {
    const url = await postgres.fresh(t)
    const stores = [await opened(t, url), await opened(t, url)]
    await stores[0]?.sessions.open(sampleSession('s', 'ada'), sampleToken('h', 's'))
    const hand = await byHand(t, url)
    await hand.query(
      `insert into refresh_tokens (hash, session_id, issued_at, expires_at) select n, 's', 0, 0 from generate_series(1, 3000) n`,
    )
    // Both have chosen what they remove before either may remove it.
    await hand.query('begin; lock table refresh_tokens in share mode')
    const watch = await byHand(t, url)
    const pruning = stores.map(async ({ sessions }) => sessions.prune(noon))
    await waiting(watch, 2)
    await hand.query('commit')
    assert.deepEqual(await Promise.all(pruning), [1000, 1000])
  })

  test('names that two accounts swap at once are an answer, never a crash', async (t) => {
    const url = await postgres.fresh(t)
    const { accounts } = await opened(t, withSetting(url, 'deadlock_timeout=20ms'))
    const entry = sampleEntry('x', 'account.changed')
    for (const id of ['ada', 'grace']) await accounts.create(sampleAccount(id), sampleEntry(id))
    for (let round = 0; round < 20; round += 1) {
      const [one, other] = round % 2 === 0 ? ['ada', 'grace'] : ['grace', 'ada']
      const answers = await Promise.allSettled([
        accounts.setNames('ada', { username: other as string }, entry),
        accounts.setNames('grace', { username: one as string }, entry),
      ])
      for (const answer of answers)
        if (answer.status === 'rejected') assert.equal(answer.reason.statusCode, 503, answer.reason)
        else assert.ok(['taken', 'changed'].includes(answer.value))
    }
  })
})

suite('PostgreSQL: transactions that it ends for the sake of others', { skip: postgres.skip }, () => {
  test('a deadlock that we lose is tried again', async (t) => {
    const url = await postgres.fresh(t)
    const storage = await opened(t, withSetting(url, 'deadlock_timeout=100ms'))
    await ada(storage)
    const hand = await byHand(t, url)
    const watch = await byHand(t, url)
    await hand.query(`begin; update sessions set label = 'held' where id = 's'`)
    const disabling = storage.accounts.setDisabled('ada', true, sampleEntry('ada', 'account.disabled'))
    await waiting(watch, 1)
    // It waits for our row, and we for its: it looks for deadlocks after 100 ms, we after a second.
    await hand.query(`update users set changed_at = 0 where id = 'ada'`)
    await hand.query('commit')
    assert.equal(await disabling, true)
    assert.equal(
      (await storage.accounts.audit({ limit: 10 })).filter(({ action }) => action === 'account.disabled').length,
      1,
    )
  })

  test('a lock that nobody gives back is a broken store in under a second, and nothing is half done', async (t) => {
    const url = await postgres.fresh(t)
    const storage = await opened(t, url)
    await ada(storage)
    const hand = await byHand(t, url)
    await hand.query(`begin; update sessions set label = 'held' where id = 's'`)
    const started = performance.now()
    const disabling = storage.accounts.setDisabled('ada', true, sampleEntry('ada', 'account.disabled'))
    await assert.rejects(disabling, { statusCode: 503 })
    assert.ok(performance.now() - started < 1000, `${performance.now() - started} ms`)
    await hand.query('rollback')
    assert.equal((await storage.accounts.byId('ada'))?.disabled, false)
    assert.equal(await storage.accounts.setDisabled('ada', true, sampleEntry('ada', 'account.disabled')), true)
  })
})
