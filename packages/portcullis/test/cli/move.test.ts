import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { databasePlace } from '../../src/storage/index.ts'
import { postgres, sqlite } from '../storage/engines.ts'
import { notes, twoSides, using } from '../storage/move/samples.ts'

const bin = join(import.meta.dirname, '../../bin/portcullis.js')

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'move', ...args], {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', ...env },
  })
  return { status, stdout, stderr }
}

const withPassword = (url: string): string => {
  const named = new URL(url)
  named.password = 'never-shown'
  return named.href
}

suite('portcullis move', { skip: postgres.skip }, () => {
  const filled = (t: TestContext) => twoSides(t, { from: sqlite, to: postgres })

  test('copies, compares and shows both sides, table by table; again it finds all of it there', async (t) => {
    const { source, destination } = await filled(t)
    const table = (copied: boolean) =>
      [
        ['table         ', 'rows', 'copied now', 'already there', 'digest'],
        ...(
          [
            ['audit_entries ', '  23'],
            ['sessions      ', '  12'],
            ['users         ', '   5'],
            ['notes         ', '   8'],
            ['refresh_tokens', '  18'],
            ['user_roles    ', '   3'],
          ] as const
        ).map(([name, rows]) => [
          name,
          rows,
          (copied ? rows.trim() : '0').padStart(10),
          (copied ? '0' : rows.trim()).padStart(13),
          'equal',
        ]),
      ]
        .map((line) => line.join('  '))
        .join('\n')
    const shown = (copied: boolean) =>
      `${databasePlace(source)} → ${databasePlace(destination)}\n\n${table(copied)}\n\nBoth sides are equal: 6 tables, 69 rows.\n`
    for (const copied of [true, false]) {
      const { status, stdout, stderr } = run(['--from', source, '--to', withPassword(destination)])
      assert.deepEqual([status, stdout, stderr], [0, shown(copied), ''])
    }
  })

  test('what stands in the way is one sentence each, exit 1; no password, no value, no stack', async (t) => {
    const { source, destination } = await filled(t)
    await using(destination, [notes], async ({ database }) => {
      const row = { id: 'n', owner_id: 'x', body: 'private', created_at: 1 }
      await database
        .insertInto('users')
        .values({
          id: 'x',
          email: 'private',
          email_key: 'private',
          username: 'private',
          username_key: 'private',
          password_hash: 'private',
          created_at: 1,
          changed_at: 1,
          disabled_at: null,
        })
        .execute()
      await database.insertInto('notes').values(row).execute()
    })
    for (const [from, to, why] of [
      [
        source,
        withPassword(destination),
        /holds 1 row in the table users with other content[\s\S]*holds 1 row in the table notes that the source does not have\.\nNothing was written\./,
      ],
      [
        source,
        'postgres://somebody:never-shown@127.0.0.1:1/x',
        /^The database 127\.0\.0\.1:1\/x cannot be reached, nothing listens there/,
      ],
      [
        'sqlite:/nowhere/private.db',
        destination,
        /^There is no database at \/nowhere\/private\.db: name one that exists\.\n$/,
      ],
    ] as const) {
      const { status, stdout, stderr } = run(['--from', from, '--to', to])
      assert.equal(status, 1)
      assert.equal(stdout, '')
      assert.match(stderr, why)
      assert.doesNotMatch(stderr.replaceAll('private.db', ''), /never-shown|somebody|private|phc of|\n\s+at /)
    }
  })

  test('what is typed wrong is answered with what to type, exit 2', async (t) => {
    const { source, destination } = await filled(t)
    for (const [args, why] of [
      [[], /^portcullis move --from URL --to URL\n/],
      [['--from', source], /^portcullis move --from URL --to URL\n/],
      [['postgres://somebody:never-shown@x/y', source], /^portcullis move --from URL --to URL\n/],
      [['--from', source, '--to', destination, 'never-shown'], /^portcullis move --from URL --to URL\n/],
      [['--form=never-shown', source], /There is no option of that name/],
      [['--from', source, '--to', destination, '--into-used'], /There is no option of that name/],
      [['--from', source, '--to', source], /^The source and the destination are the same database: name two\.\n$/],
      [['--from', source, '--to', 'sqlite:./other.db'], /^Both sides are SQLite/],
      [
        ['--from', source, '--to', 'mysql://somebody:never-shown@x/y'],
        /^The destination names a kind of database that is not supported/,
      ],
      [['--from', destination, '--to', './never-shown.db'], /^The destination names no kind of database/],
    ] as const) {
      const { status, stdout, stderr } = run(args)
      assert.deepEqual([status, stdout], [2, ''], stderr)
      assert.match(stderr, why)
      assert.doesNotMatch(stderr, /never-shown|\n\s+at /)
    }
    assert.match(run(['--help']).stdout, /^portcullis move --from URL --to URL\n[\s\S]*exit 2 {2}typed wrong\n$/)
  })
})
