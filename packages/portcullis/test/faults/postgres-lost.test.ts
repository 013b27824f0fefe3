import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { askPostgres, type PostgresServer, postgresServerMissing, startPostgres } from '../services/postgres.ts'
import { sampleAccount, sampleEntry } from '../storage/samples.ts'
import { goesOn, heals, isKnown, know, restRejects, storageThatKnows } from './postgres-scene.ts'

const ms = (time: number) => `${time.toFixed(0)} ms`

/** Ways in which PostgreSQL is lost, and comes back. */
const losses: readonly (readonly [string, (server: PostgresServer) => unknown, (server: PostgresServer) => unknown])[] =
  [
    ['is stopped', (server) => server.stop(), (server) => server.start()],
    ['dies', (server) => server.kill(), (server) => server.start()],
    ['hangs', (server) => server.freeze(), (server) => server.thaw()],
  ]

/** Others who take every connection that the server has left. */
const crowd = async (t: TestContext, server: PostgresServer) => {
  const clients: pg.Client[] = []
  const leave = async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()))
  }
  t.after(leave)
  const take = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString: server.url })
    client.on('error', () => {})
    try {
      await client.connect()
    } catch {
      return false
    }
    clients.push(client)
    return true
  }
  while (await take());
  const [first] = clients
  const ask = async (text: string): Promise<readonly Record<string, unknown>[]> =>
    (await first?.query(text))?.rows ?? []
  return {
    leave,
    ask,
    /** Cuts those of which this is true, and takes their places before they can come back. */
    push: async (condition: string): Promise<void> => {
      // Whoever wants a place stands in line for it before it is free.
      let wanted = true
      const line = Array.from({ length: 4 }, async () => {
        while (wanted) await take()
      })
      for (;;) {
        await ask(`select pg_terminate_backend(pid) from pg_stat_activity where ${condition}`)
        await delay(100)
        if ((await ask(`select pid from pg_stat_activity where ${condition}`)).length === 0) break
      }
      wanted = false
      await Promise.all(line)
    },
  }
}

