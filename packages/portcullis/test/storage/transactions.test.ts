import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { sampleAccount, sampleEntry } from './samples.ts'
import { temporaryFile, temporaryStorage } from './temporary.ts'

test('a writing transaction waits for another connection’s lock while the event loop runs on', async (t) => {
  const path = temporaryFile(t)
  const { accounts } = await temporaryStorage(t, {}, path)
  const other = new DatabaseSync(path)
  t.after(() => other.close())
  other.exec('begin immediate')
  const created = accounts.create(sampleAccount('ada'), sampleEntry('ada'))
  let turns = 0
  for (; turns < 5; turns++) await delay(10)
  other.exec('commit')
  assert.equal(await created, 'created')
  assert.equal(turns, 5)
})

test('two storages of one process take turns instead of locking each other out', async (t) => {
  const path = temporaryFile(t)
  const stores = [await temporaryStorage(t, {}, path), await temporaryStorage(t, {}, path)]
  const created = stores.flatMap(({ accounts }, store) =>
    Array.from({ length: 20 }, (_, n) => accounts.create(sampleAccount(`${store}-${n}`), sampleEntry('x'))),
  )
  assert.deepEqual(new Set(await Promise.all(created)), new Set(['created']))
})

test('a lock that is never given back is a broken store after 5 seconds: it throws', async (t) => {
  const path = temporaryFile(t)
  const { accounts } = await temporaryStorage(t, {}, path)
  const other = new DatabaseSync(path)
  t.after(() => other.close())
  other.exec('begin immediate')
  const started = performance.now()
  await assert.rejects(accounts.create(sampleAccount('ada'), sampleEntry('ada')), /locked/)
  const waited = performance.now() - started
  assert.ok(waited >= 5000 && waited < 6500, `${waited} ms`)
  other.exec('commit')
  assert.equal(await accounts.create(sampleAccount('ada'), sampleEntry('ada')), 'created')
})

test('of many that wait for one lock the last is refused with the first: the wait for a turn counts', async (t) => {
  const path = temporaryFile(t)
  const { accounts } = await temporaryStorage(t, {}, path)
  const other = new DatabaseSync(path)
  t.after(() => other.close())
  other.exec('begin immediate')
  const started = performance.now()
  const refused = async (name: string): Promise<number> => {
    await assert.rejects(accounts.create(sampleAccount(name), sampleEntry(name)), { statusCode: 503 })
    return performance.now() - started
  }
  const first = refused('ada')
  // Reads among them are answered when their turn comes, and give those behind them no new patience.
  const others = [refused('bob'), accounts.ping().then(() => 0), refused('eve')]
  const [soonest, ...later] = await Promise.all([first, ...others])
  assert.ok(Math.max(...later) < 1.5 * soonest, `the first after ${soonest} ms, the others after ${later} ms`)
  other.exec('commit')
  assert.equal(await accounts.create(sampleAccount('ada'), sampleEntry('ada')), 'created')
})

test('who waits for another process’s lock keeps nobody waiting who only reads', async (t) => {
  const path = temporaryFile(t)
  const { accounts } = await temporaryStorage(t, {}, path)
  const other = new DatabaseSync(path)
  t.after(() => other.close())
  other.exec('begin immediate')
  const first = assert.rejects(accounts.create(sampleAccount('ada'), sampleEntry('ada')), { statusCode: 503 })
  await delay(20)
  const asked = performance.now()
  // As a login does: looks, and then writes.
  assert.equal(await accounts.byId('bob'), null)
  assert.ok(performance.now() - asked < 1000, `${performance.now() - asked} ms`)
  await assert.rejects(accounts.create(sampleAccount('bob'), sampleEntry('bob')), { statusCode: 503 })
  const waited = performance.now() - asked
  assert.ok(waited < 6500, `${waited} ms`)
  await first
  other.exec('commit')
  assert.equal(await accounts.create(sampleAccount('bob'), sampleEntry('bob')), 'created')
})

