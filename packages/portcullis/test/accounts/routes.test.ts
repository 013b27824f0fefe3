import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountRoutes } from '../../src/accounts/index.ts'
import { noBody } from '../../src/door/index.ts'
import { auditSchema, jsonSchemaOf } from '../../src/layers/validation/index.ts'
import { caller, good, member, person, rig } from './rig.ts'

test('the table: method, path, who, limit', () => {
  const { service } = rig()
  assert.deepEqual(
    accountRoutes(service).map(({ method, path, access, limit = '' }) =>
      `${method} ${path} ${access.label} ${limit}`.trim(),
    ),
    [
      'POST /auth/register public credentials',
      'POST /auth/login public credentials',
      'POST /auth/refresh public refresh',
      'POST /auth/logout authenticated',
      'POST /auth/logout-everywhere authenticated',
      'GET /auth/sessions authenticated',
      'DELETE /auth/sessions/:id authenticated',
      'POST /auth/password authenticated credentials',
      'GET /users/me authenticated',
      'PATCH /users/me authenticated credentials',
      'GET /users role admin',
      'PUT /users/:id/roles role admin',
      'POST /users/:id/disable role admin',
    ],
  )
})

test('every input is bounded and closed: the audit of schemas has nothing to say', () => {
  for (const route of accountRoutes(rig().service)) {
    assert.notEqual(route.summary, '')
    for (const part of ['body', 'params', 'query'] as const) {
      const schema = route[part]
      if (schema !== undefined && schema !== noBody)
        assert.deepEqual(auditSchema(jsonSchemaOf(schema), part), [], `${route.path} ${part}`)
    }
  }
})

test('bodies and statuses, from registration to the admin', async () => {
  const all = rig()
  const call = caller(all.service)
  const registered = await call('POST /auth/register', {
    body: { email: 'Ada@example.com', username: 'Ada', password: good },
  })
  const { id } = registered.body as { id: string }
  assert.deepEqual(registered, {
    status: 201,
    body: { id, email: 'Ada@example.com', username: 'Ada', roles: [] },
    headers: {},
  })
  const taken = await call('POST /auth/register', {
    body: { email: 'ada@example.com', username: 'x_y_z', password: good },
  })
  assert.equal(taken.status, 409)

  const { body } = await call('POST /auth/login', { body: { email: 'ada@example.com', password: good } })
  const tokens = body as { access_token: string; expires_in: number; refresh_token: string }
  assert.deepEqual(body, { ...tokens, token_type: 'Bearer', expires_in: 900 })
  const verified = all.tokens.verify(tokens.access_token)
  assert.ok(verified.ok)
  const principal = { id, roles: [], sessionId: verified.claims.sid }

  const refreshed = await call('POST /auth/refresh', { body: { refresh_token: tokens.refresh_token } })
  assert.equal(refreshed.status, 200)
  assert.deepEqual(Object.keys(refreshed.body as object), ['access_token', 'token_type', 'expires_in', 'refresh_token'])

  assert.deepEqual((await call('GET /users/me', { principal })).body, registered.body)
  const listed = (await call('GET /auth/sessions', { principal })).body as { items: object[] }
  assert.deepEqual(listed.items, [
    {
      id: principal.sessionId,
      created_at: all.time.now,
      last_used_at: all.time.now,
      expires_at: all.time.now + 30 * 86_400_000,
      client: '192.0.2.1',
      label: 'test',
      current: true,
    },
  ])
  const renamed = await call('PATCH /users/me', { principal, body: { username: 'Countess' } })
  assert.deepEqual(renamed.body, { ...(registered.body as object), username: 'Countess' })

  const root = await member(all, 'root')
  const admin = { id: root.id, roles: ['admin'], sessionId: root.sessionId }
  const person = { id, email: 'Ada@example.com', username: 'Countess', disabled: false, created_at: all.time.now }
  const page = (await call('GET /users', { principal: admin, query: { limit: '1' } })).body
  assert.deepEqual(page, { items: [{ ...person, roles: [] }], next: id })
  const params = { id }
  const roles = await call('PUT /users/:id/roles', { principal: admin, params, body: { roles: ['editor'] } })
  assert.deepEqual(roles, { status: 200, body: { ...person, roles: ['editor'] }, headers: {} })
  for (const [body, disabled] of [
    [undefined, true],
    [{ disabled: false }, false],
    [{}, true],
    [{ disabled: false }, false],
    [{ disabled: true }, true],
  ] as const) {
    const answer = await call('POST /users/:id/disable', { principal: admin, params, body })
    assert.deepEqual(answer, { status: 200, body: { ...person, roles: ['editor'], disabled }, headers: {} })
  }
  assert.equal((await call('GET /users/me', { principal })).status, 401)
  const own = { principal: admin, params: { id: root.id } }
  assert.equal((await call('POST /users/:id/disable', own)).status, 403)
  assert.equal((await call('PUT /users/:id/roles', { ...own, body: { roles: [] } })).status, 403)
  const other = { principal: admin, params: { id: 'nobody' } }
  assert.equal((await call('POST /users/:id/disable', other)).status, 404)
})

