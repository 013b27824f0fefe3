import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { openExisting } from '../../src/cli/existing-database.ts'
import { databasePlace, openStorage } from '../../src/storage/index.ts'
import { askPostgres } from '../services/postgres.ts'
import { engines, postgres } from '../storage/engines.ts'
import { sampleAccount, sampleEntry } from '../storage/samples.ts'
import { temporaryFolder } from '../storage/temporary.ts'
import { main, portcullisIn } from './command.ts'

const COMMANDS = [['list'], ['grant', 'ada', 'admin'], ['take', 'ada', 'admin'], ['disable', 'ada'], ['enable', 'ada']]

/** The url, with a password that no server asked for. */
const withPassword = (url: string): string => url.replace(/^(postgres:\/\/[^:@/]+)(?::[^@/]*)?@/, '$1:never-shown@')

test('in a folder without a database it makes none, and says where it looked', (t) => {
  const cwd = temporaryFolder(t)
  symlinkSync('gone.db', join(cwd, 'link.db'))
  const here = readdirSync(cwd)
  for (const [path, options, env] of [
    ['data/portcullis.db', [], {}],
    ['nope.db', ['--database', 'sqlite:./nope.db'], {}],
    ['link.db', ['--database', 'sqlite:./link.db'], {}],
    ['a/b/c.db', [], { DATABASE_URL: 'sqlite:a/b/c.db' }],
  ] as const) {
    for (const command of COMMANDS) {
      const { status, stdout, stderr } = portcullisIn(cwd, env)('users', ...command, ...options)
      assert.deepEqual(
        [status, stdout, stderr],
        [
          1,
          '',
          `There is no database at ${join(cwd, path)}: run this in the backend's folder, or give --database or DATABASE_URL.\n`,
        ],
      )
    }
  }
  assert.deepEqual(readdirSync(cwd), here)
})

test('a file that is no database of Portcullis stays as it is', (t) => {
  const cwd = temporaryFolder(t)
  mkdirSync(join(cwd, 'folder.db'))
  for (const [name, content] of [
    ['empty.db', ''],
    ['text.db', 'this is no database, but it is text of a certain length'.repeat(40)],
  ] as const) {
    writeFileSync(join(cwd, name), content)
    for (const command of COMMANDS) {
      const { status, stdout, stderr } = portcullisIn(cwd)('users', ...command, '--database', `sqlite:${name}`)
      assert.deepEqual([status, stdout], [1, ''])
      assert.match(
        stderr,
        new RegExp(`^The database ${join(cwd, name)} (?:lacks migrations|is not an SQLite database)`),
      )
    }
    assert.equal(readFileSync(join(cwd, name), 'utf8'), content)
  }
  assert.equal(portcullisIn(cwd)('users', 'list', '--database', 'sqlite:folder.db').status, 1)
  assert.deepEqual(readdirSync(cwd).toSorted(), ['empty.db', 'folder.db', 'text.db'])
})

test('a PostgreSQL that holds none of our tables gets none', { skip: postgres.skip }, async (t) => {
  const url = await postgres.fresh(t)
  for (const command of COMMANDS) {
    const { status, stderr } = portcullisIn(temporaryFolder(t))('users', ...command, '--database', withPassword(url))
    assert.equal(status, 1)
    assert.match(stderr, /^The database \S+ lacks migrations/)
    assert.doesNotMatch(stderr, /never-shown/)
  }
  const tables = await askPostgres(url, 'select tablename from pg_tables where schemaname = current_schema()')
  assert.deepEqual(tables, [])
})

for (const { name, skip, fresh } of engines) {
  test(`on ${name} it changes who is there, and says of nobody else where it looked`, { skip }, async (t) => {
    const url = await fresh(t)
    const storage = await openStorage(url)
    t.after(() => storage.close())
    await storage.accounts.create(sampleAccount('ada'), sampleEntry('ada'))
    const run = portcullisIn(temporaryFolder(t), { DATABASE_URL: withPassword(url) })

    assert.deepEqual(run('users', 'grant', 'ada@example.com', 'admin'), {
      status: 0,
      stdout: 'ada now has admin.\n',
      stderr: '',
    })
    assert.match(run('users', 'list').stdout, /^ada +ada +ada@example\.com +admin\n1 account\.\n$/)
    assert.deepEqual((await storage.accounts.byId('ada'))?.roles, ['admin'])
    const nobody = {
      status: 1,
      stdout: '',
      stderr: `There is no account of that e-mail address, username or id in ${databasePlace(url)}.\n`,
    }
    // The most that PUT /users/:id/roles takes.
    const most = Array.from({ length: 16 }, (_, index) => `role${index}`)
    await storage.accounts.setRoles('ada', most, sampleEntry('ada'))
    assert.deepEqual(run('users', 'grant', 'ada', 'admin'), {
      status: 1,
      stdout: '',
      stderr: 'ada has 16 roles, and more are not taken: take one away first.\n',
    })
    assert.deepEqual(run('users', 'grant', 'ada', 'role3').status, 0)
    assert.equal((await storage.accounts.byId('ada'))?.roles.length, 16)

    const reading = await openExisting(url, { readonly: true })
    t.after(() => reading.close())
    assert.equal((await reading.accounts.byId('ada'))?.username, 'ada')
    await assert.rejects(async () => reading.accounts.setRoles('ada', [], sampleEntry('ada')), /read-?only/)
    for (const who of ['bob', 'bob@example.com']) assert.deepEqual(run('users', 'grant', who, 'admin'), nobody)
    assert.deepEqual(run('users', 'disable', 'bob'), nobody)
  })
}

