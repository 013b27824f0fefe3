import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openStorage } from '../../src/storage/index.ts'
import { sampleAccount, sampleEntry } from './samples.ts'
import { temporaryFile, temporaryFolder, temporaryStorage } from './temporary.ts'

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

test('makes the folder for its user alone, and the file with what SQLite puts beside it', async (t) => {
  const folder = join(temporaryFolder(t), 'a', 'b')
  await temporaryStorage(t, {}, join(folder, 'x.db'))
  assert.equal(mode(folder), '700')
  for (const file of ['x.db', 'x.db-wal', 'x.db-shm']) assert.equal(mode(join(folder, file)), '600', file)
})

test('writes are on the disk when they are acknowledged, and references hold', async (t) => {
  const { database } = await temporaryStorage(t)
  const settings = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1, busy_timeout: 0, trusted_schema: 0 }
  for (const [name, expected] of Object.entries({ ...settings, secure_delete: 1 })) {
    const { rows } = await sql`pragma ${sql.raw(name)}`.execute(database)
    assert.deepEqual(Object.values(rows[0] ?? {}), [expected], name)
  }
  const orphan = database.insertInto('user_roles').values({ user_id: 'nobody', role: 'admin' }).execute()
  await assert.rejects(orphan, /FOREIGN KEY constraint failed/)
})

test('what was written is there after closing, in one file', async (t) => {
  const path = temporaryFile(t)
  const first = await openStorage(`sqlite:${path}`)
  await first.accounts.create(sampleAccount('ada'), sampleEntry('ada'))
  await first.close()
  assert.equal(existsSync(`${path}-wal`), false)
  const second = await temporaryStorage(t, {}, path)
  assert.equal((await second.accounts.byId('ada'))?.id, 'ada')
})

test('a closed storage is broken: it throws and grants nothing', async (t) => {
  const storage = await openStorage(`sqlite:${temporaryFile(t)}`)
  await storage.close()
  assert.throws(() => storage.accounts.identity('ada'), /finalized/)
  assert.throws(() => storage.sessions.isActive('s', 'ada', 0), /finalized/)
  await assert.rejects(storage.ping())
  await assert.rejects(storage.accounts.byId('ada'))
})

test('a path that cannot be used is refused in one sentence that names it and says what to do', async (t) => {
  const folder = temporaryFolder(t)
  const file = join(folder, 'text.db')
  writeFileSync(file, 'this is a text, and a rather long one, so that it cannot pass for an empty database '.repeat(50))
  mkdirSync(join(folder, 'folder.db'))
  symlinkSync('/nowhere/at/all', join(folder, 'dangling'))
  const wrongs: readonly (readonly [string, RegExp])[] = [
    [file, /is not an SQLite database: name another path\.$/],
    [join(folder, 'folder.db'), /is a folder: name a file in it\.$/],
    [join(file, 'x.db'), /lies below something that is not a folder: name another path\.$/],
    [join(folder, 'dangling', 'x.db'), /lies below something that is not a folder: name another path\.$/],
    ['/proc/portcullis/x.db', /is in a folder that cannot be made: name another path\.$/],
  ]
  for (const [path, problem] of wrongs)
    await assert.rejects(openStorage(`sqlite:${path}`), (error: Error) => {
      assert.match(error.message, problem)
      assert.ok(error.message.startsWith(`The database ${path} `), error.message)
      assert.equal(error.message.split('\n').length, 1)
      return true
    })
  await assert.rejects(openStorage(`sqlite:${folder}`, { readonly: true }), {
    message: `The database ${folder} is a folder: name a file in it.`,
  })
  assert.match(readFileSync(file, 'utf8'), /^this is a text/)
})

test('a damaged database is refused, not mended over', async (t) => {
  const path = temporaryFile(t)
  await (await openStorage(`sqlite:${path}`)).close()
  const bytes = readFileSync(path)
  bytes.fill(0xff, 100, 4096)
  writeFileSync(path, bytes)
  await assert.rejects(openStorage(`sqlite:${path}`), {
    message: `The database ${path} is damaged: restore it from a backup, or name another path.`,
  })
})

test('readonly reads, sees what others write, and writes nothing', async (t) => {
  const path = temporaryFile(t)
  await assert.rejects(openStorage(`sqlite:${path}`, { readonly: true }), {
    message: `There is no database at ${path}: name one that exists.`,
  })
  assert.equal(existsSync(path), false)
  const writer = await temporaryStorage(t, {}, path)
  const reader = await temporaryStorage(t, { readonly: true }, path)
  await writer.accounts.create(sampleAccount('ada'), sampleEntry('ada'))
  assert.equal((await reader.accounts.list({ limit: 10 })).length, 1)
  assert.deepEqual(reader.accounts.identity('ada'), { id: 'ada', roles: [] })
  await assert.rejects(reader.accounts.setRoles('ada', ['admin'], sampleEntry('ada')), /readonly/)
  await assert.rejects(reader.database.deleteFrom('users').execute(), /readonly/)
  await assert.rejects(
    openStorage(`sqlite:${path}`, { readonly: true, migrations: [{ name: 'x', up: async () => {} }] }),
    {
      message: `The database ${path} lacks migrations: start the program once with the right to write, then read.`,
    },
  )
})

test('without kysely or pg one sentence says what to install', () => {
  const door = new URL('../../src/storage/index.ts', import.meta.url).href
  const wrongs: readonly (readonly [string, string, string])[] = [
    [
      'kysely',
      'sqlite:/nowhere',
      'The storage needs the package kysely, which is not installed: run npm install kysely.',
    ],
    [
      'kysely',
      'postgres://a:hunter2@b/c',
      'The storage needs the package kysely, which is not installed: run npm install kysely.',
    ],
    ['pg', 'postgres://a:hunter2@b/c', 'PostgreSQL needs the package pg, which is not installed: run npm install pg.'],
  ]
  for (const [name, url, message] of wrongs) {
    const hooks = `import { registerHooks } from 'node:module'
      registerHooks({ resolve: (name, context, next) => {
        if (name === '${name}') throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
        return next(name, context)
      } })`
    const script = `const { openStorage } = await import(${JSON.stringify(door)})
      await openStorage('${url}').catch((error) => console.log(error.message))`
    const loader = `data:text/javascript,${encodeURIComponent(hooks)}`
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', loader, '--input-type=module', '-e', script])
    assert.equal(String(stderr), '')
    assert.equal(String(stdout), `${message}\n`)
  }
})