test('sessions are ended by their id; a foreign, an unknown and an ended one answer alike', async () => {
  const all = rig()
  const call = caller(all.service)
  const ada = await member(all)
  const eve = await member(all, 'eve')
  const principal = { id: ada.id, roles: [], sessionId: ada.sessionId }
  const end = (id: string) => call('DELETE /auth/sessions/:id', { principal, params: { id } })
  const foreign = await end(eve.sessionId)
  assert.equal(foreign.status, 404)
  assert.deepEqual(foreign, await end('A'.repeat(22)))
  assert.equal(await all.live.check(eve.claims), true)
  assert.equal((await end(ada.sessionId)).status, 204)
  assert.deepEqual(await end(ada.sessionId), foreign)
})

const refused: readonly (readonly [route: string, what: string, body: unknown])[] = [
  [
    'POST /auth/register',
    "a role of one's own choice",
    { email: 'a@b.example', username: 'eve', password: good, role: 'admin' },
  ],
  ['POST /auth/register', 'roles', { email: 'a@b.example', username: 'eve', password: good, roles: ['admin'] }],
  ['POST /auth/register', 'an id', { email: 'a@b.example', username: 'eve', password: good, id: 'x' }],
  ['POST /auth/register', 'no password', { email: 'a@b.example', username: 'eve' }],
  ['POST /auth/register', 'a number for a password', { email: 'a@b.example', username: 'eve', password: 1234567890 }],
  ['POST /auth/register', 'a short password', { email: 'a@b.example', username: 'eve', password: 'xY7!' }],
  ['POST /auth/register', 'a common password', { email: 'a@b.example', username: 'eve', password: 'password123' }],
  ['POST /auth/register', 'an address for a name', { email: 'a@b.example', username: 'e@b.example', password: good }],
  ['POST /auth/register', 'nothing', undefined],
  ['POST /auth/register', 'null', null],
  ['POST /auth/register', 'a list', []],
  ['POST /auth/login', 'neither name nor address', { password: good }],
  ['POST /auth/login', 'both', { email: 'ada@example.com', username: 'ada', password: good }],
  ['POST /auth/login', 'no password', { username: 'ada' }],
  ['POST /auth/login', 'an empty password', { username: 'ada', password: '' }],
  ['POST /auth/login', 'an operator', { username: 'ada', password: { $ne: '' } }],
  ['POST /auth/refresh', 'a number', { refresh_token: 1 }],
  ['POST /auth/refresh', 'an empty token', { refresh_token: '' }],
  ['POST /auth/refresh', 'a token of a kilobyte', { refresh_token: 'x'.repeat(1024) }],
  ['POST /auth/password', 'no current one', { new_password: 'entirely new words' }],
  ['POST /auth/password', 'a short new one', { current_password: good, new_password: 'x' }],
  ['PATCH /users/me', 'nothing to change', {}],
  ['PATCH /users/me', 'only the password', { current_password: good }],
  ['PATCH /users/me', 'the address without the password', { email: 'new@example.com' }],
  ['PATCH /users/me', 'roles', { username: 'eve', roles: ['admin'] }],
  ['PATCH /users/me', 'the switch', { username: 'eve', disabled: false }],
  ['PUT /users/:id/roles', 'no list', { roles: 'admin' }],
  ['PUT /users/:id/roles', 'capitals', { roles: ['Admin'] }],
  ['PUT /users/:id/roles', 'a long one', { roles: ['a'.repeat(33)] }],
  ['PUT /users/:id/roles', 'a line break behind', { roles: ['admin\n'] }],
  ['PUT /users/:id/roles', 'seventeen', { roles: Array.from({ length: 17 }, (_, index) => `r${index}`) }],
  ['POST /users/:id/disable', 'a word', { disabled: 'true' }],
]

for (const [route, what, body] of refused) {
  test(`${route} refuses ${what} with 422, keeps nothing and hashes nothing`, async () => {
    const all = rig()
    const ada = await member(all)
    const { id } = await person(all.service, 'other')
    const before = JSON.stringify([await all.store.list({ limit: 10 }), all.store.trail])
    all.calls.length = 0
    const principal = { id: ada.id, roles: ['admin'], sessionId: ada.sessionId }
    const params = route.includes(':id') ? { id } : undefined
    const answer = await caller(all.service)(route, { principal, body, ...(params === undefined ? {} : { params }) })
    assert.equal(answer.status, 422)
    assert.equal((answer.body as { type: string }).type, 'urn:portcullis:problem:invalid')
    assert.ok((answer.body as { errors: unknown[] }).errors.length > 0)
    assert.equal(JSON.stringify([await all.store.list({ limit: 10 }), all.store.trail]), before)
    assert.deepEqual(all.calls, [])
  })
}
