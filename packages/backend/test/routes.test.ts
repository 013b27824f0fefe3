import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { backend, call, folder, newClient, person, portcullis, production, startBackend } from './backend.ts'

const users = (env: Record<string, string>, ...args: string[]): Promise<string> => portcullis(env, 'users', ...args)

/** A backend behind a proxy on loopback, so that each test can be many clients. */
const many = { TRUSTED_PROXIES: '127.0.0.1' }

test('register, log in, refresh, log out: the shapes of the table', async (t) => {
  const { address } = await backend(t)
  const registered = await call(address, 'POST', '/auth/register', {
    body: { email: 'Ada@Example.com', username: 'Ada', password: 'correct horse battery' },
  })
  assert.equal(registered.status, 201)
  assert.deepEqual(Object.keys(registered.body), ['id', 'email', 'username', 'roles'])
  assert.deepEqual(registered.body.roles, [])

  const login = await call(address, 'POST', '/auth/login', {
    body: { email: 'ada@example.COM', password: 'correct horse battery' },
  })
  assert.equal(login.status, 200)
  assert.deepEqual(Object.keys(login.body), ['access_token', 'token_type', 'expires_in', 'refresh_token'])
  assert.equal(login.body.token_type, 'Bearer')
  assert.equal(login.body.expires_in, 900)
  const payload = JSON.parse(Buffer.from(login.body.access_token.split('.')[1], 'base64url').toString())
  assert.deepEqual(Object.keys(payload).sort(), ['exp', 'iat', 'jti', 'sid', 'sub'])

  const byName = await call(address, 'POST', '/auth/login', {
    body: { username: 'ada', password: 'correct horse battery' },
  })
  assert.equal(byName.status, 200)

  const refreshed = await call(address, 'POST', '/auth/refresh', { body: { refresh_token: login.body.refresh_token } })
  assert.equal(refreshed.status, 200)
  assert.deepEqual(Object.keys(refreshed.body), Object.keys(login.body))
  assert.notEqual(refreshed.body.refresh_token, login.body.refresh_token)

  const token = refreshed.body.access_token
  assert.equal((await call(address, 'GET', '/users/me', { token })).body.email, 'Ada@Example.com')
  const sessions = await call(address, 'GET', '/auth/sessions', { token })
  assert.equal(sessions.status, 200)
  assert.equal((await call(address, 'POST', '/auth/logout', { token })).status, 204)
  for (const ended of [token, login.body.access_token])
    assert.equal((await call(address, 'GET', '/users/me', { token: ended })).status, 401)
  assert.equal(
    (await call(address, 'POST', '/auth/refresh', { body: { refresh_token: refreshed.body.refresh_token } })).status,
    401,
  )
  assert.equal((await call(address, 'GET', '/users/me', { token: byName.body.access_token })).status, 200)
  assert.equal(
    (await call(address, 'POST', '/auth/logout-everywhere', { token: byName.body.access_token })).status,
    204,
  )
  assert.equal((await call(address, 'GET', '/users/me', { token: byName.body.access_token })).status, 401)
})

test('a refresh token works once; a second use ends the session', async (t) => {
  const { address } = await backend(t)
  const { token, refresh } = await person(address)
  const first = await call(address, 'POST', '/auth/refresh', { body: { refresh_token: refresh } })
  assert.equal(first.status, 200)
  assert.equal((await call(address, 'POST', '/auth/refresh', { body: { refresh_token: refresh } })).status, 401)
  assert.equal(
    (await call(address, 'POST', '/auth/refresh', { body: { refresh_token: first.body.refresh_token } })).status,
    401,
  )
  for (const dead of [token, first.body.access_token])
    assert.equal((await call(address, 'GET', '/users/me', { token: dead })).status, 401)
})

