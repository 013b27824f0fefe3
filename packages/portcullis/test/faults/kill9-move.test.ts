import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { suite, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { directions, everything, notes, twoSides, using } from '../storage/move/samples.ts'

/** 4 by default; the long run sets FAULT_ROUNDS. */
const rounds = Math.min(40, Number(process.env['FAULT_ROUNDS'] ?? 4))
const SESSIONS = 10_000

const command = new URL('../../src/cli/main.ts', import.meta.url).pathname

const start = (from: string, to: string) =>
  spawn(process.execPath, ['--conditions=source', command, 'move', '--from', from, '--to', to], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })

for (const { name, from, to } of directions)
  suite(`kill -9 of a move, ${name}`, { skip: from.skip || to.skip, timeout: 120_000 + rounds * 20_000 }, () => {
    test(`${rounds} times at any moment: run again it goes on, and the end is the same`, async (t) => {
      const { source, destination } = await twoSides(t, { from, to })
      await using(source, [notes], async ({ database }) => {
        const session = sql`'s' || n, 'ada', n, n, n + 9e9, null, '', ''`
        const numbers = sql`with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${SESSIONS})`
        if (from.name === 'SQLite') {
          await sql`insert into sessions ${numbers} select ${session} from numbers`.execute(database)
          await sql`insert into refresh_tokens ${numbers} select 't' || n, 's' || n, n, n + 9e9, null, null, null from numbers`.execute(
            database,
          )
        } else {
          await sql`${numbers} insert into sessions select ${session} from numbers`.execute(database)
          await sql`${numbers} insert into refresh_tokens select 't' || n, 's' || n, n, n + 9e9, null, null, null from numbers`.execute(
            database,
          )
        }
      })
      const wanted = await everything(source)
      const moments: string[] = []
      for (let round = 0; round < rounds; round += 1) {
        const before = await rows(destination)
        const child = start(source, destination)
        const closed = once(child, 'close')
        // Where everything is there already, it is killed while it compares.
        while (child.exitCode === null && (await rows(destination)) === before && before < 20_000) await delay(5)
        await delay(Math.random() * 60)
        child.kill('SIGKILL')
        const [, signal] = await closed
        moments.push(`${await rows(destination)}${signal === null ? ' (it had ended)' : ''}`)
      }
      t.diagnostic(`rows there when it was killed: ${moments.join(', ')}`)
      assert.ok(
        moments.some((moment) => !moment.includes('ended')),
        'none was killed at work',
      )
      const last = start(source, destination)
      const [code] = await once(last, 'close')
      assert.equal(code, 0)
      assert.deepEqual(await everything(destination), wanted)
    })
  })

const rows = (url: string): Promise<number> =>
  using(url, [notes], async ({ database }) => {
    const counted = await sql<{
      rows: number
    }>`select (select count(*) from audit_entries) + (select count(*) from sessions) + (select count(*) from refresh_tokens) as rows`.execute(
      database,
    )
    return Number(counted.rows[0]?.rows)
  })
