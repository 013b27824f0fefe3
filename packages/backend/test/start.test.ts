import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { call, failedStart, folder, person, production, startBackend } from './backend.ts'

test('development says so in its first line, keeps its secret, and shows who may call what', async (t) => {
  const cwd = folder(t)
  const env = { PATH: process.env['PATH'] ?? '', PORT: '0' }
  const first = await startBackend(env, ['--development'], cwd)
  t.after(() => first.stop('SIGKILL'))
  const lines = first.output().split('\n')
  assert.match(lines[0] ?? '', /^Portcullis, in development\. Not for production/)
  for (const part of [
    / {2}address {2}http:\/\/127\.0\.0\.1:\d+/,
    / {2}data {5}\.\/data\/portcullis\.db/,
    / {2}secret {3}generated just now, kept in \.\/data\/development-secret \(mode 0600\)/,
  ]) {
    assert.match(first.output(), part)
  }
  for (const line of [
    /POST +\/auth\/login +public/,
    /GET +\/users +role admin/,
    /GET +\/notes\/:id +owner/,
    /GET +\/users\/me +authenticated/,
  ])
    assert.match(first.output(), line)
  const kept = join(cwd, 'data/development-secret')
  assert.equal(statSync(kept).mode & 0o777, 0o600)
  assert.equal(statSync(join(cwd, 'data/portcullis.db')).mode & 0o777, 0o600)
  assert.ok(!first.output().includes(readFileSync(kept, 'utf8').trim()))

  const { token } = await person(first.address)
  assert.equal((await call(first.address, 'GET', '/docs')).status, 200)
  const { openapi, paths } = (await call(first.address, 'GET', '/openapi.json')).body
  assert.equal(openapi, '3.1.0')
  // Of a browser the token is in a cookie, and there is no body; nor is there in what a 204 answers, which is no refusal.
  assert.equal(paths['/auth/refresh'].post.requestBody.required, false)
  assert.equal(paths['/auth/login'].post.requestBody.required, true)
  assert.equal(paths['/auth/logout'].post.requestBody, undefined)
  assert.deepEqual(paths['/auth/logout'].post.responses['204'], { description: 'Answered' })
  assert.deepEqual(paths['/notes/{id}'].delete.responses['204'], { description: 'Answered' })
  assert.equal(await first.stop(), 0)
  const second = await startBackend(env, ['--development'], cwd)
  t.after(() => second.stop('SIGKILL'))
  assert.match(second.output(), /secret {3}found in \.\/data\/development-secret/)
  assert.equal(
    (await call(second.address, 'GET', '/users/me', { token })).status,
    200,
    'the session did not outlive the restart',
  )
})

test('with no variable set it is production: it names what is missing and exits with 1', async (t) => {
  const { code, printed } = await failedStart({ PATH: process.env['PATH'] ?? '' }, [], folder(t))
  assert.equal(code, 1)
  assert.match(printed, /JWT_SECRET is missing/)
  assert.doesNotMatch(printed, /\n\s+at /, 'a stack is no help to somebody who forgot a variable')
})

test('production has no docs and prints no banner', async (t) => {
  const running = await startBackend(production(folder(t)))
  t.after(() => running.stop('SIGKILL'))
  assert.doesNotMatch(running.output(), /Who may call what/)
  for (const path of ['/docs', '/openapi.json']) assert.equal((await call(running.address, 'GET', path)).status, 401)
})

test('everything that is wrong is listed at once, and nothing of it is repeated', async (t) => {
  const bad = {
    JWT_SECRET: 'changeme',
    LIMIT_ACOUNT: '20/minute',
    TRUSTED_PROXIES: '0.0.0.0/0',
    LOG_LEVEL: 'debug',
    ACCESS_TOKEN_MINUTES: '61',
    REFRESH_TOKEN_DAYS: '31',
    LIMIT_CLIENT: '200 per minute',
    PORT: 'http',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    CORS_ORIGINS: '*',
  }
  const { code, printed } = await failedStart(production(folder(t), bad))
  assert.equal(code, 1)
  for (const name of Object.keys(bad)) assert.match(printed, new RegExp(name), name)
  assert.doesNotMatch(printed, /changeme/)
})

test('each unsafe setting is refused outside development', async (t) => {
  const cases: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    ['missing', { JWT_SECRET: '' }, /JWT_SECRET is missing/],
    ['short', { JWT_SECRET: 'aB3dE6gH9jK2mN5pQ8sT' }, /JWT_SECRET/],
    ['well known', { JWT_SECRET: 'your-256-bit-secret-your-256-bit-secret-xyz' }, /JWT_SECRET/],
    ['repeated', { JWT_SECRET: 'a'.repeat(64) }, /JWT_SECRET/],
    ['one good, one bad', { JWT_SECRET: `${generateSecret()},secret` }, /JWT_SECRET/],
    ['any origin', { CORS_ORIGINS: '*' }, /CORS_ORIGINS/],
    ['null origin', { CORS_ORIGINS: 'null' }, /CORS_ORIGINS/],
    [
      'a bearer that nobody can send',
      { METRICS_TOKEN: 'q#7V!x@Zp2$Lm9^Tb4&Wk6*Rc8(Hd1)Nf3_Js5+' },
      /METRICS_TOKEN: holds what no bearer can/,
    ],
    ['everybody a proxy', { TRUSTED_PROXIES: '::/0' }, /TRUSTED_PROXIES/],
    ['debug output', { LOG_LEVEL: 'trace' }, /LOG_LEVEL/],
    ['node debug', { NODE_DEBUG: 'http' }, /NODE_DEBUG/],
    ['inspector', { NODE_OPTIONS: '--inspect=127.0.0.1:0' }, /inspect/],
    ['smuggling', { NODE_OPTIONS: '--insecure-http-parser' }, /insecure-http-parser/],
    ['one key, two purposes', { METRICS_TOKEN: 'SAME', JWT_SECRET: 'SAME' }, /one purpose a key/],
    ['other database', { DATABASE_URL: 'mysql://localhost/x' }, /mysql|DATABASE_URL|sqlite/],
  ]
  const same = generateSecret()
  for (const [name, env, message] of cases) {
    const given = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, value === 'SAME' ? same : value]))
    const { code, printed } = await failedStart(production(folder(t), given))
    assert.equal(code, 1, name)
    assert.match(printed, message, name)
  }
})

test('a development secret that somebody emptied is refused, not replaced', async (t) => {
  const cwd = folder(t)
  const env = { PATH: process.env['PATH'] ?? '', PORT: '0' }
  await (await startBackend(env, ['--development'], cwd)).stop()
  writeFileSync(join(cwd, 'data/development-secret'), '')
  assert.match((await failedStart(env, ['--development'], cwd)).printed, /JWT_SECRET/)
})

test('SIGTERM ends it in order, with 0', async (t) => {
  const running = await startBackend(production(folder(t)))
  const before = performance.now()
  assert.equal(await running.stop('SIGTERM'), 0)
  assert.ok(performance.now() - before < 9_500)
})