test('sessions can be seen and ended, one by one; a new password ends the others', async (t) => {
  const { address } = await backend(t)
  const { email, password, token } = await person(address)
  const other = (
    await call(address, 'POST', '/auth/login', { body: { email, password }, headers: { 'user-agent': 'phone' } })
  ).body.access_token
  const third = (await call(address, 'POST', '/auth/login', { body: { email, password } })).body.access_token
  const { body } = await call(address, 'GET', '/auth/sessions', { token })
  const items = body.items ?? body
  assert.equal(items.length, 3)
  assert.equal(items.filter((one: { current: boolean }) => one.current).length, 1)
  const phone = items.find((one: { label?: string }) => JSON.stringify(one).includes('phone'))
  assert.equal((await call(address, 'DELETE', `/auth/sessions/${phone.id}`, { token })).status, 204)
  assert.equal((await call(address, 'GET', '/users/me', { token: other })).status, 401)
  assert.equal((await call(address, 'DELETE', `/auth/sessions/${phone.id}`, { token })).status, 404)

  const stranger = await person(address)
  assert.equal((await call(address, 'DELETE', `/auth/sessions/${items[0].id}`, { token: stranger.token })).status, 404)

  assert.equal(
    (
      await call(address, 'POST', '/auth/password', {
        token,
        body: { current_password: 'wrong password here', new_password: 'another horse battery' },
      })
    ).status,
    422,
  )
  assert.equal(
    (
      await call(address, 'POST', '/auth/password', {
        token,
        body: { current_password: password, new_password: 'another horse battery' },
      })
    ).status,
    204,
  )
  assert.equal((await call(address, 'GET', '/users/me', { token })).status, 200)
  assert.equal((await call(address, 'GET', '/users/me', { token: third })).status, 401)
})

test('a taken name answers 409, however it is written', async (t) => {
  const { address } = await backend(t, many)
  const { email, username } = await person(address, newClient())
  for (const body of [
    { email: email.toUpperCase(), username: 'somebodyelse', password: 'correct horse battery' },
    { email: 'else@example.com', username: username.toUpperCase(), password: 'correct horse battery' },
  ]) {
    assert.equal(
      (await call(address, 'POST', '/auth/register', { body, headers: newClient() })).status,
      409,
      JSON.stringify(body),
    )
  }
})

test('an extra role at registration is refused, and so is every other key', async (t) => {
  const { address } = await backend(t, many)
  for (const extra of [
    { role: 'admin' },
    { roles: ['admin'] },
    { is_admin: true },
    { id: 'x' },
    { disabled: false },
    { __proto__x: 1 },
  ]) {
    const body = { email: 'x@example.com', username: 'xxx', password: 'correct horse battery', ...extra }
    const answer = await call(address, 'POST', '/auth/register', { body, headers: newClient() })
    assert.equal(answer.status, 422, JSON.stringify(extra))
    assert.ok(!/is_admin|__proto__x/.test(answer.text), 'an unknown key was echoed')
  }
})

test('the people: an admin made by the command sees, names and disables; others may not', async (t) => {
  const env = production(folder(t), many)
  const running = await startBackend(env)
  t.after(() => running.stop('SIGKILL'))
  const { address } = running
  const [ada, bob] = [await person(address, newClient()), await person(address, newClient())]
  for (const [method, path, body] of [
    ['GET', '/users'],
    ['PUT', `/users/${ada.id}/roles`, { roles: ['admin'] }],
    ['POST', `/users/${ada.id}/disable`, {}],
    ['GET', '/metrics'],
  ] as const) {
    assert.equal((await call(address, method, path, { token: bob.token, body })).status, 403, path)
    assert.equal((await call(address, method, path, { body })).status, 401, path)
  }
  assert.match(await users(env, 'grant', ada.email, 'admin'), /now has admin/)
  const page = await call(address, 'GET', '/users?limit=1', { token: ada.token })
  assert.equal(page.status, 200)
  assert.equal(page.body.items.length, 1)
  const next = await call(address, 'GET', `/users?limit=1&after=${page.body.next}`, { token: ada.token })
  assert.notEqual(next.body.items[0].id, page.body.items[0].id)
  assert.ok(!JSON.stringify(page.body).includes('hash'))

  const named = await call(address, 'PUT', `/users/${bob.id}/roles`, { token: ada.token, body: { roles: ['admin'] } })
  assert.equal(named.status, 200)
  assert.equal(
    (await call(address, 'GET', '/users', { token: bob.token })).status,
    200,
    'a new role takes effect on the next request',
  )
  assert.equal((await call(address, 'POST', `/users/${bob.id}/disable`, { token: ada.token, body: {} })).status, 200)
  assert.equal(
    (await call(address, 'GET', '/users/me', { token: bob.token })).status,
    401,
    'a disabled account is out on the next request',
  )
  assert.equal(
    (await call(address, 'POST', '/auth/refresh', { body: { refresh_token: bob.refresh }, headers: newClient() }))
      .status,
    401,
  )

  assert.match(await users(env, 'list'), /2 accounts\./)
  await users(env, 'take', ada.email, 'admin')
  assert.equal(
    (await call(address, 'GET', '/users', { token: ada.token })).status,
    403,
    'a role taken by another process is gone on the next request',
  )
  await users(env, 'disable', ada.username)
  assert.equal((await call(address, 'GET', '/users/me', { token: ada.token })).status, 401)
})

