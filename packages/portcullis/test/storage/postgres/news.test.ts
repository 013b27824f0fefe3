import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import type { Storage } from '../../../src/storage/index.ts'
import { askPostgres } from '../../services/postgres.ts'
import { postgres } from '../engines.ts'
import { noon, sampleAccount, sampleEntry, sampleSession, sampleToken } from '../samples.ts'
import { opened } from '../temporary.ts'

/** Two that know ada, who is a reader and has the session s. */
const twoThatKnow = async (t: TestContext): Promise<{ here: Storage; there: Storage; url: string }> => {
  const url = await postgres.fresh(t)
  const [here, there] = [await opened(t, url), await opened(t, url)]
  await here.accounts.create(sampleAccount('ada'), sampleEntry('ada'))
  await here.accounts.setRoles('ada', ['reader'], sampleEntry('ada'))
  await here.sessions.open(sampleSession('s', 'ada'), sampleToken('h', 's'))
  for (const storage of [here, there]) {
    await storage.catchUp()
    await known(storage)
  }
  return { here, there, url }
}

/** Asks so that it is remembered. */
const known = async ({ accounts, sessions }: Storage): Promise<void> => {
  await sessions.isActive('s', 'ada', noon)
  await accounts.identity('ada')
}

/** What is answered at once; undefined where the database has to be asked. */
const atOnce = ({ accounts, sessions }: Storage) =>
  [sessions.isActive('s', 'ada', noon), accounts.identity('ada')].map((answer) => {
    if (!(answer instanceof Promise)) return answer
    // Nobody waits for it.
    answer.catch(() => {})
    return undefined
  })

const remembered = [true, { id: 'ada', roles: ['reader'] }]

suite('PostgreSQL: what is remembered', { skip: postgres.skip }, () => {
  test('is answered at once, and nobody can add a role to it', async (t) => {
    const { here } = await twoThatKnow(t)
    assert.deepEqual(atOnce(here), remembered)
    const identity = here.accounts.identity('ada') as unknown as { roles: string[] }
    assert.throws(() => identity.roles.push('admin'), TypeError)
  })

  test('is asked for once by however many want to know it at the same time', async (t) => {
    const { url } = await twoThatKnow(t)
    const { accounts, sessions, database, gauges } = await opened(t, url, { poolSize: 1 })
    let asking: readonly unknown[] = []
    await database.transaction().execute(async () => {
      asking = Array.from({ length: 50 }, () => [sessions.isActive('s', 'ada', noon), accounts.identity('ada')]).flat()
      await setImmediate()
      assert.equal(gauges().find(({ name }) => name === 'portcullis_database_waiting')?.value, 2)
    })
    assert.deepEqual(await Promise.all(asking), Array.from({ length: 50 }, () => remembered).flat())
  })

  test('ends at the session’s expiry to the millisecond', async (t) => {
    const { here } = await twoThatKnow(t)
    const { expiresAt } = sampleSession('s', 'ada')
    assert.equal(here.sessions.isActive('s', 'ada', expiresAt - 1), true)
    assert.equal(here.sessions.isActive('s', 'ada', expiresAt), false)
  })

  test('is what was committed: a transaction of the same process is not seen before, nor after a rollback', async (t) => {
    const { here } = await twoThatKnow(t)
    const interrupted = here.database.transaction().execute(async (transaction) => {
      await transaction.insertInto('user_roles').values({ user_id: 'ada', role: 'admin' }).execute()
      await transaction.updateTable('sessions').set({ ended_at: noon }).execute()
      assert.deepEqual(atOnce(here), remembered)
      await here.catchUp()
      assert.deepEqual(atOnce(here), remembered)
      throw new Error('interrupted')
    })
    await assert.rejects(interrupted, { message: 'interrupted' })
    await here.catchUp()
    assert.deepEqual(atOnce(here), remembered)
  })
})

/** Everything that takes something away, through the stores. */
const writes: readonly (readonly [
  string,
  (storage: Storage) => unknown,
  active: boolean,
  roles: readonly string[] | null,
])[] = [
  ['ending the session', ({ sessions }) => sessions.end('s', 'ada'), false, ['reader']],
  ['ending the account’s sessions', ({ sessions }) => sessions.endAll('ada'), false, ['reader']],
  ['ending every session', ({ sessions }) => sessions.endEverything(), false, ['reader']],
  ['taking a role', ({ accounts }) => accounts.setRoles('ada', [], sampleEntry('ada')), true, []],
  ['giving a role', ({ accounts }) => accounts.setRoles('ada', ['admin'], sampleEntry('ada')), true, ['admin']],
  ['disabling', ({ accounts }) => accounts.setDisabled('ada', true, sampleEntry('ada')), false, null],
  [
    'changing the password',
    ({ accounts }) => accounts.setPassword('ada', sampleAccount('ada').passwordHash, 'new', '', sampleEntry('ada')),
    false,
    ['reader'],
  ],
]

