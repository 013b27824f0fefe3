import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { databasePlace, moveStorage } from '../../../src/storage/index.ts'
import { noon, sampleAccount, sampleEntry, sampleToken } from '../samples.ts'
import { directions, everything, notes, twoSides, using } from './samples.ts'

for (const { name, from, to } of directions)
  suite(`a move, ${name}`, { skip: from.skip || to.skip }, () => {
    test('carries every row over as it is, and leaves the source as it was', async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      const before = await everything(source)
      const report = await moveStorage(source, destination)
      assert.deepEqual(report.faults, [])
      assert.deepEqual([report.from, report.to], [databasePlace(source), databasePlace(destination)])
      assert.deepEqual(Object.fromEntries(report.tables.map((table) => [table.name, table.rows])), {
        users: 5,
        user_roles: 3,
        sessions: 12,
        refresh_tokens: 18,
        audit_entries: 23,
        notes: 8,
      })
      for (const { rows, copied, present, equal } of report.tables)
        assert.deepEqual([copied, present, equal], [rows, 0, true])
      assert.deepEqual(await everything(destination), before)
      assert.deepEqual(await everything(source), before)
    })

    test('run again it writes nothing', async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      await moveStorage(source, destination)
      const report = await moveStorage(source, destination, { batchRows: 3 })
      assert.deepEqual(report.faults, [])
      for (const { rows, copied, present, equal } of report.tables)
        assert.deepEqual([copied, present, equal], [0, rows, true])
    })

    test('nobody is logged out, and nobody is let in who was out', async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      await moveStorage(source, destination)
      await using(destination, [notes], async ({ accounts, sessions }) => {
        assert.deepEqual(await accounts.identity('ada'), { id: 'ada', roles: ['admin', 'editor'] })
        assert.equal(await accounts.identity('eve'), null)
        assert.equal((await accounts.byId('zoë'))?.passwordHash, 'new')
        assert.equal((await accounts.byUsername('ADA'))?.id, 'ada')
        for (const [session, user, active] of [
          ['ada here', 'ada', true],
          ['ada there', 'ada', true],
          ['bob there', 'bob', false],
          ['eve here', 'eve', false],
          ['zoë here', 'zoë', true],
          ['zoë there', 'zoë', false],
        ] as const)
          assert.equal(await sessions.isActive(session, user, noon), active, session)
        const unspent = await sessions.rotate('ada second', sampleToken('ada third', 'ada here'), null, noon + 2)
        assert.equal(unspent.kind, 'rotated')
        const spent = await sessions.rotate('bob first', sampleToken('never', 'bob here'), null, noon + 2)
        assert.ok(spent.kind === 'spent')
        assert.deepEqual(
          [spent.usedAt, spent.sealedSuccessor, spent.successorUnused],
          [noon + 1, 'sealed for bob', true],
        )
        assert.equal(
          (await sessions.rotate('bob there', sampleToken('never', 'bob there'), null, noon + 2)).kind,
          'unknown',
        )
      })
    })

    test('the trail keeps its order, and numbers go on beyond every one that was given', async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      const trail = await using(source, [notes], ({ accounts }) => accounts.audit({ limit: 100 }))
      await moveStorage(source, destination)
      await using(destination, [notes], async ({ accounts, database }) => {
        assert.deepEqual(await accounts.audit({ limit: 100 }), trail)
        // The account with number 6 is gone: its number is not given again.
        await accounts.create(sampleAccount('new'), sampleEntry('new'))
        const { seq } = await database
          .selectFrom('users')
          .select('seq')
          .where('id', '=', 'new')
          .executeTakeFirstOrThrow()
        assert.equal(seq, 7)
        const entries = await database.selectFrom('audit_entries').select('seq').orderBy('seq', 'desc').execute()
        assert.equal(entries[0]?.seq, (entries[1]?.seq ?? 0) + 1)
        assert.equal((await accounts.audit({ limit: 1 }))[0]?.subject, 'new')
      })
    })

    test('and back again: the same rows', async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      const back = await from.fresh(t)
      await using(back, [notes], async () => {})
      await moveStorage(source, destination)
      assert.deepEqual((await moveStorage(destination, back)).faults, [])
      assert.deepEqual(await everything(back), await everything(source))
    })
  })