suite('promise 9: PostgreSQL is lost', { skip: postgresServerMissing() }, () => {
  for (const [name, lose, restore] of losses)
    test(`when it ${name}, who is known goes on, the rest is 503 in under a second, and it heals by itself`, {
      timeout: 120_000,
    }, async (t) => {
      const server = await startPostgres(t)
      const storage = await storageThatKnows(t, server.url)
      for (const round of [1, 2]) {
        // So that connections are there to be lost.
        await Promise.all(Array.from({ length: 10 }, () => storage.ping()))
        await lose(server)
        goesOn(storage)
        const slowest = await restRejects(storage)
        // By now it is known to be lost, and nobody waits for it.
        const known = await restRejects(storage)
        assert.ok(known < 300, `${ms(known)}, although it was known`)
        await restore(server)
        const healed = await heals(storage)
        t.diagnostic(
          `round ${round}: the slowest of all took ${ms(slowest)}, once it was known ${ms(known)}; well again after ${ms(healed)}`,
        )
      }
    })

  test('many at once find it hanging: each is told in under a second, and no connection is used again that did not answer', {
    timeout: 60_000,
  }, async (t) => {
    const server = await startPostgres(t)
    const storage = await storageThatKnows(t, server.url)
    await Promise.all(Array.from({ length: 10 }, () => storage.ping()))
    server.freeze()
    const took = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const began = performance.now()
        await assert.rejects(async () => storage.accounts.byId(`${n}`), { statusCode: 503 })
        return performance.now() - began
      }),
    )
    goesOn(storage)
    server.thaw()
    await heals(storage)
    assert.ok(Math.max(...took) < 1500, ms(Math.max(...took)))
    t.diagnostic(`200 at once: the slowest was told after ${ms(Math.max(...took))}`)
    // An answer that came late would be given to whoever asks next on that connection.
    for (let n = 0; n < 20; n += 1)
      assert.equal((await storage.accounts.byId(n % 2 === 0 ? 'ada' : 'grace'))?.id, n % 2 === 0 ? 'ada' : 'grace')
  })

  test('a connection that did not answer in a transaction is not used again: it may still be in it', {
    timeout: 60_000,
  }, async (t) => {
    const server = await startPostgres(t)
    const { accounts, database } = await storageThatKnows(t, server.url)
    const late = database.transaction().execute(async (transaction) => {
      await transaction.updateTable('users').set({ username: 'late' }).where('id', '=', 'ada').execute()
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction)
      const pid = rows[0]?.pid ?? 0
      process.kill(pid, 'SIGSTOP')
      setTimeout(() => process.kill(pid, 'SIGCONT'), 700)
      await transaction.selectFrom('users').selectAll().execute()
    })
    await assert.rejects(late, { statusCode: 503 })
    await delay(500)
    await accounts.create(sampleAccount('new'), sampleEntry('new'))
    const names = await askPostgres(server.url, 'select username from users order by seq')
    assert.deepEqual(
      names.map(({ username }) => username),
      ['ada', 'grace', 'new'],
    )
  })

  test('a restart between two requests is not even noticed by who is known', { timeout: 60_000 }, async (t) => {
    const server = await startPostgres(t)
    const storage = await storageThatKnows(t, server.url)
    const noticed: unknown[] = []
    for (let round = 0; round < 5; round += 1) {
      let first: unknown
      const asked: Promise<void>[] = []
      const watching = setInterval(() => {
        try {
          goesOn(storage)
        } catch (error) {
          // The look may find the new server before this test does: then that is there, is asked and answers.
          const isBack = askPostgres(server.url, 'select 1').then(() => isKnown(storage))
          asked.push(
            isBack.catch(() => {
              first ??= error
            }),
          )
        }
      }, 5)
      await server.stop()
      await server.start()
      clearInterval(watching)
      await Promise.all(asked)
      if (first !== undefined) noticed.push(first)
      await heals(storage)
    }
    // A machine that stands still for most of a second is not told from a database that does: what is known is asked again then.
    t.diagnostic(`noticed in ${noticed.length} of 5 restarts`)
    if (noticed.length > 2) throw noticed[0]
  })

  test('a server without a connection left: who is known goes on, and one that is freed is enough', {
    timeout: 120_000,
  }, async (t) => {
    const server = await startPostgres(t, ['max_connections=6', 'superuser_reserved_connections=0'])
    const storage = await storageThatKnows(t, server.url)
    const others = await crowd(t, server)
    await others.push(`application_name = 'portcullis'`)
    t.diagnostic(`the slowest took ${ms(await restRejects(storage))}`)
    goesOn(storage)
    await others.leave()
    t.diagnostic(`well again after ${ms(await heals(storage))}`)
  })

  test('when the look’s own connection is gone and no other is left, a query’s is used, and changes are still heard of', {
    timeout: 60_000,
  }, async (t) => {
    const server = await startPostgres(t, ['max_connections=4', 'superuser_reserved_connections=0'])
    const storage = await storageThatKnows(t, server.url)
    // The connection that migrated is closed a second after.
    await delay(1500)
    const others = await crowd(t, server)
    const [queries, ...more] = await others.ask(
      `select pid from pg_stat_activity where application_name = 'portcullis' and query not like '%pg_current_snapshot%'`,
    )
    assert.deepEqual(more, [])
    await others.push(`application_name = 'portcullis' and pid <> ${queries?.['pid']}`)
    await delay(600)
    await know(storage)
    goesOn(storage)
    await others.ask(`update sessions set ended_at = 1 where id = 's-ada'`)
    await delay(1000)
    assert.notEqual(storage.sessions.isActive('s-ada', 'ada', 0), true)
    assert.equal(await storage.sessions.isActive('s-ada', 'ada', 0), false)
  })

  test('a process that starts while it is lost says so in one sentence', { timeout: 60_000 }, async (t) => {
    const server = await startPostgres(t)
    await server.stop()
    await assert.rejects(storageThatKnows(t, server.url), /nothing listens there/)
    await server.start(['max_connections=1', 'superuser_reserved_connections=0'])
    const hog = new pg.Client({ connectionString: server.url })
    await hog.connect()
    await assert.rejects(storageThatKnows(t, server.url), /has no connection left: raise max_connections/)
    await hog.end()
    server.freeze()
    await assert.rejects(storageThatKnows(t, server.url), /does not let us in/)
    server.thaw()
  })

  test('news that can not be read: nothing is remembered, everything is asked', { timeout: 60_000 }, async (t) => {
    const server = await startPostgres(t)
    const storage = await storageThatKnows(t, server.url)
    await askPostgres(server.url, 'alter table portcullis_news rename to elsewhere')
    await storage.catchUp()
    assert.ok(storage.sessions.isActive('s-ada', 'ada', 0) instanceof Promise)
    await know(storage)
    assert.ok(storage.sessions.isActive('s-ada', 'ada', 0) instanceof Promise)
    await askPostgres(server.url, 'alter table elsewhere rename to portcullis_news')
    await storage.catchUp()
    await know(storage)
    goesOn(storage)
  })
})
