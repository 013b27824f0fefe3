import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { type Migration, moveStorage } from '../../../src/storage/index.ts'
import { postgres, sqlite, withSetting } from '../engines.ts'
import { using } from './samples.ts'

/** A table with one column of a type of PostgreSQL's, which SQLite takes by the affinity of its name. */
const things = (type: string): Migration => ({
  name: 'things-0001',
  up: async (database) => {
    await sql`create table things (id bigint primary key, value ${sql.raw(type)})`.execute(database)
  },
})

/** Both sides with that table, the source's filled by statements. */
const twoOf = async (t: TestContext, type: string, values: readonly string[], fromPostgres = false) => {
  const [from, to] = fromPostgres ? [postgres, sqlite] : [sqlite, postgres]
  const [source, destination] = [await from.fresh(t), await to.fresh(t)]
  const migrations = [things(type)]
  await using(source, migrations, async ({ database }) => {
    for (const [at, value] of values.entries())
      await sql`insert into things values (${at}, ${sql.raw(value)})`.execute(database)
  })
  await using(destination, migrations, async () => {})
  const there = async () =>
    using(fromPostgres ? destination : withSetting(destination, 'timezone=UTC'), migrations, async ({ database }) => {
      const text = fromPostgres ? sql`value` : sql`value::text`
      const { rows } = await sql<{ value: unknown }>`select ${text} as value from things order by id`.execute(database)
      return rows.map(({ value }) => value)
    })
  return { source, destination, there }
}

suite('what columns hold', { skip: postgres.skip }, () => {
  const kept: readonly (readonly [type: string, sqlite: readonly string[], postgres: readonly string[]])[] = [
    [
      'bigint',
      ['9007199254740993', '-9223372036854775808', '0', 'null'],
      ['9007199254740993', '-9223372036854775808', '0'],
    ],
    ['boolean', ['true', 'false', 'null'], ['true', 'false']],
    ['double precision', ['0.1', '1e300', '3', '-2.5e-300', '9e999'], ['0.1', '1e+300', '3', '-2.5e-300', 'Infinity']],
    ['numeric', ['0.1', '12', `'2.50'`], ['0.1', '12', '2.5']],
    ['text', [`''`, `'NULL'`, `'Ünï 😀'`, 'null'], ['', 'NULL', 'Ünï 😀']],
    ['bytea', [`x''`, `x'00ff0a'`, 'null'], ['\\x', '\\x00ff0a']],
    ['jsonb', [`'{"b":[1, 2.50],"a":"é"}'`, `'1'`, `'null'`], ['{"a": "é", "b": [1, 2.5]}', '1', 'null']],
    ['json', [`'{"b": 1,  "a": 2}'`], ['{"b": 1,  "a": 2}']],
    [
      'timestamptz',
      [`'2027-01-15T08:00:00.5Z'`, `'2027-01-15 08:00:00'`],
      ['2027-01-15 08:00:00.5+00', '2027-01-15 08:00:00+00'],
    ],
    ['timestamp', [`'2027-01-15 08:00:00'`], ['2027-01-15 08:00:00']],
    ['date', [`'2027-01-15'`], ['2027-01-15']],
    ['uuid', [`'0f0e0d0c-0b0a-0908-0706-050403020100'`], ['0f0e0d0c-0b0a-0908-0706-050403020100']],
    ['varchar(5)', [`'five!'`], ['five!']],
  ]
  for (const [type, values, printed] of kept)
    test(`${type} is the same on both sides, there and back`, async (t) => {
      const { source, destination, there } = await twoOf(t, type, values)
      const report = await moveStorage(source, destination)
      assert.deepEqual(report.faults, [])
      const wanted = values.map((value, at) => (value === 'null' ? null : printed[at]))
      assert.deepEqual(await there(), wanted)
      const back = await sqlite.fresh(t)
      await using(back, [things(type)], async () => {})
      assert.deepEqual((await moveStorage(destination, back)).faults, [])
      assert.deepEqual((await moveStorage(source, destination)).faults, [], 'it is still equal')
    })

  const refused: readonly (readonly [type: string, value: string, why: RegExp])[] = [
    [
      'bigint',
      '1.5',
      /^The column value of the table things holds a value that the type bigint of PostgreSQL can't be: mend it\.$/,
    ],
    ['bigint', `'secret'`, /^The column value of the table things holds a value that the type bigint/],
    [
      'integer',
      '3000000000',
      /^PostgreSQL refuses a row of the table things: a number is out of the range of its column\. Mend it in the source\.$/,
    ],
    ['boolean', '2', /the type boolean of PostgreSQL can't be/],
    ['text', `x'00'`, /the type text of PostgreSQL can't be/],
    [
      'text',
      `'sec' || char(0) || 'ret'`,
      /^The column value of the table things holds text with a NUL character, which PostgreSQL refuses: take it out in the source\.$/,
    ],
    [
      'text',
      `cast(x'736563ff' as text)`,
      /^The column value of the table things holds text that is not UTF-8: mend it in the source\.$/,
    ],
    ['varchar(5)', `'secret'`, /table things: a text is too long for its column\./],
    [
      'char(8)',
      `'secret'`,
      /^The destination .* does not keep the table things as the source has it \(value\): the types/,
    ],
    ['numeric(6,2)', '1.005', /does not keep the table things as the source has it \(value\)/],
    ['real', '0.123456789', /does not keep the table things/],
    ['jsonb', `'{secret'`, /the type jsonb of PostgreSQL can't be/],
    ['jsonb', `'"sec\\u0000ret"'`, /table things: a JSON text holds a character that PostgreSQL refuses/],
    ['timestamptz', '1800000000000', /the type timestamp with time zone of PostgreSQL can't be/],
    ['uuid', `'secret'`, /table things: a value does not fit its column \(SQLSTATE 22P02\)/],
  ]
  for (const [type, value, why] of refused)
    test(`${value} in ${type} is refused by a sentence without it, and nothing of its batch stays`, async (t) => {
      const { source, destination, there } = await twoOf(t, type, ['null', value])
      await assert.rejects(moveStorage(source, destination), ({ message, cause }: Error) => {
        assert.match(message, why)
        assert.doesNotMatch(message, /secret|sec.?ret|3000000000|1\.005|0\.123/)
        assert.equal(cause, undefined)
        return true
      })
      assert.deepEqual(await there(), [])
    })

  test('a number that SQLite has no room for is refused on the way back', async (t) => {
    const { source, destination, there } = await twoOf(t, 'numeric', ['12345678901234567890.5'], true)
    await assert.rejects(
      moveStorage(source, destination),
      /does not keep the table things as the source has it \(value\)/,
    )
    assert.deepEqual(await there(), [])
  })
})