for (const { name, skip, fresh } of engines) {
  test(`on ${name} a username that is somebody else's id is nobody until the address says who is meant`, {
    skip,
  }, async (t) => {
    const url = await fresh(t)
    const storage = await openStorage(url)
    t.after(() => storage.close())
    const { accounts } = storage
    // Names are looked up without regard to case, ids are not.
    await accounts.create(
      sampleAccount('Zk3_q-Xv7PmW0aBcDeFgHi', { email: 'ada@example.com', username: 'ada' }),
      sampleEntry('ada'),
    )
    await accounts.create(sampleAccount('eve', { username: 'zk3_q-xv7pmw0abcdefghi' }), sampleEntry('eve'))
    const run = portcullisIn(temporaryFolder(t), { DATABASE_URL: url })

    for (const [command, ...role] of [['disable'], ['enable'], ['grant', 'admin'], ['take', 'admin']] as const)
      assert.deepEqual(run('users', command, 'Zk3_q-Xv7PmW0aBcDeFgHi', ...role), {
        status: 1,
        stdout: '',
        stderr:
          'That is the username of eve@example.com and the id of ada@example.com: say by the e-mail address who is meant.\n',
      })
    for (const account of await accounts.list({ limit: 2 }))
      assert.deepEqual([account.disabled, account.roles], [false, []])

    assert.equal(run('users', 'disable', 'ada@example.com').stdout, 'ada is disabled.\n')
    assert.equal((await accounts.byId('Zk3_q-Xv7PmW0aBcDeFgHi'))?.disabled, true)
    assert.equal((await accounts.byId('eve'))?.disabled, false)
    assert.equal(run('users', 'enable', 'ada').stdout, 'ada is enabled.\n')
    // An id says less than it seems to: the answer holds the address.
    assert.equal(
      run('users', 'grant', 'eve', 'admin').stdout,
      'zk3_q-xv7pmw0abcdefghi (eve@example.com) now has admin.\n',
    )
  })
}

const waits = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

test('a role that is given or taken while another one changes undoes nothing of that', {
  skip: postgres.skip,
}, async (t) => {
  const url = await postgres.fresh(t)
  const storage = await openStorage(url)
  t.after(() => storage.close())
  await storage.accounts.create(sampleAccount('ada'), sampleEntry('ada'))
  const hand = new pg.Client({ connectionString: url })
  await hand.connect()
  t.after(() => hand.end())
  for (const [command, by, roles] of [
    ['grant', `insert into user_roles (user_id, role) values ('ada', 'auditor')`, ['auditor', 'editor']],
    ['take', `delete from user_roles where role = 'auditor'`, []],
  ] as const) {
    await hand.query(`begin; update users set changed_at = changed_at where id = 'ada'`)
    const running = promisify(execFile)(
      process.execPath,
      ['--conditions=source', main, 'users', command, 'ada', 'editor'],
      { env: { ...process.env, DATABASE_URL: url }, timeout: 20_000 },
    )
    // It has read the roles, and waits to write them.
    while ((await askPostgres(url, waits)).length === 0) await delay(1)
    await hand.query(by)
    await hand.query('commit')
    const now = roles.length === 0 ? 'no role' : roles.join(', ')
    assert.equal((await running).stdout, `ada (ada@example.com) now has ${now}.\n`)
    assert.deepEqual((await storage.accounts.byId('ada'))?.roles, roles)
    assert.equal((await storage.accounts.audit({ subject: 'ada', limit: 1 }))[0]?.detail, roles.join(' '))
  }
})

test('an empty DATABASE_URL counts as not given, as it does to the backend', (t) => {
  const cwd = temporaryFolder(t)
  const { status, stderr } = portcullisIn(cwd, { DATABASE_URL: '' })('users', 'list')
  assert.equal(status, 1)
  assert.match(stderr, /^There is no database at \S+\/data\/portcullis\.db: /)
})
