import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Storage } from '../../../src/storage/index.ts'
import { askPostgres } from '../../services/postgres.ts'
import { postgres } from '../engines.ts'
import { patient } from '../patient.ts'
import { sampleAccount, sampleEntry } from '../samples.ts'
import { opened } from '../temporary.ts'

const figure = ({ gauges }: Storage, name: string) => gauges().find((gauge) => gauge.name === name)?.value

/** Ends every other connection to the database, as an operator does. */
const cutAll = (url: string) =>
  askPostgres(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  )

/** Cut while it runs, by itself: somebody else's cut may come too late where the machine is busy. */
const cutWithin = sql`select pg_terminate_backend(pg_backend_pid()), pg_sleep(0.3)`

suite('PostgreSQL: connections', { skip: postgres.skip }, () => {
  test('idle ones that are cut end no process, and are replaced', async (t) => {
    const url = await postgres.fresh(t)
    const storage = await opened(t, url)
    await Promise.all(Array.from({ length: 5 }, () => storage.ping()))
    await cutAll(url)
    await delay(100)
    await storage.ping()
    assert.equal(await storage.accounts.create(sampleAccount('ada'), sampleEntry('ada')), 'created')
  })

  test('one that is cut between two statements rejects with 503, and the error is the first one', async (t) => {
    const url = await postgres.fresh(t)
    const { database, accounts } = await opened(t, url)
    await accounts.create(sampleAccount('ada'), sampleEntry('ada'))
    const cut = database.transaction().execute(async (transaction) => {
      await transaction.updateTable('users').set({ username: 'changed' }).execute()
      await cutAll(url)
      await delay(50)
      await transaction.selectFrom('users').selectAll().execute()
    })
    await assert.rejects(cut, { statusCode: 503 })
    assert.equal((await accounts.byId('ada'))?.username, 'ada')
  })

  test('one that is cut in the middle of a statement rejects with 503', async (t) => {
    const url = await postgres.fresh(t)
    const { database, ping } = await opened(t, url)
    await assert.rejects(cutWithin.execute(database), { statusCode: 503, code: '57P01' })
    await delay(100)
    await ping()
  })

  test('one that is cut in the middle of a transaction tells why, not that it could not be rolled back', async (t) => {
    const url = await postgres.fresh(t)
    const { database } = await opened(t, url)
    const cut = database.transaction().execute((transaction) => cutWithin.execute(transaction))
    await assert.rejects(cut, { statusCode: 503, code: '57P01' })
  })

  test('a statement that takes too long is ended by the server, and its connection stays', async (t) => {
    const storage = await opened(t, await postgres.fresh(t))
    await storage.ping()
    const started = performance.now()
    await assert.rejects(sql`select pg_sleep(5)`.execute(storage.database), { statusCode: 503, code: '57014' })
    assert.ok(performance.now() - started < 1000, `${performance.now() - started} ms`)
    assert.equal(figure(storage, 'portcullis_database_connections'), 1)
    await storage.ping()
  })

  test('whoever gets none in 400 ms is told to come back', async (t) => {
    const storage = await opened(t, await postgres.fresh(t), { poolSize: 1 })
    await storage.database.transaction().execute(async () => {
      const started = performance.now()
      await assert.rejects(storage.ping(), { statusCode: 503 })
      assert.ok(performance.now() - started < 1000, `${performance.now() - started} ms`)
    })
    await storage.ping()
  })

  test('a process that hangs in a transaction loses it, and its locks with it', async (t) => {
    const url = await postgres.fresh(t)
    const [hanging, other] = [await opened(t, url), await opened(t, url)]
    await other.accounts.create(sampleAccount('ada'), sampleEntry('ada'))
    const hung = hanging.database.transaction().execute(async (transaction) => {
      await transaction.updateTable('users').set({ username: 'held' }).execute()
      await delay(4000)
    })
    const lost = assert.rejects(hung, { statusCode: 503 })
    for (let tries = 0; ; tries += 1) {
      const changed = await other.accounts.setRoles('ada', ['admin'], sampleEntry('ada')).catch(() => false)
      if (changed) break
      assert.ok(tries < 20)
      await delay(100)
    }
    await lost
    assert.equal((await other.accounts.byId('ada'))?.username, 'ada')
  })

  test('a transaction that failed leaves nothing, be its error passed on or swallowed', async (t) => {
    const storage = await opened(t, await postgres.fresh(t), { poolSize: 1 })
    const { database, accounts } = storage
    await accounts.create(sampleAccount('ada'), sampleEntry('ada'))
    const failing = (swallow: boolean) =>
      database.transaction().execute(async (transaction) => {
        await transaction.insertInto('user_roles').values({ user_id: 'ada', role: 'admin' }).execute()
        const twice = transaction.insertInto('user_roles').values({ user_id: 'ada', role: 'admin' }).execute()
        await (swallow ? twice.catch(() => {}) : twice)
      })
    await assert.rejects(failing(false), { code: '23505' })
    // PostgreSQL answers this COMMIT with ROLLBACK: it must not pass for done.
    await assert.rejects(failing(true))
    assert.deepEqual((await accounts.byId('ada'))?.roles, [])
    assert.equal(figure(storage, 'portcullis_database_connections'), 1)
  })

  test('two storages of one process write beside each other', async (t) => {
    const url = await postgres.fresh(t)
    const stores = [await opened(t, url), await opened(t, url)]
    const created = stores.flatMap(({ accounts }, store) =>
      Array.from({ length: 10 }, (_, n) => patient(accounts).create(sampleAccount(`${store}-${n}`), sampleEntry('x'))),
    )
    assert.deepEqual(new Set(await Promise.all(created)), new Set(['created']))
  })

  test('an error of the query itself is not taken for one of the server', async (t) => {
    const { database } = await opened(t, await postgres.fresh(t))
    for (const wrong of ['select nothing', 'selec', 'select 1/0', `select 'x'::int`])
      await assert.rejects(sql.raw(wrong).execute(database), (error: Error & { statusCode?: number }) => {
        assert.equal(error.statusCode, undefined, wrong)
        return true
      })
    const taken = sql`insert into user_roles (user_id, role) values ('nobody', 'admin')`.execute(database)
    await assert.rejects(taken, { code: '23503' })
  })

  test('bigints are numbers, and one that no number can hold is an error, not another value', async (t) => {
    const { database, ping } = await opened(t, await postgres.fresh(t))
    const value = async (text: string) =>
      (await sql.raw<{ value: unknown }>(`select ${text} as value`).execute(database)).rows[0]
    assert.deepEqual(await value('9007199254740991::bigint'), { value: 9007199254740991 })
    assert.deepEqual(await value('count(*)'), { value: 1 })
    assert.deepEqual(await value('null::bigint'), { value: null })
    for (const large of ['9007199254740992::bigint', '(-9223372036854775808)::bigint'])
      await assert.rejects(value(large), { name: 'RangeError', message: /too large for a number/ })
    assert.deepEqual(await value('9007199254740992::bigint::text'), { value: '9007199254740992' })
    await ping()
  })

  test('a stop in the middle of work lets finish what has begun, and then nothing is answered any more', async (t) => {
    const storage = await opened(t, await postgres.fresh(t))
    await storage.accounts.create(sampleAccount('ada'), sampleEntry('ada'))
    await storage.accounts.identity('ada')
    const working = Array.from({ length: 20 }, (_, n) =>
      storage.accounts.create(sampleAccount(`u${n}`), sampleEntry(`u${n}`)).catch((error: Error) => error.message),
    )
    await delay(5)
    await storage.close()
    const outcomes = new Set(await Promise.all(working))
    assert.ok(outcomes.has('created'), [...outcomes].join())
    await assert.rejects(async () => storage.accounts.identity('ada'))
    await assert.rejects(async () => storage.sessions.isActive('s', 'ada', 0))
    await assert.rejects(storage.ping())
    await storage.catchUp()
    await assert.rejects(async () => storage.accounts.identity('ada'))
  })

  test('sizes that make no sense are refused', async (t) => {
    const url = await postgres.fresh(t)
    for (const poolSize of [0, -1, 1.5, Number.NaN, 1001, '5' as unknown as number])
      await assert.rejects(opened(t, url, { poolSize }), { name: 'RangeError', message: /^poolSize takes/ })
  })
})
