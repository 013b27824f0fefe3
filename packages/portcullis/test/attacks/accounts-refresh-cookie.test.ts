import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountRoutes } from '../../src/accounts/index.ts'
import { caller, good, member, person, rig } from '../accounts/rig.ts'

const NAME = '__Secure-refresh_token'
const origin = 'https://app.example.com'
const shape =
  /^__Secure-refresh_token=([A-Za-z0-9_-]{43}); Path=\/auth; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict$/
const dropped = '__Secure-refresh_token=; Path=/auth; Max-Age=0; HttpOnly; Secure; SameSite=Strict'
const body = { username: 'ada', password: good }

const cookieOf = (headers: Readonly<Record<string, string>>): string =>
  shape.exec(headers['set-cookie'] ?? '')?.[1] ?? ''

test('a browser of a listed origin gets its refresh token in the cookie and nowhere else; others in the body', async () => {
  const all = rig()
  await person(all.service)
  const call = caller(all.service)
  const browser = await call('POST /auth/login', { body, knownOrigin: origin })
  assert.equal(browser.status, 200)
  assert.match(browser.headers['set-cookie'] ?? '', shape)
  assert.deepEqual(Object.keys(browser.body as object), ['access_token', 'token_type', 'expires_in'])
  const native = await call('POST /auth/login', { body })
  assert.deepEqual(native.headers, {})
  assert.deepEqual(Object.keys(native.body as object), ['access_token', 'token_type', 'expires_in', 'refresh_token'])
})

test('a page of an origin that is not listed gets no token, and nothing is hashed for it', async () => {
  const all = rig()
  await person(all.service)
  all.calls.length = 0
  const answer = await caller(all.service)('POST /auth/login', { body, hasOrigin: true })
  assert.equal(answer.status, 403)
  assert.equal((answer.body as { type: string }).type, 'urn:portcullis:problem:origin-refused')
  assert.deepEqual(all.calls, [])
})

test('the cookie rotates: each refresh sets the next one, and the body stays without it', async () => {
  const all = rig()
  await person(all.service)
  const call = caller(all.service)
  const first = cookieOf((await call('POST /auth/login', { body, knownOrigin: origin })).headers)
  const second = await call('POST /auth/refresh', { knownOrigin: origin, cookie: `${NAME}=${first}` })
  assert.equal(second.status, 200)
  assert.deepEqual(Object.keys(second.body as object), ['access_token', 'token_type', 'expires_in'])
  const next = cookieOf(second.headers)
  assert.notEqual(next, '')
  assert.notEqual(next, first)
  const third = await call('POST /auth/refresh', {
    knownOrigin: origin,
    cookie: `a=b; ${NAME}=${next}; c="d e"`,
    body: {},
  })
  assert.equal(third.status, 200)
})

test('which cookies are refused, and with what; none of them spends the token', async () => {
  const all = rig()
  await person(all.service)
  const call = caller(all.service)
  const token = cookieOf((await call('POST /auth/login', { body, knownOrigin: origin })).headers)
  const good = `${NAME}=${token}`
  const table: readonly (readonly [what: string, call: Parameters<typeof call>[1], status: number, code: string])[] = [
    ['no Origin', { cookie: good }, 403, 'origin-refused'],
    ['an Origin that is not listed', { cookie: good, hasOrigin: true }, 403, 'origin-refused'],
    [
      'two of that name',
      { cookie: `${good}; ${NAME}=${'x'.repeat(43)}`, knownOrigin: origin },
      400,
      'malformed-request',
    ],
    ['the same twice', { cookie: `${good}; ${good}`, knownOrigin: origin }, 400, 'malformed-request'],
    ['twice without a space', { cookie: `${good};${good}`, knownOrigin: origin }, 400, 'malformed-request'],
    ['an empty one', { cookie: `${NAME}=`, knownOrigin: origin }, 400, 'malformed-request'],
    ['one without a value', { cookie: NAME, knownOrigin: origin }, 400, 'malformed-request'],
    ['quotes', { cookie: `${NAME}="${token}"`, knownOrigin: origin }, 400, 'malformed-request'],
    ['a space before =', { cookie: `${NAME} =${token}`, knownOrigin: origin }, 400, 'malformed-request'],
    ['a space after =', { cookie: `${NAME}= ${token}`, knownOrigin: origin }, 400, 'malformed-request'],
    ['a second =', { cookie: `${good}=`, knownOrigin: origin }, 400, 'malformed-request'],
    ['a comma', { cookie: `${good},${good}`, knownOrigin: origin }, 400, 'malformed-request'],
    ['percent encoding', { cookie: `${NAME}=%41${token}`, knownOrigin: origin }, 400, 'malformed-request'],
    ['a tab behind', { cookie: `${good}\t`, knownOrigin: origin }, 400, 'malformed-request'],
    ['600 characters', { cookie: `${NAME}=${'x'.repeat(600)}`, knownOrigin: origin }, 400, 'malformed-request'],
    [
      'a token in the body too',
      { cookie: good, knownOrigin: origin, body: { refresh_token: token } },
      400,
      'malformed-request',
    ],
    ['another key in the body', { cookie: good, knownOrigin: origin, body: { token } }, 422, 'invalid'],
    [
      'another spelling of the name',
      { cookie: `__secure-refresh_token=${token}`, knownOrigin: origin },
      401,
      'refresh-refused',
    ],
    ['a name that ends like ours', { cookie: `x${good}`, knownOrigin: origin }, 401, 'refresh-refused'],
    ['another token', { cookie: `${NAME}=${'x'.repeat(43)}`, knownOrigin: origin }, 401, 'refresh-refused'],
    ['nothing at all', {}, 401, 'refresh-refused'],
  ]
  for (const [what, sent, status, code] of table) {
    const answer = await call('POST /auth/refresh', sent)
    assert.equal(answer.status, status, what)
    assert.equal((answer.body as { type: string }).type, `urn:portcullis:problem:${code}`, what)
    assert.ok(!JSON.stringify(answer).includes(token), what)
  }
  assert.equal((await call('POST /auth/refresh', { cookie: good, knownOrigin: origin })).status, 200)
})

