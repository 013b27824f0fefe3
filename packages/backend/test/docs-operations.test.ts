import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { clientReader } from 'portcullis/client'
import { generateSecret } from 'portcullis/sessions'
import { freshDatabase, postgresMissing } from '../../portcullis/test/services/postgres.ts'
import { call, folder, person, production, startBackend, UNLIMITED } from './backend.ts'
import { cluster, clusterMissing } from './cluster.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8')
const found = (pattern: RegExp): string => {
  const [, text] = pattern.exec(page) ?? []
  assert.ok(text, String(pattern))
  return text
}

test('the proxies that the page lists can be listed', () => {
  const lists = [...page.matchAll(/^\| [^|]+ \|[^|`]*`([\d./,a-z]+)` \|/gm)].map((match) => (match[1] ?? '').split(','))
  assert.ok(lists.length >= 3, String(lists))
  for (const trustedProxies of lists) clientReader({ trustedProxies })
  assert.throws(() => clientReader({ trustedProxies: ['0.0.0.0/0'] }))
})

test('every figure that the page says to watch is there', {
  skip: await clusterMissing(),
  timeout: 60_000,
}, async (t) => {
  const METRICS_TOKEN = generateSecret()
  const { backends } = await cluster(t, { more: { METRICS_TOKEN } })
  const { text } = await call(backends[0].address, 'GET', '/metrics', { token: METRICS_TOKEN })
  const watched = [
    ...found(/## What to watch\n([\s\S]*?)(?:\n## |$(?![\s\S]))/).matchAll(/`(portcullis_[a-z_]+)(\{[^}]*\})?`/g),
  ]
  assert.ok(watched.length >= 10)
  // A file of keys is followed only where there is one; the class of an answer is there once one was given.
  const absent = ['portcullis_key_file_faulty']
  for (const [, name = '', labels = ''] of watched)
    if (!absent.includes(name) && !labels.includes('5xx')) assert.ok(text.includes(`\n${name}${labels}`), name + labels)
})

test('a backup of SQLite taken while it runs is whole, and restored no session of it can be used', async (t) => {
  const path = folder(t)
  const env = production(path, UNLIMITED)
  const first = await startBackend(env)
  t.after(() => first.stop('SIGKILL'))
  const somebody = await person(first.address)
  const backup = join(path, 'backup.db')
  const live = new DatabaseSync(join(path, 'portcullis.db'))
  live.exec(found(/"(vacuum into [^"]*)"/).replace(/'[^']*'/, `'${backup}'`))
  live.close()
  await first.stop('SIGKILL')

  const restored = { ...env, DATABASE_URL: `sqlite:${backup}` }
  const second = await startBackend(restored)
  t.after(() => second.stop('SIGKILL'))
  assert.equal((await call(second.address, 'GET', '/users/me', { token: somebody.token })).status, 200)
  const database = new DatabaseSync(backup)
  database.exec(found(/sqlite3 portcullis.db "([^"]+)"/))
  database.close()
  assert.equal((await call(second.address, 'GET', '/users/me', { token: somebody.token })).status, 401)
  const { email, password } = somebody
  assert.equal((await call(second.address, 'POST', '/auth/login', { body: { email, password } })).status, 200)
})

test('the line for PostgreSQL ends every session, and the running backend knows', {
  skip: await postgresMissing(),
  timeout: 60_000,
}, async (t) => {
  const DATABASE_URL = await freshDatabase(t)
  const { address, stop } = await startBackend(production(folder(t), { ...UNLIMITED, DATABASE_URL }))
  t.after(() => stop('SIGKILL'))
  const { token } = await person(address)
  assert.equal((await call(address, 'GET', '/users/me', { token })).status, 200)
  execFileSync('sh', ['-c', found(/^(psql "\$DATABASE_URL" .*)$/m)], { env: { ...process.env, DATABASE_URL } })
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  assert.equal((await call(address, 'GET', '/users/me', { token })).status, 401)
})