test('notes: mine are mine; another finds 404 everywhere, and the note survives', async (t) => {
  const { address } = await backend(t, many)
  const [ada, bob] = [await person(address, newClient()), await person(address, newClient())]
  const written = await call(address, 'POST', '/notes', {
    token: ada.token,
    body: { title: 'First', body: 'Two\nlines' },
  })
  assert.equal(written.status, 201)
  const path = `/notes/${written.body.id}`
  assert.equal((await call(address, 'GET', path, { token: ada.token })).body.title, 'First')
  for (const [method, body] of [
    ['GET', undefined],
    ['PUT', { title: 'Stolen', body: 'x' }],
    ['DELETE', undefined],
  ] as const) {
    const refused = await call(address, method, path, { token: bob.token, body })
    const nothing = await call(address, method, '/notes/no-such-note', { token: bob.token, body })
    assert.equal(refused.status, 404, method)
    assert.equal(refused.text, nothing.text, method)
  }
  assert.equal(
    (await call(address, 'PUT', path, { token: ada.token, body: { title: 'Second', body: '' } })).body.title,
    'Second',
  )
  assert.deepEqual((await call(address, 'GET', '/notes', { token: bob.token })).body, { items: [], next: null })
  assert.equal((await call(address, 'GET', '/notes', { token: ada.token })).body.items[0].title, 'Second')
  assert.equal((await call(address, 'DELETE', path, { token: ada.token })).status, 204)
  assert.equal((await call(address, 'GET', path, { token: ada.token })).status, 404)
})

test('the metrics bearer opens the metrics and nothing else', async (t) => {
  const METRICS_TOKEN = generateSecret()
  const { address } = await backend(t, { METRICS_TOKEN })
  const metrics = await call(address, 'GET', '/metrics', { token: METRICS_TOKEN })
  assert.equal(metrics.status, 200)
  assert.match(metrics.text, /portcullis_events_total\{event="refused"\} \d+/)
  for (const path of ['/users', '/users/me', '/notes', '/nothing'])
    assert.equal((await call(address, 'GET', path, { token: METRICS_TOKEN })).status, 401, path)
  assert.equal((await call(address, 'GET', '/metrics')).status, 401)
  assert.equal((await call(address, 'GET', '/metrics', { token: `${METRICS_TOKEN}x` })).status, 401)
})

test('a browser keeps its refresh token in a cookie that its scripts never see', async (t) => {
  const origin = 'https://app.example.com'
  const { address } = await backend(t, { CORS_ORIGINS: origin, ...many })
  const { email, password } = await person(address, newClient())
  const login = await call(address, 'POST', '/auth/login', {
    body: { email, password },
    headers: { origin, ...newClient() },
  })
  assert.equal(login.status, 200)
  assert.equal(login.body.refresh_token, undefined)
  const cookie = login.headers.get('set-cookie') ?? ''
  for (const part of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/auth'])
    assert.ok(cookie.includes(part), `${part} is not in ${cookie.replace(/=[^;]+/, '=…')}`)
  const kept = cookie.split(';')[0] ?? ''
  for (const from of [undefined, 'https://evil.example', 'null']) {
    const headers = { cookie: kept, ...newClient(), ...(from === undefined ? {} : { origin: from }) }
    assert.equal((await call(address, 'POST', '/auth/refresh', { headers })).status, 403, String(from))
  }
  const refreshed = await call(address, 'POST', '/auth/refresh', { headers: { cookie: kept, origin, ...newClient() } })
  assert.equal(refreshed.status, 200)
  assert.notEqual(refreshed.headers.get('set-cookie'), cookie)
})

test('public keys are served for those who verify elsewhere, and only public ones', async (t) => {
  const { address } = await backend(t, { JWT_SECRET: `${generateSecret('EdDSA')},${generateSecret()}` })
  const { token } = await person(address)
  assert.equal(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).alg, 'EdDSA')
  const { body } = await call(address, 'GET', '/.well-known/jwks.json')
  assert.equal(body.keys.length, 1)
  assert.equal(body.keys[0].d, undefined)
  assert.equal(body.keys[0].k, undefined)
  assert.equal((await call(address, 'GET', '/users/me', { token })).status, 200)
})

test('health says ok and ready asks the database', async (t) => {
  const { address } = await backend(t)
  assert.equal((await call(address, 'GET', '/health')).text, '{"status":"ok"}')
  assert.equal((await call(address, 'GET', '/ready')).status, 200)
})
