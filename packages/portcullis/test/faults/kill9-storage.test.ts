import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { openStorage, type Schema, type Storage } from '../../src/storage/index.ts'
import { postgresServerMissing, startPostgres } from '../services/postgres.ts'
import { engines } from '../storage/engines.ts'
import { noon } from '../storage/samples.ts'

for (const { name, skip, fresh } of engines) {
  /** The long run sets FAULT_ROUNDS. */
  const rounds = Number(process.env['FAULT_ROUNDS'] ?? (name === 'SQLite' ? 25 : 15))
  test(`promise 7: what was acknowledged survives kill -9 on ${name}, ${rounds} rounds`, {
    timeout: rounds * 4000,
    skip,
  }, async (t) => {
    const url = await fresh(t)
    const counts = new Map<string, number>()
    let slowest = 0
    for (let round = 0; round < rounds; round++) {
      const acknowledged = await writeAndKill(url, String(round))
      const started = performance.now()
      const storage = await openStorage(url)
      await storage.ping()
      slowest = Math.max(slowest, performance.now() - started)
      for (const [what, id] of acknowledged) {
        counts.set(what, (counts.get(what) ?? 0) + 1)
        assert.ok(await kept[what]?.(storage, id), `round ${round}: ${what} ${id} was acknowledged and is lost`)
      }
      if (name === 'SQLite') await assertIntact(storage.database)
      await assertWhole(storage.database)
      await storage.close()
    }
    t.diagnostic(
      `acknowledged ${JSON.stringify(Object.fromEntries(counts))}; ready again in ${slowest.toFixed(0)} ms at most`,
    )
    assert.deepEqual(new Set(counts.keys()), new Set(Object.keys(kept)), 'every kind of write was put to the test')
    assert.ok(slowest < 2000, `ready again after ${slowest} ms`)
  })
}

test('promise 7: what was acknowledged survives when PostgreSQL itself is killed', {
  timeout: 120_000,
  skip: postgresServerMissing(),
}, async (t) => {
  const server = await startPostgres(t, ['fsync=on'])
  let count = 0
  for (let round = 0; round < 5; round++) {
    const acknowledged = await writeAndKill(server.url, String(round), () => server.kill())
    await server.start()
    const storage = await openStorage(server.url)
    for (const [what, id] of acknowledged)
      assert.ok(await kept[what]?.(storage, id), `round ${round}: ${what} ${id} was acknowledged and is lost`)
    count += acknowledged.length
    await assertWhole(storage.database)
    await storage.close()
  }
  t.diagnostic(`${count} acknowledged`)
  assert.ok(count > 0)
})

/** Lets a writer work for a random time and kills it, and before it what it writes to; answers what it had acknowledged. */
const writeAndKill = async (
  url: string,
  round: string,
  first: () => unknown = () => {},
): Promise<readonly (readonly [string, string])[]> => {
  const script = new URL('./storage-writer.ts', import.meta.url).pathname
  const writer = spawn(process.execPath, [script, url, round], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(writer, 'close')
  let said = ''
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await Promise.race([once(writer.stdout, 'data'), closed])
  await delay(5 + Math.random() * 250)
  await first()
  writer.kill('SIGKILL')
  const [, signal] = await closed
  assert.equal(signal, 'SIGKILL', 'the writer was at work until it was killed')
  // The piece after the last line break is a line that was cut: nobody was told.
  const lines = said.split('\n').slice(0, -1)
  return lines.map((line) => line.split(' ') as [string, string]).filter(([what]) => what !== 'ready')
}

/** For each kind of write: is it still done? Later writes of the same account may have gone further, never back. */
const kept: Readonly<Record<string, (storage: Storage, id: string) => Promise<boolean>>> = {
  registered: async ({ accounts }, id) => (await accounts.byId(id)) !== null,
  role: async ({ accounts }, id) => (await accounts.byId(id))?.roles[0] === 'admin',
  opened: async ({ database }, id) => {
    const opened = database.selectFrom('sessions').select('id').where('user_id', '=', id)
    return (await opened.execute()).length === 2
  },
  rotated: async ({ database }, id) => {
    const tokens = database.selectFrom('refresh_tokens').select('used_at').orderBy('hash')
    const pair = await tokens.where('hash', 'in', [`${id} first`, `${id} second`]).execute()
    return pair.length === 2 && pair[0]?.used_at === noon && pair[1]?.used_at === null
  },
  password: async ({ accounts, sessions }, id) =>
    (await accounts.byId(id))?.passwordHash === 'new' && !(await sessions.isActive(`${id} there`, id, noon)),
  ended: async ({ sessions }, id) => !(await sessions.isActive(`${id} here`, id, noon)),
  disabled: async ({ accounts }, id) => (await accounts.identity(id)) === null,
}

/** The file is intact. */
const assertIntact = async (database: Kysely<Schema>): Promise<void> => {
  const { rows: integrity } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(database)
  assert.deepEqual(
    integrity.map((row) => row.integrity_check),
    ['ok'],
  )
  const { rows: orphans } = await sql`pragma foreign_key_check`.execute(database)
  assert.deepEqual(orphans, [])
}

/** No transaction is there by half. */
const assertWhole = async (database: Kysely<Schema>): Promise<void> => {
  const { rows } = await sql<Record<string, number>>`select
    (select count(*) from users where id not in (select subject from audit_entries where action = 'account.registered')) as untold,
    (select count(*) from audit_entries where action = 'account.registered' and subject not in (select id from users)) as invented,
    (select count(*) from sessions where id not in (select session_id from refresh_tokens)) as tokenless,
    (select count(*) from refresh_tokens where used_at is not null and successor_hash not in (select hash from refresh_tokens)) as heirless
  `.execute(database)
  assert.deepEqual({ ...rows[0] }, { untold: 0, invented: 0, tokenless: 0, heirless: 0 })
}
