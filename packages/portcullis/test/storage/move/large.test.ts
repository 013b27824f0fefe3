import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { suite, test } from 'node:test'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { directions, notes, using } from './samples.ts'

const SESSIONS = 100_000
/** MiB that V8 may keep for what lives longer than a moment: what is moved is many times that. */
const HEAP = 48

interface Taken {
  readonly rows: number
  readonly copied: number
  readonly seconds: number
  readonly MiB: number
  readonly faults: readonly string[]
}

const moved = async (from: string, to: string): Promise<Taken> => {
  const mover = new URL('./mover.ts', import.meta.url).pathname
  // A young generation as large as that heap would leave no room to grow old in.
  const heap = [`--max-old-space-size=${HEAP}`, '--max-semi-space-size=2']
  const args = ['--conditions=source', ...heap, mover, from, to]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout) as Taken
}

/** Sessions with two tokens and an entry of the trail each, and 100 notes of a mebibyte. */
const fill = (url: string): Promise<void> =>
  using(url, [notes], async ({ database }) => {
    const numbers = `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n <`
    for (const statement of [
      `insert into users values (1, 'ada', 'ada', 'ada', 'ada', 'ada', 'phc', 1, 1, null)`,
      `${numbers} ${SESSIONS}) insert into sessions select 'session ' || n, 'user ' || n % 1000, n, n, n + 2592000000, null, '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' from numbers`,
      `${numbers} ${SESSIONS * 2}) insert into refresh_tokens select printf('%.64d', n), 'session ' || (1 + (n - 1) / 2), n, n + 2592000000, null, null, null from numbers`,
      `${numbers} ${SESSIONS}) insert into audit_entries select n, n, 'user ' || n % 1000, 'session.opened', 'user ' || n % 1000, '192.0.2.1', 'session ' || n from numbers`,
      `${numbers} 100) insert into notes select 'note ' || n, 'ada', replace(hex(zeroblob(524288)), '0', n % 10), n from numbers`,
    ])
      await sql.raw(statement).execute(database)
  })

suite('a large database', { skip: directions[0].to.skip }, () => {
  test(`${SESSIONS} sessions with all that belongs to them are moved in bounded memory`, {
    timeout: 900_000,
  }, async (t) => {
    const { from: sqlite, to: postgres } = directions[0]
    const [source, destination] = [await sqlite.fresh(t), await postgres.fresh(t)]
    await fill(source)
    await using(destination, [notes], async () => {})
    for (const [name, again] of [
      ['for the first time', false],
      ['again', true],
    ] as const) {
      const { rows, copied, seconds, MiB, faults } = await moved(source, destination)
      t.diagnostic(`${name}: ${rows} rows, ${copied} copied, in ${seconds.toFixed(1)} s; ${MiB.toFixed(0)} MiB at most`)
      assert.deepEqual(faults, [])
      assert.equal(rows, SESSIONS * 4 + 101)
      assert.equal(copied, again ? 0 : rows)
      assert.ok(MiB < 512, `${MiB} MiB`)
    }
  })
})
