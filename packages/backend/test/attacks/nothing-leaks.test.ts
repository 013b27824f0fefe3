import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { call, folder, newClient, production, startBackend } from '../backend.ts'

test('no password, token, key or refused value is in a log line, an answer to somebody else, the metrics, or the database', async (t) => {
  const path = folder(t)
  const METRICS_TOKEN = generateSecret()
  const env = production(path, {
    LOG_LEVEL: 'info',
    TRUSTED_PROXIES: '127.0.0.1',
    METRICS_TOKEN,
    PASSWORD_PEPPER: generateSecret(),
    CORS_ORIGINS: 'https://app.example.com',
  })
  const running = await startBackend(env)
  t.after(() => running.stop('SIGKILL'))
  const { address } = running
  const passwords = ['marker-password-one', 'marker-password-two', 'marker-password-three']
  const [first = '', second = '', wrong = ''] = passwords
  const account = { email: 'marker@example.com', username: 'marker' }
  await call(address, 'POST', '/auth/register', { body: { ...account, password: first }, headers: newClient() })
  const login = (
    await call(address, 'POST', '/auth/login', {
      body: { email: account.email, password: first },
      headers: newClient(),
    })
  ).body
  const browser = await call(address, 'POST', '/auth/login', {
    body: { email: account.email, password: first },
    headers: { origin: 'https://app.example.com', ...newClient() },
  })
  const cookie = /=([^;]+)/.exec(browser.headers.get('set-cookie') ?? '')?.[1] ?? ''
  const refreshed = (
    await call(address, 'POST', '/auth/refresh', { body: { refresh_token: login.refresh_token }, headers: newClient() })
  ).body

  const answers: string[] = []
  const send = async (method: string, target: string, options: Parameters<typeof call>[3] = {}): Promise<void> => {
    const { text } = await call(address, method, target, {
      ...options,
      headers: { ...newClient(), ...options.headers },
    })
    answers.push(text)
  }
  const token = refreshed.access_token
  await send('POST', '/auth/login', { body: { email: account.email, password: wrong } })
  await send('POST', '/auth/login', { body: { email: 'marker-unknown@example.com', password: wrong } })
  await send('POST', '/auth/login', { body: { email: account.email, password: wrong, 'marker-key': 'marker-value' } })
  await send('POST', '/auth/register', { body: { ...account, password: 'short' } })
  await send('POST', '/auth/register', { body: { email: 'marker-address', username: 'marker-!', password: wrong } })
  await send('POST', '/auth/password', { token, body: { current_password: wrong, new_password: second } })
  await send('POST', '/auth/refresh', { body: { refresh_token: login.refresh_token } })
  await send('GET', `/users/me?token=${login.access_token}&marker-query=1`, {
    headers: { authorization: `Bearer ${login.access_token}x` },
  })
  await send('GET', '/marker-path', {})
  await send('GET', '/marker-path', { token })
  await send('GET', '/%zz-marker', {})
  await send('GET', '/users/me', {
    headers: {
      cookie: `marker-cookie=${cookie}`,
      'user-agent': 'marker-agent',
      origin: 'https://marker.example.com',
      authorization: 'Basic marker',
    },
  })
  await send('GET', '/metrics', { token: METRICS_TOKEN })
  await new Promise((resolve) => setTimeout(resolve, 200))

  const log = running.output()
  assert.match(log, /"event":"login-failed"/)
  assert.match(log, /"event":"refresh-reused"/)
  assert.match(log, /"event":"refused"/)
  const kept = ['', '-wal'].map((end) => readFileSync(join(path, `portcullis.db${end}`), 'latin1')).join('')
  const secrets = [
    ...passwords,
    login.access_token,
    login.refresh_token,
    refreshed.access_token,
    refreshed.refresh_token,
    cookie,
    METRICS_TOKEN,
    env['JWT_SECRET'] ?? '',
    env['PASSWORD_PEPPER'] ?? '',
  ]
  for (const [index, secret] of secrets.entries()) {
    assert.ok(secret.length > 10, `secret ${index} was not made`)
    for (const [place, text] of Object.entries({ log, answers: answers.join('\n'), database: kept }))
      assert.ok(!text.includes(secret), `secret ${index} is in the ${place}`)
  }
  assert.doesNotMatch(log, /marker/, 'something that was typed is in the log')
  assert.doesNotMatch(
    answers.join('\n').replaceAll(/"(email|username)":"[^"]*"/g, ''),
    /marker/,
    'something that was refused is in an answer',
  )
})
