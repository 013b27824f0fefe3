import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moveStorage } from '../../../src/storage/index.ts'
import { postgresServerMissing, startPostgres } from '../../services/postgres.ts'
import { sqlite } from '../engines.ts'
import { everything, notes, twoSides, using } from './samples.ts'

test('a server that is lost in the middle: one sentence, and run again it goes on', {
  skip: postgresServerMissing(),
}, async (t) => {
  const server = await startPostgres(t)
  const to = { name: 'PostgreSQL', skip: false, fresh: async () => server.url } as const
  for (const end of ['stop', 'kill'] as const) {
    const { source, destination } = await twoSides(t, { from: sqlite, to })
    const wanted = await everything(source)
    const lost = moveStorage(source, destination, {
      batchRows: 5,
      onBatch: async ({ table, rows }) => {
        if (table === 'sessions' && rows > 5) await server[end]()
      },
    })
    await assert.rejects(lost, {
      message: `The database 127.0.0.1:${server.port}/postgres was lost: look whether PostgreSQL runs there, and run this again.`,
    })
    await server.start()
    const { faults, tables } = await moveStorage(source, destination)
    assert.deepEqual(faults, [])
    assert.ok(tables.some(({ present }) => present > 0) && tables.some(({ copied }) => copied > 0))
    assert.deepEqual(await everything(destination), wanted)
    await using(destination, [notes], async ({ database }) => {
      for (const table of ['notes', 'user_roles', 'users', 'refresh_tokens', 'sessions', 'audit_entries'] as const)
        await database.deleteFrom(table).execute()
    })
  }
})
