import assert from 'node:assert/strict'
import { symlinkSync, writeFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { sql } from 'kysely'
import { databasePlace, moveStorage } from '../../../src/storage/index.ts'
import { sampleAccount, sampleEntry } from '../samples.ts'
import { temporaryFile } from '../temporary.ts'
import { directions, everything, notes, twoSides, using } from './samples.ts'

for (const { name, from, to } of directions)
  suite(`what a move refuses, ${name}`, { skip: from.skip || to.skip }, () => {
    const anew =
      '\nNothing was written. Move to a database that nothing else writes to: make it anew, start the program once with DATABASE_URL set to it, stop it, and run this again.'

    test('rows of the destination that the source lacks: how many in which table, before anything is written', async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      await using(destination, [notes], async ({ accounts, database }) => {
        for (const id of ['mallory', 'trent']) await accounts.create(sampleAccount(id), sampleEntry(id))
        await sql`update audit_entries set seq = seq + 1000`.execute(database)
        await sql`update users set seq = seq + 1000`.execute(database)
        await sql`create table beside (id bigint primary key)`.execute(database)
        await sql`insert into beside values (1)`.execute(database)
      })
      const before = await everything(destination)
      const side = `The destination ${databasePlace(destination)}`
      await assert.rejects(moveStorage(source, destination), ({ message }: Error) => {
        assert.deepEqual(
          new Set(message.split('\n')),
          new Set([
            `${side} holds 2 rows in the table users that the source does not have.`,
            `${side} holds 2 rows in the table audit_entries that the source does not have.`,
            `${side} holds 1 row in the table beside that the source does not have.`,
            anew.trim(),
          ]),
        )
        return true
      })
      assert.deepEqual(await everything(destination), before)
    })

    test('a row of the same key and other content: which columns, not what is in them', async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      await moveStorage(source, destination)
      await using(destination, [notes], async ({ database }) => {
        await database
          .updateTable('sessions')
          .set({ last_used_at: 5, label: 'secret' })
          .where('id', '=', 'ada here')
          .execute()
        await database.updateTable('users').set({ disabled_at: null }).where('id', '=', 'eve').execute()
        await database.deleteFrom('notes').where('id', '=', 'n1').execute()
      })
      const before = await everything(destination)
      const side = `The destination ${databasePlace(destination)} holds 1 row in the table`
      await assert.rejects(moveStorage(source, destination), ({ message }: Error) => {
        const [lines, end] = [message.split('\n').slice(0, -1), message.split('\n').at(-1)]
        assert.deepEqual(
          new Set(lines),
          new Set([
            `${side} sessions with other content than the source has under the same key (last_used_at, label).`,
            `${side} users with other content than the source has under the same key (disabled_at).`,
          ]),
        )
        assert.equal(end, anew.trim())
        return true
      })
      assert.deepEqual(await everything(destination), before)
    })

    test('a destination without the tables, or that another release made', async (t) => {
      const { source } = await twoSides(t, { from, to })
      const empty = await to.fresh(t)
      if (to.name === 'SQLite')
        await assert.rejects(moveStorage(source, empty), {
          message: `There is no database at ${databasePlace(empty)}: start the program once with DATABASE_URL set to it.`,
        })
      await using(empty, [], async ({ database }) => {
        if (to.name === 'PostgreSQL') await sql`drop table audit_entries`.execute(database)
      })
      await assert.rejects(moveStorage(source, empty), {
        message: `The destination ${databasePlace(empty)} lacks the ${to.name === 'PostgreSQL' ? 'tables audit_entries, notes' : 'table notes'}: start the program once with DATABASE_URL set to it, so that its tables are there, stop it, and run this again.`,
      })
    })

    test('sides on which other migrations ran, or of a newer release', async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      const later = { name: 'notes-0002', up: async () => {} }
      await using(destination, [notes, later], async ({ database }) => {
        await sql`alter table notes add column pinned boolean`.execute(database)
      })
      await assert.rejects(moveStorage(source, destination), {
        message: `The source ${databasePlace(source)} lacks the migration notes-0002: start the same release of the program once on each side, and stop it.\nThe table notes has the column pinned on one side only: start the same release on each side.`,
      })
      await using(source, [notes, later], async ({ database }) => {
        await sql`alter table notes add column pinned boolean`.execute(database)
        await sql`insert into portcullis_migrations values ('portcullis/0099-later', 0)`.execute(database)
      })
      await assert.rejects(moveStorage(source, destination), ({ message }: Error) => {
        assert.match(
          message,
          /^The source .* was written by a newer release \(portcullis\/0099-later is unknown here\)/,
        )
        return true
      })
    })

    test('what is written to the source meanwhile is not in the copy, and is told', async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      const before = await everything(source)
      const { faults, tables } = await moveStorage(source, destination, {
        // Before the sessions are read, which show what they were when it began.
        onBatch: async ({ table }) => {
          if (table === 'audit_entries') await endedAt(source, 1)
        },
      })
      assert.deepEqual(faults, [
        `The source ${databasePlace(source)} was written to while it was copied: stop every program that uses it, and run this again. What changed in rows that were copied already it will then name; make the destination anew in that case.`,
      ])
      assert.ok(tables.every(({ equal }) => equal))
      assert.deepEqual(await everything(destination), before, 'the copy is of one moment')
      await assert.rejects(moveStorage(source, destination), /1 row in the table sessions with other .*\(ended_at\)/)
      await endedAt(source, null)
      assert.deepEqual((await moveStorage(source, destination)).faults, [])
    })

    test('what is written to the destination meanwhile is told', async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      const { faults, tables } = await moveStorage(source, destination, {
        onBatch: async ({ table }) => {
          if (table === 'user_roles') await endedAt(destination, 1)
        },
      })
      assert.deepEqual(faults, [
        `The destination ${databasePlace(destination)} differs from the source in sessions: something else writes to it. Stop that, make the database anew, and run this again.`,
      ])
      assert.deepEqual(
        tables.filter(({ equal }) => !equal).map((table) => table.name),
        ['sessions'],
      )
    })

    test('rows that are taken from the destination meanwhile are told', async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      const { faults } = await moveStorage(source, destination, {
        onBatch: async ({ table }) => {
          if (table === 'user_roles')
            await using(destination, [notes], ({ database }) =>
              database.deleteFrom('refresh_tokens').where('hash', '=', 'ada first').execute(),
            )
        },
      })
      assert.match(faults.join(), /differs from the source in refresh_tokens: something else writes to it/)
    })
  })