/** And by hand. */
const statements: readonly (readonly [string, active: boolean, roles: readonly string[] | null])[] = [
  [`update sessions set ended_at = 1 where id = 's'`, false, ['reader']],
  [`update sessions set ended_at = 1`, false, ['reader']],
  [`update sessions set expires_at = 5 where id = 's'`, false, ['reader']],
  [`update sessions set user_id = 'grace' where id = 's'`, false, ['reader']],
  [`delete from refresh_tokens; update sessions set id = 't' where id = 's'`, false, ['reader']],
  [`delete from sessions where id = 's'`, false, ['reader']],
  [`truncate sessions cascade`, false, ['reader']],
  [`update users set disabled_at = 1 where id = 'ada'`, true, null],
  [`delete from users where id = 'ada'`, true, null],
  [`truncate users cascade`, true, null],
  [`insert into user_roles (user_id, role) values ('ada', 'admin')`, true, ['admin', 'reader']],
  [`update user_roles set role = 'admin' where user_id = 'ada'`, true, ['admin']],
  [`delete from user_roles where user_id = 'ada'`, true, []],
  [`truncate user_roles`, true, []],
  [
    `insert into user_roles (user_id, role) values ('ada', 'admin') on conflict (user_id, role) do nothing`,
    true,
    ['admin', 'reader'],
  ],
  [
    `with gone as (delete from user_roles returning user_id) insert into user_roles select user_id, 'admin' from gone`,
    true,
    ['admin'],
  ],
]

const identityOf = (roles: readonly string[] | null) => (roles === null ? null : { id: 'ada', roles })

