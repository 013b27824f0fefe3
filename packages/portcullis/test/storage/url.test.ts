import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { databaseAddress, databasePath, databasePlace } from '../../src/storage/index.ts'

test('sqlite:PATH is a path, relative to the working directory or absolute', () => {
  const rights: readonly (readonly [string, string])[] = [
    ['sqlite:data/x.db', resolve('data/x.db')],
    ['sqlite:./data/x.db', resolve('data/x.db')],
    ['sqlite:../x.db', resolve('../x.db')],
    ['SQLite:x', resolve('x')],
    ['sqlite:/var/lib/x.db', '/var/lib/x.db'],
    ['sqlite:///var/lib/x.db', '/var/lib/x.db'],
    ['sqlite:C d%20e.db', resolve('C d%20e.db')],
    ['sqlite:file:x', resolve('file:x')],
  ]
  for (const [url, path] of rights) {
    assert.equal(databasePath(url), path, url)
    assert.equal(databasePlace(url), path, url)
    assert.deepEqual(databaseAddress(url), { kind: 'sqlite', path }, url)
  }
})

test('postgres://… is a place that messages may name: host, port and database, nothing else', () => {
  const rights: readonly (readonly [string, string])[] = [
    ['postgres://db/app', 'db/app'],
    ['postgresql://db/app', 'db/app'],
    ['Postgres://app:hunter2@db.example.com:6432/app', 'db.example.com:6432/app'],
    ['postgres://app:hunter%2F2%40%23@db/app', 'db/app'],
    ['postgres://app:hunter2@[::1]:5432/app', '[::1]:5432/app'],
    ['postgres://app@db/app?sslmode=verify-full&password=hunter2', 'db/app'],
    ['postgres:///app?host=/var/run/postgresql&password=hunter2', '/var/run/postgresql/app'],
    ['postgres://app:hunter2@%2Fvar%2Frun%2Fpostgresql/app', '/var/run/postgresql/app'],
    ['postgres://app:hunter2@db/m%C3%BCnze', 'db/münze'],
  ]
  for (const [url, place] of rights) {
    assert.equal(databasePlace(url), place, url)
    assert.deepEqual(databaseAddress(url), { kind: 'postgres', url, place }, url)
  }
})

const sqliteOnly = /: write sqlite:PATH, for example sqlite:\.\/data\/portcullis\.db\.$/
const postgresOnly = /: write postgres:\/\/USER:PASSWORD@HOST:PORT\/DATABASE, and in .+ %XX .+\.$/
const either = /: write sqlite:PATH, .+, or postgres:\/\/USER:PASSWORD@HOST:PORT\/DATABASE\.$/

test('any other url is refused with what to write instead, and is never repeated', () => {
  const wrongs: readonly (readonly [string, RegExp, RegExp])[] = [
    ['', /names no kind of database/, either],
    ['hunter2', /names no kind of database/, either],
    ['./hunter2.db', /names no kind of database/, either],
    ['mysql://app:hunter2@db/x', /kind of database that is not supported/, either],
    ['file:hunter2.db', /kind of database that is not supported/, either],
    ['sqlite:', /has no path/, sqliteOnly],
    ['sqlite:  ', /has no path/, sqliteOnly],
    ['sqlite::memory:', /in memory/, sqliteOnly],
    ['sqlite://hunter2/x.db', /two slashes/, sqliteOnly],
    ['sqlite:hunter2\0.db', /NUL/, sqliteOnly],
    ['sqlite:hunter2.db?mode=memory', /parameters/, sqliteOnly],
    ['postgres://', /names no host/, postgresOnly],
    ['postgres:', /names no host/, postgresOnly],
    ['postgres:///x', /names no host/, postgresOnly],
    ['postgres://app:hunter2@db', /names no database/, postgresOnly],
    ['postgres://app:hunter2@db/', /names no database/, postgresOnly],
    ['postgres://app:hunter2@db:many/x', /cannot be read/, postgresOnly],
    ['postgres://app:hunter2@db/x\0', /cannot be read/, postgresOnly],
    // A character that should have been %XX: what follows it is a piece of the password.
    ['postgres://app:1#hunter2@db/x', /cannot be read/, postgresOnly],
    ['postgres://app:1/hunter2@db/x', /cannot be read/, postgresOnly],
    ['postgres://app:1?hunter2@db/x', /names no database/, postgresOnly],
    ['postgres://app:%hunter2@db/x', /cannot be read/, postgresOnly],
  ]
  for (const [url, problem, instead] of wrongs)
    for (const read of [databaseAddress, databasePlace, databasePath])
      assert.throws(
        () => read(url),
        (error: Error) => {
          assert.ok(error instanceof TypeError, url)
          assert.match(error.message, problem)
          assert.match(error.message, instead)
          assert.doesNotMatch(error.message, /hunter2/)
          assert.equal(error.cause, undefined)
          return true
        },
        url,
      )
})

test('a path is asked of a file only', () => {
  assert.throws(() => databasePath('postgres://app:hunter2@db/x'), {
    name: 'TypeError',
    message:
      'DATABASE_URL names PostgreSQL, which has no path: write sqlite:PATH, for example sqlite:./data/portcullis.db.',
  })
})
