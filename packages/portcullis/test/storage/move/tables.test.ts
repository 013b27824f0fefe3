import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { type Kysely, sql } from 'kysely'
import { type Migration, moveStorage, type Storage } from '../../../src/storage/index.ts'
import { postgres, sqlite } from '../engines.ts'
import { type Tables, using } from './samples.ts'

/** A migration of the same name on both sides, in each engine's own words. */
const made = (statements: readonly string[]): readonly Migration[] => [
  {
    name: 'own-0001',
    up: async (database) => {
      for (const statement of statements) await run(database, statement)
    },
  },
]

const run = async (database: Kysely<unknown>, statement: string) =>
  (await sql.raw<Record<string, unknown>>(statement).execute(database)).rows.map((row) => ({ ...row }))

/** From SQLite to PostgreSQL; the tables of each side, and what is in the source's. */
const sides = async (
  t: TestContext,
  inSqlite: readonly string[],
  inPostgres: readonly string[],
  rows: readonly string[],
) => {
  const [source, destination] = [await sqlite.fresh(t), await postgres.fresh(t)]
  const on = (url: string, statements: readonly string[]) =>
    using(url, made(url === source ? inSqlite : inPostgres), async ({ database }) => {
      let last: readonly Record<string, unknown>[] = []
      for (const statement of statements)
        last = await run(database as unknown as Storage<unknown>['database'] & Kysely<Tables>, statement)
      return last
    })
  await on(source, rows)
  await on(destination, [])
  return { source, destination, ask: (statement: string) => on(destination, [statement]) }
}

suite('tables of an application', { skip: postgres.skip }, () => {
  test('a table comes after those that it refers to', async (t) => {
    const tables = [
      'create table zoo (id integer primary key)',
      'create table middle (id integer primary key, zoo integer not null references zoo (id))',
      'create table animals (id integer primary key, middle integer references middle (id))',
    ]
    const filled = [
      'insert into zoo values (1)',
      'insert into middle values (2, 1)',
      'insert into animals values (3, 2)',
    ]
    const { source, destination } = await sides(t, tables, tables, filled)
    const { tables: moved, faults } = await moveStorage(source, destination)
    assert.deepEqual(faults, [])
    const order = moved.filter(({ rows }) => rows > 0).map(({ name }) => name)
    assert.deepEqual(order, ['zoo', 'middle', 'animals'])
  })

  test('rows that refer to rows of their own table may come in any order, and a break does no harm', async (t) => {
    const tables = [
      'create table comments (id integer primary key, parent integer references comments (id), body text)',
    ]
    const chain =
      'with recursive n (i) as (select 1 union all select i + 1 from n where i < 500) insert into comments select i, nullif(i + 1, 501), null from n'
    const { source, destination, ask } = await sides(t, tables, tables, [chain])
    const breaking = moveStorage(source, destination, {
      batchRows: 50,
      onBatch: ({ table, rows }) => {
        if (table === 'comments' && rows > 200) throw new Error('broken off')
      },
    })
    await assert.rejects(breaking, /broken off/)
    const report = await moveStorage(source, destination, { batchRows: 50 })
    assert.deepEqual(report.faults, [])
    const { copied, present } = report.tables.find(({ name }) => name === 'comments') ?? {}
    assert.deepEqual([copied, present], [0, 500])
    assert.deepEqual(await ask('select count(*), sum(parent) from comments'), [{ count: 500, sum: 125249 }])
    assert.deepEqual(await ask("select count(*) from pg_class where relname = 'portcullis_move'"), [{ count: 0 }])
  })

  test('a row that refers to nothing, which SQLite let in, stops the move by a sentence', async (t) => {
    const tables = [
      'create table a (id integer primary key)',
      'create table b (id integer primary key, a integer references a (id))',
    ]
    const rows = ['pragma foreign_keys = off', 'insert into b values (1, 7)']
    const { source, destination, ask } = await sides(t, tables, tables, rows)
    await assert.rejects(moveStorage(source, destination), {
      message:
        'PostgreSQL refuses a row of the table b, b_a_fkey: it refers to a row that is not there. Mend it in the source.',
    })
    assert.deepEqual(await ask('select * from b'), [])
  })

  test('tables that refer to each other in a circle are refused', async (t) => {
    const inPostgres = [
      'create table a (id integer primary key, b integer)',
      'create table b (id integer primary key, a integer references a (id))',
      'alter table a add foreign key (b) references b (id)',
    ]
    const inSqlite = [
      'create table a (id integer primary key, b integer references b (id))',
      'create table b (id integer primary key, a integer references a (id))',
    ]
    const { source, destination } = await sides(t, inSqlite, inPostgres, [])
    await assert.rejects(moveStorage(source, destination), /^Error: The tables a, b refer to each other in a circle/)
  })

  test('names of any spelling, keys of several columns, computed columns', async (t) => {
    const table = (generated: string) =>
      `create table "Order ""Lines""" ("Order" text, "select" bigint, "Größe" text, total bigint generated always as ("select" * 2) ${generated}, primary key ("select", "Order"))`
    const rows = [`insert into "Order ""Lines""" values ('a', 1, ''), ('b', 1, null), ('a', 2, 'x')`]
    const { source, destination, ask } = await sides(t, [table('virtual')], [table('stored')], rows)
    assert.deepEqual((await moveStorage(source, destination, { batchRows: 2 })).faults, [])
    assert.deepEqual((await moveStorage(source, destination)).faults, [])
    assert.deepEqual(await ask('select total from "Order ""Lines""" order by "Order", "select"'), [
      { total: 2 },
      { total: 4 },
      { total: 2 },
    ])
  })

  test('every sequence of a table goes on, also one that gives always, and one that is ahead stays', async (t) => {
    const inSqlite = [
      'create table a (id integer primary key autoincrement, n bigint)',
      'create table b (id integer primary key, n bigint)',
    ]
    const inPostgres = [
      'create table a (id bigint generated always as identity primary key, n bigserial)',
      'create table b (id serial primary key, n bigint)',
    ]
    const rows = ['insert into a values (5, 70)', 'insert into b values (9, 1)']
    const { source, destination, ask } = await sides(t, inSqlite, inPostgres, rows)
    await ask(`select setval('b_id_seq', 1000)`)
    assert.deepEqual((await moveStorage(source, destination)).faults, [])
    assert.deepEqual(await ask('insert into a default values returning id, n'), [{ id: 6, n: 71 }])
    assert.deepEqual(await ask('insert into b default values returning id'), [{ id: 1001 }])
  })

  test('what another row holds and must be unique is told, and so is a table without a primary key', async (t) => {
    const plain = ['create table a (id integer primary key, name text)']
    const unique = ['create table a (id integer primary key, name text unique)']
    const twice = await sides(t, plain, unique, [`insert into a values (1, 'secret'), (2, 'secret')`])
    await assert.rejects(moveStorage(twice.source, twice.destination), ({ message }: Error) => {
      assert.match(
        message,
        /^The destination .* refuses 1 row of the table a: other rows hold there what must be unique, or something else writes to it\.$/,
      )
      assert.doesNotMatch(message, /secret/)
      return true
    })
    assert.deepEqual(await twice.ask('select * from a'), [])
    const keyless = await sides(t, ['create table a (name text)'], ['create table a (name text)'], [])
    await assert.rejects(
      moveStorage(keyless.source, keyless.destination),
      /The table a has no primary key, without which/,
    )
  })
})