suite('PostgreSQL: the truth tells of its changes', { skip: postgres.skip }, () => {
  for (const [name, write, active, roles] of writes)
    test(`${name} is known here before it is acknowledged, and there after a look`, async (t) => {
      const { here, there } = await twoThatKnow(t)
      const order: string[] = []
      let seen: unknown
      here.onChange(() => {
        order.push('told')
        seen = atOnce(here)
        throw new Error('of a listener')
      })
      there.onChange(() => order.push('told there'))
      await write(here)
      order.push('acknowledged')
      assert.deepEqual(order, ['told', 'acknowledged'])
      assert.deepEqual(seen, [undefined, undefined], 'nothing of before is remembered when others are told')
      assert.equal(await here.sessions.isActive('s', 'ada', noon), active)
      assert.deepEqual(await here.accounts.identity('ada'), identityOf(roles))
      await there.catchUp()
      assert.equal(await there.sessions.isActive('s', 'ada', noon), active)
      assert.deepEqual(await there.accounts.identity('ada'), identityOf(roles))
    })

  test('a write that changed nothing tells nobody', async (t) => {
    const { here } = await twoThatKnow(t)
    let told = 0
    here.onChange(() => {
      told += 1
    })
    assert.equal(await here.sessions.end('s', 'grace'), false)
    assert.equal(await here.sessions.endAll('grace'), 0)
    assert.equal(await here.accounts.setRoles('grace', [], sampleEntry('grace')), false)
    assert.equal(await here.accounts.setPassword('ada', 'stale', 'new', '', sampleEntry('ada')), false)
    await here.sessions.open(sampleSession('s2', 'ada'), sampleToken('h2', 's2'))
    await here.sessions.rotate('h', { hash: 'n', issuedAt: noon, expiresAt: noon + 1000 }, null, noon)
    await here.accounts.setNames('ada', { username: 'other' }, sampleEntry('ada'))
    assert.equal(told, 0)
    await here.catchUp()
    assert.deepEqual(atOnce(here), remembered)
  })

  for (const [statement, active, roles] of statements)
    test(`by hand: ${statement}`, async (t) => {
      const { there, url } = await twoThatKnow(t)
      await askPostgres(url, statement)
      await there.catchUp()
      assert.equal(await there.sessions.isActive('s', 'ada', noon), active)
      assert.deepEqual(await there.accounts.identity('ada'), identityOf(roles))
    })

  test('by hand: an account without roles is deleted', async (t) => {
    const { there, url } = await twoThatKnow(t)
    await askPostgres(url, `delete from user_roles`)
    await there.catchUp()
    assert.deepEqual(await there.accounts.identity('ada'), { id: 'ada', roles: [] })
    await askPostgres(url, `delete from users`)
    await there.catchUp()
    assert.equal(await there.accounts.identity('ada'), null)
  })

  test('a transaction that stays open longer than any look is heard of when it commits', async (t) => {
    const { there, url } = await twoThatKnow(t)
    const [late, early] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })]
    for (const client of [late, early]) {
      client.on('error', () => {})
      await client.connect()
      t.after(() => client.end())
    }
    await late.query('begin')
    await late.query(`update users set disabled_at = 1 where id = 'ada'`)
    // Others commit and are looked at meanwhile, so that the numbers of theirs are higher.
    for (let n = 0; n < 3; n += 1) {
      await early.query(`insert into user_roles (user_id, role) values ('ada', 'r${n}')`)
      await there.catchUp()
    }
    await known(there)
    assert.deepEqual(atOnce(there)[1], { id: 'ada', roles: ['r0', 'r1', 'r2', 'reader'] })
    await late.query('commit')
    await there.catchUp()
    assert.equal(await there.accounts.identity('ada'), null)
  })

  test('a change of many thousands is one piece of news: everything is forgotten', async (t) => {
    const { there, url } = await twoThatKnow(t)
    await askPostgres(
      url,
      `insert into sessions select n::text, 'user ' || n, 0, 0, ${noon + 1}, null, '', '' from generate_series(1, 5000) n`,
    )
    await askPostgres(url, `update sessions set ended_at = 1 where id <> 's'`)
    assert.deepEqual(await askPostgres(url, 'select subject from portcullis_news where subject is null'), [
      { subject: null },
    ])
    const [{ n } = { n: 0 }] = await askPostgres(url, 'select count(*)::int as n from portcullis_news')
    assert.ok(Number(n) < 10, `${n} rows`)
    await there.catchUp()
    assert.deepEqual(atOnce(there), [undefined, undefined])
    assert.equal(await there.sessions.isActive('s', 'ada', noon), true)
  })

  test('more news than one look reads is news that everything may have changed', async (t) => {
    const { there, url } = await twoThatKnow(t)
    await askPostgres(
      url,
      `insert into portcullis_news (xact, subject) select pg_current_xact_id(), 'user ' || n from generate_series(1, 5000) n`,
    )
    await there.catchUp()
    assert.deepEqual(atOnce(there), [undefined, undefined])
  })

  test('what expired is pruned without a word, and old news with it', async (t) => {
    const { here, there, url } = await twoThatKnow(t)
    await here.sessions.open({ ...sampleSession('old', 'ada'), expiresAt: 5 }, sampleToken('h5', 'old'))
    await askPostgres(url, `update portcullis_news set told_at = now() - interval '25 hours'`)
    await here.sessions.end('s', 'grace')
    for (let more = 1; more > 0; ) more = await here.sessions.prune(6)
    assert.deepEqual(await askPostgres(url, 'select * from portcullis_news'), [])
    await there.catchUp()
    assert.deepEqual(atOnce(there), remembered)
  })

  test('whoever may change a row tells of it, though it may not read or write the news', async (t) => {
    const { there, url } = await twoThatKnow(t)
    const role = `clerk_${process.pid}`
    const [{ schema } = { schema: '' }] = await askPostgres(url, 'select current_schema() as schema')
    t.after(() => askPostgres(url, `drop owned by ${role}; drop role ${role}`))
    await askPostgres(
      url,
      `create role ${role}; grant usage on schema ${schema} to ${role}; grant select, update on users to ${role}`,
    )
    // In another schema's place on the path stands a table of the same name.
    await askPostgres(
      url,
      `set role ${role}; create temp table portcullis_news (xact xid8, subject text);
       set search_path = pg_temp, ${schema}; update ${schema}.users set disabled_at = 1`,
    )
    await there.catchUp()
    assert.equal(await there.accounts.identity('ada'), null)
  })

  test('however many ask for a look at once, it is one look more', async (t) => {
    const { there, url } = await twoThatKnow(t)
    const looks = Array.from({ length: 100 }, () => there.catchUp())
    await askPostgres(url, `delete from user_roles`)
    await Promise.all(looks)
    await Promise.all(Array.from({ length: 100 }, () => there.catchUp()))
    assert.deepEqual(await there.accounts.identity('ada'), { id: 'ada', roles: [] })
  })
})
