import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import Fastify from 'fastify'
import { logEvent, loggerOptions, metrics } from 'portcullis/fastify'
import { generateSecret } from 'portcullis/sessions'
import { guarded } from './app.ts'

type Line = Readonly<Record<string, unknown>>

const loggedBy = (level = 'info') => {
  const lines: string[] = []
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk))
      done()
    },
  })
  const app = Fastify({ logger: { ...loggerOptions(level), stream } })
  return { app, text: () => lines.join(''), logged: () => lines.map((line) => JSON.parse(line) as Line) }
}

test('credentials are redacted by name, two objects deep', () => {
  const { app, text } = loggedBy()
  const fields = ['authorization', 'Authorization', 'cookie', 'Cookie', 'set-cookie', 'Set-Cookie']
  const passwords = ['password', 'new_password', 'current_password', 'newPassword', 'currentPassword']
  const tokens = ['token', 'access_token', 'refresh_token', 'accessToken', 'refreshToken']
  const names = [...fields, ...passwords, ...tokens, 'secret']
  for (const name of names)
    app.log.info({ [name]: 'hunter2', a: { [name]: 'hunter2', b: { [name]: 'hunter2' } }, kept: 'kept' }, 'said')
  assert.ok(!text().includes('hunter2'))
  assert.equal(text().split('kept":"kept').length - 1, names.length)
})

test('what opening a session answers may be logged', async () => {
  const { app, text } = loggedBy()
  const { portcullis } = await guarded()
  const tokens = await portcullis.sessions.open('ada', { client: '127.0.0.1', label: 'test' })
  app.log.info({ tokens })
  app.log.info(tokens)
  for (const token of [tokens.accessToken, tokens.refreshToken]) assert.ok(!text().includes(token))
})

test('a request is logged by its route, never by its target', async () => {
  const { app, text, logged } = loggedBy()
  app.get('/users/:id', () => 'ok')
  await app.inject('/users/7?token=hunter2')
  assert.ok(!text().includes('hunter2') && !text().includes('/users/7'))
  assert.deepEqual(logged()[0]?.['req'], { id: 'req-1', method: 'GET', route: '/users/:id' })
})

test('nor does an error of Fastify bring the target along', async () => {
  const { app, text, logged } = loggedBy()
  app.get('/twice', (_request, reply) => {
    reply.send('a')
    reply.send('b')
  })
  await app.inject('/twice?token=hunter2')
  assert.ok(!text().includes('hunter2'), text())
  const lines = JSON.stringify(logged())
  assert.match(lines, /FST_ERR_REP_ALREADY_SENT/)
  assert.match(lines, /in \\"\/twice\?…\\"/)
})

test('of an error goes out what it is and where it happened, not what it carries', () => {
  const { app, text, logged } = loggedBy()
  const error = Object.assign(new Error('a query failed'), { code: 'SQLITE_BUSY', parameters: ['hunter2'] })
  app.log.error({ err: error }, 'a handler failed')
  assert.ok(!text().includes('hunter2'))
  const { type, code, message } = (logged()[0]?.['err'] ?? {}) as Line
  assert.deepEqual({ type, code, message }, { type: 'Error', code: 'SQLITE_BUSY', message: 'a query failed' })
})

test('of an error of the database no message: it may hold the value that was refused', () => {
  const { app, text, logged } = loggedBy()
  const refused = 'invalid input syntax for type uuid: "hunter2"'
  app.log.error({ err: Object.assign(new Error(refused), { severity: 'ERROR', code: '22P02' }) }, 'a handler failed')
  app.log.error({ err: Object.assign(new Error(refused), { code: 'ERR_SQLITE_ERROR' }) }, 'a handler failed')
  assert.ok(!text().includes('hunter2'))
  for (const { err } of logged()) assert.match((err as { stack: string }).stack, /^ +at .*logging\.test/)
  assert.deepEqual(
    logged().map(({ err }) => (err as { code: string }).code),
    ['22P02', 'ERR_SQLITE_ERROR'],
  )
})

test('of an error of SQLite its number and what that means: a full disk is told from a lock, and no value is said', () => {
  const { app, text, logged } = loggedBy()
  const database = new DatabaseSync(':memory:')
  database.exec('create table t (a text); pragma max_page_count = 4')
  for (const statement of ["insert into t values (replace(hex(zeroblob(99999)), '0', 'hunter2'))", 'select hunter2']) {
    try {
      database.exec(statement)
    } catch (err) {
      app.log.error({ err }, 'a handler failed')
    }
  }
  assert.ok(!text().includes('hunter2'))
  assert.deepEqual(
    logged().map(({ err }) => (err as { message: string }).message),
    ['SQLite 13: database or disk is full', 'SQLite 1: SQL logic error'],
  )
})

test('an event that somebody should look at is a warning, and the rest is not', () => {
  const { app, logged } = loggedBy()
  logEvent(app.log, 'refresh-reused', { userId: 'u1' })
  logEvent(app.log, 'logged-in', { userId: 'u1' })
  assert.deepEqual(
    logged().map(({ level, event, userId, msg }) => ({ level, event, userId, msg })),
    [
      { level: 40, event: 'refresh-reused', userId: 'u1', msg: 'security event' },
      { level: 30, event: 'logged-in', userId: 'u1', msg: 'security event' },
    ],
  )
})

test('nor is the message of a database said beside it, when nothing else is', () => {
  const { app, text, logged } = loggedBy()
  const error = Object.assign(new Error('Key (email)=(hunter2) exists'), { severity: 'ERROR', code: '23505' })
  app.log.error(error)
  app.log.error({ err: error, more: 1 })
  app.log.error({ err: error }, 'said')
  app.log.info({ more: 2 })
  app.log.info('plain %s', 'text')
  assert.ok(!text().includes('hunter2'), text())
  const [one, two, three, four, five] = logged()
  assert.match(String(one?.['msg']), /^A message of the database/)
  assert.deepEqual([two?.['more'], three?.['msg'], four?.['more'], four?.['msg']], [1, 'said', 2, undefined])
  assert.equal(five?.['msg'], 'plain text')
})

test('a bearer for the figures that can be guessed stops the start; an empty one counts as not given', async () => {
  const app = await guarded()
  const asked = (token: string | undefined) => () => metrics(app, { path: '/metrics', token, figures: () => [] })
  for (const token of ['scraper', 'x', 'a'.repeat(64), 'changeme'.repeat(8)]) {
    assert.throws(asked(token), (error: Error) => {
      assert.match(error.message, /^These settings can't be used:\n {2}- metrics: token: /)
      return !error.message.includes(token) || token === 'x'
    })
  }
  // Random enough, and none of them could ever be sent: everybody would get 401.
  for (const token of ['q#7V!x@Zp2$Lm9^Tb4&Wk6*Rc8(Hd1)Nf3_Js5+', generateSecret('EdDSA'), `${generateSecret()}=a`]) {
    assert.throws(asked(token), (error: Error) => {
      assert.match(error.message, /- metrics: token: holds what no bearer can/)
      return !error.message.includes(token)
    })
  }
  asked('')()
  await app.ready()
  assert.deepEqual(app.portcullis.accessTable(), [{ method: 'GET', path: '/metrics', access: 'role admin' }])
})
