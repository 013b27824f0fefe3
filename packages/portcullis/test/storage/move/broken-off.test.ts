import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { moveStorage } from '../../../src/storage/index.ts'
import { sampleAccount, sampleEntry } from '../samples.ts'
import { directions, everything, notes, twoSides, using } from './samples.ts'

for (const { name, from, to } of directions)
  suite(`a move that breaks off, ${name}`, { skip: from.skip || to.skip }, () => {
    test('after any batch: run again it goes on, and the end is the same', async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      const before = await everything(source)
      let runs = 0
      let present = 0
      for (let ended = false; !ended; runs += 1) {
        let batches = 0
        try {
          const { faults, tables } = await moveStorage(source, destination, {
            batchRows: 5,
            onBatch: ({ rows, of }) => {
              assert.ok(rows <= of)
              batches += 1
              if (batches > runs) throw new Error('broken off')
            },
          })
          assert.deepEqual(faults, [])
          present = tables.reduce((sum, table) => sum + table.present, 0)
          ended = true
        } catch (error) {
          assert.equal((error as Error).message, 'broken off')
        }
      }
      assert.ok(runs > 15, `${runs} runs`)
      assert.equal(present, 69, 'the last run found every row')
      assert.deepEqual(await everything(destination), before)
    })

    test('before the sequence of a table was set: run again it is set', async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      const last = await moveUntil(source, destination, 'users')
      assert.equal(last, 5)
      assert.deepEqual((await moveStorage(source, destination)).faults, [])
      assert.deepEqual(await everything(destination), await everything(source))
      const seq = await using(destination, [notes], async ({ accounts, database }) => {
        await accounts.create(sampleAccount('new'), sampleEntry('new'))
        return database.selectFrom('users').select('seq').where('id', '=', 'new').executeTakeFirstOrThrow()
      })
      assert.deepEqual({ ...seq }, { seq: 7 })
    })
  })

/** Breaks off when all rows of a table are there, and before anything else is done. */
const moveUntil = async (source: string, destination: string, table: string): Promise<number> => {
  let seen = 0
  await assert.rejects(
    moveStorage(source, destination, {
      onBatch: (progress) => {
        if (progress.table !== table) return
        seen = progress.rows
        throw new Error('broken off')
      },
    }),
    /broken off/,
  )
  return seen
}