const endedAt = (url: string, at: number | null) =>
  using(url, [notes], ({ database }) =>
    database.updateTable('sessions').set({ ended_at: at }).where('id', '=', 'ada here').execute(),
  )

test('urls that can not be those of a move, and options', async (t) => {
  const path = temporaryFile(t)
  await using(`sqlite:${path}`, [], async () => {})
  symlinkSync(path, `${path}.link`)
  const postgres = 'postgres://somebody:secret@127.0.0.1:1/one'
  for (const [from, to, why] of [
    [`sqlite:${path}`, `sqlite:${path}.link`, /^The source and the destination are the same database: name two\.$/],
    [postgres, 'postgresql://other:secret@127.0.0.1:1/one', /are the same database/],
    [
      `sqlite:${path}`,
      `sqlite:${path}2`,
      /^Both sides are SQLite, and this moves .*: stop the program and copy the file\.$/,
    ],
    [
      postgres,
      'postgres://somebody:secret@127.0.0.1:1/two',
      /^Both sides are PostgreSQL.*: use pg_dump and pg_restore\.$/,
    ],
    [
      'mysql://somebody:secret@x/y',
      postgres,
      /^The source names a kind of database that is not supported: write sqlite:PATH/,
    ],
    [`sqlite:${path}`, 'postgres://somebody:sec/ret@x/y', /^The destination cannot be read: write postgres:/],
    ['', postgres, /^The source names no kind of database/],
  ] as const)
    await assert.rejects(moveStorage(from, to), ({ name, message }: Error) => {
      assert.equal(name, 'TypeError')
      assert.match(message, why)
      assert.doesNotMatch(message, /secret|sec\/ret|somebody/)
      return true
    })
  for (const batchRows of [0, -1, 1.5, 10_001, Number.NaN])
    await assert.rejects(moveStorage(`sqlite:${path}`, postgres, { batchRows }), RangeError)
  await assert.rejects(moveStorage(`sqlite:${path}`, postgres), {
    message:
      'The database 127.0.0.1:1/one cannot be reached, nothing listens there: start PostgreSQL, or name another address.',
  })
  await assert.rejects(moveStorage(`sqlite:${path}2`, postgres), {
    message: `There is no database at ${path}2: name one that exists.`,
  })
  writeFileSync(`${path}3`, 'not a database'.repeat(100))
  await assert.rejects(moveStorage(`sqlite:${path}3`, postgres), {
    message: `The database ${path}3 is not an SQLite database: name another path.`,
  })
})