test('a cookie that is of no use any more is taken away', async () => {
  const all = rig()
  const answer = await caller(all.service)('POST /auth/refresh', {
    cookie: `${NAME}=${'x'.repeat(43)}`,
    knownOrigin: origin,
  })
  assert.deepEqual(answer.headers, { 'www-authenticate': 'Bearer', 'set-cookie': dropped })
})

test('a cookie that can never be a token is taken away, from whom we know; one of two is left', async () => {
  const all = rig()
  const ada = await member(all)
  const principal = { id: ada.id, roles: [], sessionId: ada.sessionId }
  for (const route of ['POST /auth/refresh', 'POST /auth/logout', 'POST /auth/logout-everywhere']) {
    const answer = (cookie: string, from: object) => caller(all.service)(route, { principal, cookie, ...from })
    const unusable = await answer(`${NAME}=[object Object]`, { knownOrigin: origin })
    assert.equal(unusable.status, 400)
    assert.deepEqual(unusable.headers, { 'set-cookie': dropped })
    const token = 'x'.repeat(43)
    assert.deepEqual((await answer(`${NAME}=${token}; ${NAME}=a`, { knownOrigin: origin })).headers, {})
    assert.deepEqual((await answer(`${NAME}=a`, { hasOrigin: true })).headers, {})
  }
  assert.equal(await all.live.check(ada.claims), true)
})

for (const route of ['POST /auth/logout', 'POST /auth/logout-everywhere']) {
  test(`${route}: takes the cookie away, and with a cookie asks for a listed Origin`, async () => {
    const all = rig()
    const call = caller(all.service)
    const ada = await member(all)
    const principal = { id: ada.id, roles: [], sessionId: ada.sessionId }
    const cookie = `${NAME}=${'x'.repeat(43)}`
    for (const forged of [{ cookie }, { cookie, hasOrigin: true }]) {
      assert.equal((await call(route, { principal, ...forged })).status, 403)
      assert.equal(await all.live.check(ada.claims), true)
    }
    assert.equal((await call(route, { principal, cookie: `${cookie}; ${cookie}`, knownOrigin: origin })).status, 400)
    assert.equal(await all.live.check(ada.claims), true)
    const answer = await call(route, { principal, cookie, knownOrigin: origin })
    assert.deepEqual(answer, { status: 204, body: undefined, headers: { 'set-cookie': dropped } })
    assert.equal(await all.live.check(ada.claims), false)
  })
}

test('a native client logs out without any cookie', async () => {
  const all = rig()
  const ada = await member(all)
  const principal = { id: ada.id, roles: [], sessionId: ada.sessionId }
  assert.deepEqual(await caller(all.service)('POST /auth/logout', { principal }), {
    status: 204,
    body: undefined,
    headers: {},
  })
})

test('a cookie path that could end the field and begin another is refused at start', () => {
  const { service } = rig()
  for (const cookiePath of ['', 'auth', '/auth; Domain=evil.example', '/auth\r\nX: y', '/ä']) {
    assert.throws(() => accountRoutes(service, { cookiePath }), {
      name: 'TypeError',
      message: "accountRoutes: cookiePath is a path of letters, digits and / _ . -, such as '/api/auth'.",
    })
  }
  assert.equal(accountRoutes(service, { cookiePath: '/api/v1/auth' }).length, 13)
})
