import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { suite, test } from 'node:test'
import { type Kysely, sql } from 'kysely'
import { databasePlace, type Migration, openStorage } from '../../src/storage/index.ts'
import { engines } from './engines.ts'
import { opened } from './temporary.ts'

interface Notes {
  readonly notes: { readonly id: string; readonly text: string }
}

const notes: Migration = {
  name: 'notes/0001-notes',
  up: async ({ schema }) => {
    await schema.createTable('notes').addColumn('id', 'text').addColumn('text', 'text').execute()
  },
}

for (const { name, skip, fresh } of engines)
  suite(`migrations: ${name}`, { skip }, () => {
    test('an application’s migrations run after ours, once', async (t) => {
      const url = await fresh(t)
      for (const _ of ['first start', 'second start']) {
        const { database, close } = await openStorage<Notes>(url, { migrations: [notes] })
        await database.insertInto('notes').values({ id: 'n', text: 'kept' }).execute()
        await close()
      }
      const { database } = await opened<Notes>(t, url, { migrations: [notes] })
      assert.equal((await database.selectFrom('notes').selectAll().execute()).length, 2)
      const without = await opened(t, url)
      await without.ping()
    })

    test('a migration that fails leaves the database as it was, and the next start tries again', async (t) => {
      const url = await fresh(t)
      const broken: Migration = {
        name: 'notes/0002-broken',
        up: async ({ schema }) => {
          await schema.createTable('half').addColumn('id', 'text').execute()
          throw new Error('something in the application')
        },
      }
      await assert.rejects(openStorage(url, { migrations: [notes, broken] }), {
        message: `The migration notes/0002-broken failed, and the database ${databasePlace(url)} was left as it was.`,
      })
      const { database } = await opened<Notes & { half: { id: string } }>(t, url, { migrations: [notes] })
      assert.deepEqual(await database.selectFrom('notes').selectAll().execute(), [])
      await assert.rejects(database.selectFrom('half').selectAll().execute(), /no such table|does not exist/)
    })

    test('a statement that fails in a migration leaves the database as it was', async (t) => {
      const url = await fresh(t)
      const broken: Migration = {
        name: 'notes/0002-broken',
        up: async ({ schema }) => {
          await schema.createTable('half').addColumn('id', 'text').execute()
          await schema.createTable('half').addColumn('id', 'text').execute()
        },
      }
      await assert.rejects(openStorage(url, { migrations: [broken] }), /notes\/0002-broken failed/)
      await (await opened(t, url)).ping()
    })

    test('why a migration failed is its error’s reason, without a value that was refused', async (t) => {
      const url = await fresh(t)
      const steps: [(database: Kysely<unknown>) => unknown, RegExp][] = [
        [({ schema }) => schema.dropTable('nowhere').execute(), /^no such table: nowhere$|"nowhere" does not exist/],
        [({ schema }) => void schema.createTable('half').addColumn('id', 'text').execute(), /^up answers no promise/],
        [
          () => {
            throw new Error('said by the application')
          },
          /^said by the application$/,
        ],
      ]
      // SQLite makes 0 of it.
      const cast = async (database: Kysely<unknown>) =>
        void (await sql`select cast('hunter2' as int)`.execute(database))
      if (name === 'PostgreSQL') steps.push([cast, /^SQLSTATE 22P02$/])
      for (const [up, reason] of steps)
        await assert.rejects(
          openStorage(url, { migrations: [{ name: 'notes/0002-broken', up: up as Migration['up'] }] }),
          (error: Error & { readonly reason: string }) => {
            assert.match(error.message, /^The migration notes\/0002-broken failed/)
            assert.match(error.reason, reason)
            assert.doesNotMatch(error.reason, /hunter2/)
            return true
          },
        )
      const { database } = await opened<{ half: { id: string } }>(t, url)
      await assert.rejects(database.selectFrom('half').selectAll().execute(), /no such table|does not exist/)
    })

    test('a migration’s name is its own, and not one of ours', async (t) => {
      const url = await fresh(t)
      const up = async () => {}
      const wrongs = ['', 'Notes', 'portcullis/0002-mine', 'notes 1', 'notes\n', '../x', 'n'.repeat(300)]
      for (const wrong of wrongs)
        await assert.rejects(openStorage(url, { migrations: [{ name: wrong, up }] }), {
          name: 'TypeError',
          message: `Migrations need a name like notes/0001-notes, each its own and none that begins with portcullis/: ${wrong}.`,
        })
      await assert.rejects(openStorage(url, { migrations: [notes, notes] }), /each its own/)
    })

    test('a database that a newer release wrote is refused', async (t) => {
      const url = await fresh(t)
      interface Recorded {
        readonly portcullis_migrations: { readonly name: string; readonly applied_at: number }
      }
      const { database, close } = await openStorage<Recorded>(url)
      const newer = { name: 'portcullis/9999-future', applied_at: 1 }
      await database.insertInto('portcullis_migrations').values(newer).execute()
      await close()
      await assert.rejects(openStorage(url), {
        message: `The database ${databasePlace(url)} was written by a newer release (portcullis/9999-future is unknown here): install that release or a later one.`,
      })
    })

    test('who may only read demands that every migration has run', async (t) => {
      const url = await fresh(t)
      await (await openStorage(url)).close()
      await (await opened(t, url, { readonly: true })).ping()
      await assert.rejects(openStorage(url, { readonly: true, migrations: [notes] }), {
        message: `The database ${databasePlace(url)} lacks migrations: start the program once with the right to write, then read.`,
      })
    })

    test('four processes that start at once migrate once', { timeout: 60_000 }, async (t) => {
      for (let round = 0; round < 3; round++) {
        const url = await fresh(t)
        const starters = Array.from({ length: 4 }, () => fork(new URL('./starter.ts', import.meta.url), [url]))
        await Promise.all(starters.map((starter) => once(starter, 'message')))
        for (const starter of starters) starter.send('go')
        const ends = await Promise.all(starters.map(async (starter) => (await once(starter, 'exit'))[0]))
        assert.deepEqual(ends, [0, 0, 0, 0])
        const { database } = await opened<{ counted: { id: number } }>(t, url)
        assert.equal((await database.selectFrom('counted').selectAll().execute()).length, 1)
      }
    })
  })
