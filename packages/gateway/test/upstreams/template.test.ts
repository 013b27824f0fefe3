import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { call, session, startGateway } from '../rig.ts'
import { recordingUpstream, valuesOf } from './recording.ts'
import { operations, templateDocument, templateSettings } from './template.ts'

const upstream = await recordingUpstream({ after })
const { address, gateway } = await startGateway({ after } as never, {
  upstream: upstream.origin,
  document: templateDocument,
  settings: templateSettings,
})
const { id, token } = await session(address)
beforeEach(() => upstream.clear())

const some = '3fa85f64-5717-4562-b3fc-2c963f66afa6'
const samples: Readonly<Record<string, object>> = {
  ItemCreate: { title: 'Lamp', description: null },
  ItemUpdate: { title: null },
  NewPassword: { token: 't', new_password: 'long enough' },
  UpdatePassword: { current_password: 'long enough', new_password: 'longer than that' },
  UserCreate: { email: 'a@example.com', password: 'long enough', is_superuser: true },
  UserUpdate: { is_active: false, email: null },
  UserUpdateMe: { full_name: 'Ada', email: 'a@example.com' },
}

/** A call of each row as its schemas want it. */
const callOf = ([operation, model]: (typeof operations)[number]) => {
  const [method = '', path = ''] = operation.split(' ')
  const target = `/api/v1${path.replace('{email}', 'a@example.com').replace(/\{\w+\}/, some)}`
  const query = path === '/utils/test-email/' ? '?email_to=a@example.com' : ''
  const json = model === undefined ? {} : { json: samples[model] ?? {} }
  return { method, target: target + query, json }
}
const ruleOf = (operation: string): string => {
  const full = operation.replace(' ', ' /api/v1')
  if (templateSettings.hide.includes(full)) return 'hidden'
  return (templateSettings.access as Readonly<Record<string, string>>)[full] ?? 'authenticated'
}

test('all of the 23 operations are served or hidden, and nothing else is', () => {
  assert.equal(operations.length, 23)
  const own = gateway.table().filter(({ path }) => path.startsWith('/api/v1/'))
  const served = own.map(({ method, path }) => `${method} ${path}`).filter((one) => !one.startsWith('HEAD '))
  assert.deepEqual(
    served.sort(),
    operations
      .filter(([operation]) => ruleOf(operation) !== 'hidden')
      .map(([operation]) => operation.replace(' ', ' /api/v1'))
      .sort(),
  )
})

for (const row of operations) {
  const rule = ruleOf(row[0])
  const { method, target, json } = callOf(row)
  const expected =
    rule === 'hidden' ? [401, 404] : rule === 'public' ? [200, 200] : [401, rule === 'authenticated' ? 200 : 403]

  test(`${row[0]} is ${rule}: ${expected[0]} without a session, ${expected[1]} with one`, async () => {
    const stranger = await call(address, method, target, json)
    assert.equal(stranger.status, expected[0], stranger.text)
    const member = await call(address, method, target, { ...json, token })
    assert.equal(member.status, expected[1], member.text)
    const reached = expected.filter((status) => status === 200).length
    assert.equal(upstream.requests.length, reached)
    for (const request of upstream.requests)
      assert.equal(`${request.method} ${decodeURIComponent(request.target)}`, `${method} ${target}`)
    for (const refused of [stranger, member].filter(({ status }) => status !== 200))
      assert.equal(refused.headers.get('content-type'), 'application/problem+json')
  })
}

test('the upstream is told who is calling, and not by which token', async () => {
  await call(address, 'GET', '/api/v1/users/me', { token })
  const [request] = upstream.requests
  assert.ok(request)
  assert.deepEqual(valuesOf(request, 'portcullis-subject'), [id])
  assert.deepEqual(valuesOf(request, 'authorization'), [])
  assert.equal(valuesOf(request, 'portcullis-token').length, 1)
})

const BEYOND: readonly [string, string, object][] = [
  ['to make oneself a superuser', 'PATCH /users/me', { is_superuser: true }],
  [
    'a password of seven characters',
    'PATCH /users/me/password',
    { current_password: 'long enough', new_password: 'seven77' },
  ],
  ['a title of 256 characters', 'POST /items/', { title: 'x'.repeat(256) }],
  ['an empty title', 'POST /items/', { title: '' }],
  ['an owner of choice', 'POST /items/', { title: 'x', owner_id: some }],
  ['an address that is none', 'PATCH /users/me', { email: 'ada' }],
]
for (const [what, operation, json] of BEYOND)
  test(`what its models don't take reaches nothing: ${what}`, async () => {
    const [method = '', path = ''] = operation.split(' ')
    const answer = await call(address, method, `/api/v1${path}`, { token, json })
    assert.equal(answer.status, 422, answer.text)
    assert.deepEqual(upstream.requests, [])
  })