test('of many that wait for one lock one tries', async (t) => {
  const path = temporaryFile(t)
  const { accounts } = await temporaryStorage(t, {}, path)
  const other = new DatabaseSync(path)
  t.after(() => other.close())
  other.exec('begin immediate')
  const tried = t.mock.method(DatabaseSync.prototype, 'exec')
  const created = Array.from({ length: 200 }, (_, n) => accounts.create(sampleAccount(`n${n}`), sampleEntry('x')))
  await delay(1000)
  const calls = tried.mock.callCount()
  assert.ok(calls < 200 + 500, `${calls} tries in a second`)
  other.exec('commit')
  assert.deepEqual(new Set(await Promise.all(created)), new Set(['created']))
})

test('a statement that waits for a lock within a transaction lets nobody into that transaction', async (t) => {
  const path = temporaryFile(t)
  const { accounts, database } = await temporaryStorage(t, {}, path)
  const other = new DatabaseSync(path)
  t.after(() => other.close())
  const order: string[] = []
  const waiting = database
    .transaction()
    .setAccessMode('read only')
    .execute(async (transaction) => {
      await transaction.selectFrom('users').select('id').execute()
      other.exec('begin immediate')
      const refused = assert.rejects(transaction.deleteFrom('users').execute(), { statusCode: 503 })
      await refused
      order.push('refused')
    })
  await delay(50)
  const reading = accounts.byId('ada').then(() => order.push('read'))
  await waiting
  await reading
  assert.deepEqual(order, ['refused', 'read'])
})

test('a transaction that reads first still writes after another process wrote', async (t) => {
  const path = temporaryFile(t)
  const { database } = await temporaryStorage(t, {}, path)
  const other = new DatabaseSync(path)
  t.after(() => other.close())
  await database.transaction().execute(async (transaction) => {
    await transaction.selectFrom('users').selectAll().execute()
    // A deferred begin would let this one in, and would then refuse our own write as stale.
    assert.throws(() => other.exec("insert into user_roles (user_id, role) values ('x', 'y')"), /locked/)
    await transaction.updateTable('users').set({ disabled_at: 1 }).execute()
  })
})

test('a read-only transaction takes no lock and sees one moment', async (t) => {
  const path = temporaryFile(t)
  const { database } = await temporaryStorage(t, {}, path)
  const other = await temporaryStorage(t, {}, path)
  const reading = database.transaction().setAccessMode('read only')
  await reading.execute(async (transaction) => {
    const count = async () => (await transaction.selectFrom('users').select('id').execute()).length
    assert.equal(await count(), 0)
    assert.equal(await other.accounts.create(sampleAccount('ada'), sampleEntry('ada')), 'created')
    assert.equal(await count(), 0)
  })
  assert.equal((await database.selectFrom('users').select('id').execute()).length, 1)
})

test('a stream that is left early holds nothing back', async (t) => {
  const { accounts, database } = await temporaryStorage(t)
  for (const id of ['a', 'b', 'c']) await accounts.create(sampleAccount(id), sampleEntry(id))
  const all = database.selectFrom('users').select('id').orderBy('seq')
  const seen: string[] = []
  for await (const { id } of all.stream()) {
    seen.push(id)
    if (id === 'b') break
  }
  assert.deepEqual(seen, ['a', 'b'])
  assert.equal(await accounts.create(sampleAccount('d'), sampleEntry('d')), 'created')
  assert.equal((await all.execute()).length, 4)
})

test('more statements than are kept prepared still work', async (t) => {
  const { accounts, database } = await temporaryStorage(t)
  await accounts.create(sampleAccount('a'), sampleEntry('a'))
  for (let length = 1; length <= 300; length++) {
    const ids = Array.from({ length }, () => 'a')
    assert.equal((await database.selectFrom('users').select('id').where('id', 'in', ids).execute()).length, 1)
  }
  assert.equal((await accounts.byId('a'))?.id, 'a')
})

test('an error that has rolled back by itself is not hidden behind a second rollback', async (t) => {
  const { accounts, database } = await temporaryStorage(t)
  await accounts.create(sampleAccount('a'), sampleEntry('a'))
  const failing = database.transaction().execute(async (transaction) => {
    await transaction.insertInto('user_roles').values({ user_id: 'a', role: 'admin' }).execute()
    await sql`insert or rollback into user_roles (user_id, role) values ('a', 'admin')`.execute(transaction)
  })
  await assert.rejects(failing, /UNIQUE constraint failed/)
  assert.deepEqual(accounts.identity('a'), { id: 'a', roles: [] })
  assert.equal(await accounts.setRoles('a', ['reader'], sampleEntry('a')), true)
})
