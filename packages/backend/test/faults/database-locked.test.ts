import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { call, folder, person, production, startBackend } from '../backend.ts'

test('a database that somebody else keeps locked answers 503 with Retry-After; reads go on, and it heals by itself', async (t) => {
  const path = folder(t)
  const running = await startBackend(production(path))
  t.after(() => running.stop('SIGKILL'))
  const { token } = await person(running.address)
  const note = { title: 'x', body: 'x' }
  const other = new DatabaseSync(join(path, 'portcullis.db'))
  other.exec('begin immediate')
  const writing = call(running.address, 'POST', '/notes', { token, body: note })
  for (let read = 0; read < 20; read += 1)
    assert.equal((await call(running.address, 'GET', '/users/me', { token })).status, 200)
  const refused = await writing
  assert.equal(refused.status, 503)
  assert.equal(refused.body.type, 'urn:portcullis:problem:unavailable')
  assert.ok(Number(refused.headers.get('retry-after')) >= 1)
  assert.doesNotMatch(refused.text, /sqlite|lock/i)
  other.exec('rollback')
  other.close()
  assert.equal((await call(running.address, 'POST', '/notes', { token, body: note })).status, 201)
  assert.equal(
    (await call(running.address, 'GET', '/notes', { token })).body.items.length,
    1,
    'the refused note was written after all',
  )
})
