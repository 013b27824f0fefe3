import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { databasePath } from '../../src/storage/index.ts'

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
  for (const [url, path] of rights) assert.equal(databasePath(url), path, url)
})

test('any other url is refused with what to write instead, and is never repeated', () => {
  const wrongs: readonly (readonly [string, RegExp])[] = [
    ['', /names no kind of database/],
    ['hunter2', /names no kind of database/],
    ['./hunter2.db', /names no kind of database/],
    ['sqlite:', /has no path/],
    ['sqlite:  ', /has no path/],
    ['sqlite::memory:', /in memory/],
    ['sqlite://hunter2/x.db', /two slashes/],
    ['sqlite:hunter2\0.db', /NUL/],
    ['sqlite:hunter2.db?mode=memory', /parameters/],
    ['postgres://app:hunter2@db/x', /PostgreSQL, which is not supported yet/],
    ['postgresql://app:hunter2@db/x', /PostgreSQL, which is not supported yet/],
    ['mysql://app:hunter2@db/x', /kind of database that is not supported/],
    ['file:hunter2.db', /kind of database that is not supported/],
  ]
  for (const [url, problem] of wrongs)
    assert.throws(
      () => databasePath(url),
      (error: Error) => {
        assert.ok(error instanceof TypeError, url)
        assert.match(error.message, problem)
        assert.match(error.message, /write sqlite:PATH, for example sqlite:\.\/data\/portcullis\.db\.$/)
        assert.doesNotMatch(error.message, /hunter2/)
        return true
      },
    )
})
