import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { type Migration, openStorage } from '../../src/storage/index.ts'
import { temporaryFile, temporaryStorage } from './temporary.ts'

interface Notes {
  readonly notes: { readonly id: string; readonly text: string }
}

const notes: Migration = {
  name: 'notes/0001-notes',
  up: async ({ schema }) => {
    await schema.createTable('notes').addColumn('id', 'text').addColumn('text', 'text').execute()
  },
}

test('an application’s migrations run after ours, once', async (t) => {
  const path = temporaryFile(t)
  for (const _ of ['first start', 'second start']) {
    const { database, close } = await openStorage<Notes>(`sqlite:${path}`, { migrations: [notes] })
    await database.insertInto('notes').values({ id: 'n', text: 'kept' }).execute()
    await close()
  }
  const { database } = await temporaryStorage<Notes>(t, { migrations: [notes] }, path)
  assert.equal((await database.selectFrom('notes').selectAll().execute()).length, 2)
  const without = await temporaryStorage(t, {}, path)
  await without.ping()
})

test('a migration that fails leaves the database as it was, and the next start tries again', async (t) => {
  const path = temporaryFile(t)
  const broken: Migration = {
    name: 'notes/0002-broken',
    up: async ({ schema }) => {
      await schema.createTable('half').addColumn('id', 'text').execute()
      throw new Error('something in the application')
    },
  }
  await assert.rejects(openStorage(`sqlite:${path}`, { migrations: [notes, broken] }), {
    message: `The migration notes/0002-broken failed, and the database ${path} was left as it was.`,
  })
  const { database } = await temporaryStorage<Notes & { half: { id: string } }>(t, { migrations: [notes] }, path)
  assert.deepEqual(await database.selectFrom('notes').selectAll().execute(), [])
  await assert.rejects(database.selectFrom('half').selectAll().execute(), /no such table/)
})

test('a migration’s name is its own, and not one of ours', async (t) => {
  const up = async () => {}
  const wrongs = ['', 'Notes', 'portcullis/0002-mine', 'notes 1', 'notes\n', '../x', 'n'.repeat(300)]
  for (const name of wrongs)
    await assert.rejects(openStorage(`sqlite:${temporaryFile(t)}`, { migrations: [{ name, up }] }), {
      name: 'TypeError',
      message: `Migrations need a name like notes/0001-notes, each its own and none that begins with portcullis/: ${name}.`,
    })
  await assert.rejects(openStorage(`sqlite:${temporaryFile(t)}`, { migrations: [notes, notes] }), /each its own/)
})

test('a database that a newer release wrote is refused', async (t) => {
  const path = temporaryFile(t)
  interface Recorded {
    readonly portcullis_migrations: { readonly name: string; readonly applied_at: number }
  }
  const { database, close } = await openStorage<Recorded>(`sqlite:${path}`)
  const newer = { name: 'portcullis/9999-future', applied_at: 1 }
  await database.insertInto('portcullis_migrations').values(newer).execute()
  await close()
  await assert.rejects(openStorage(`sqlite:${path}`), {
    message: `The database ${path} was written by a newer release (portcullis/9999-future is unknown here): install that release or a later one.`,
  })
})

test('four processes that start at once migrate once', { timeout: 30_000 }, async (t) => {
  for (let round = 0; round < 3; round++) {
    const path = temporaryFile(t)
    const starters = Array.from({ length: 4 }, () => fork(new URL('./starter.ts', import.meta.url), [path]))
    await Promise.all(starters.map((starter) => once(starter, 'message')))
    for (const starter of starters) starter.send('go')
    const ends = await Promise.all(starters.map(async (starter) => (await once(starter, 'exit'))[0]))
    assert.deepEqual(ends, [0, 0, 0, 0])
    const { database } = await temporaryStorage<{ counted: { id: number } }>(t, {}, path)
    assert.equal((await database.selectFrom('counted').selectAll().execute()).length, 1)
  }
})
