import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller, from, member, person, rig } from '../accounts/rig.ts'

const wrong = 'not the password'

test('an account has one bucket however it is spelt: address or name, any case (CVE-2026-47203)', async () => {
  const all = rig({ account: '6/minute' })
  await person(all.service)
  const call = caller(all.service)
  all.calls.length = 0
  const spellings = [
    { email: 'ada@example.com' },
    { email: 'ADA@example.com' },
    { email: 'Ada@EXAMPLE.com' },
    { username: 'ada' },
    { username: 'ADA' },
    { username: 'aDa' },
    { email: 'adA@example.com' },
    { username: 'Ada' },
  ]
  const statuses = []
  for (const spelling of spellings) {
    statuses.push((await call('POST /auth/login', { body: { ...spelling, password: wrong } })).status)
  }
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 401, 429, 429])
  assert.equal(all.calls.length, 6)
})

test('an account that does not exist has one bucket for all spellings too', async () => {
  const all = rig({ account: '3/minute' })
  const statuses = []
  for (const email of ['no@example.com', 'NO@example.com', 'No@Example.Com', 'nO@example.COM', 'no2@example.com']) {
    statuses.push((await caller(all.service)('POST /auth/login', { body: { email, password: wrong } })).status)
  }
  assert.deepEqual(statuses, [401, 401, 401, 429, 401])
  assert.equal(all.calls.length, 4)
})

test('spellings that the schema refuses are no bucket of their own: nothing is counted or hashed', async () => {
  const all = rig()
  await person(all.service)
  all.calls.length = 0
  const bodies = [
    { email: ' ada@example.com' },
    { email: 'ada@example.com ' },
    { email: 'ada@example.com\u0000' },
    { username: 'ada ' },
    { username: 'ad\u0430' },
    { username: 'a\u0301da' },
    { username: ['ada'] },
    { username: { toString: 'ada' } },
    { username: 'ada', email: 'ada@example.com' },
    {},
  ]
  for (const body of bodies) {
    const answer = await caller(all.service)('POST /auth/login', { body: { ...body, password: wrong } })
    assert.equal(answer.status, 422, JSON.stringify(body))
  }
  assert.deepEqual(all.calls, [])
})

test('login, password change and address change share the bucket: no path forgets it (CVE-2026-9798)', async () => {
  const all = rig({ account: '5/minute' })
  const ada = await member(all)
  const call = caller(all.service)
  const principal = { id: ada.id, roles: [], sessionId: ada.sessionId }
  const change = { body: { current_password: wrong, new_password: 'entirely new words' }, principal }
  const move = { body: { current_password: wrong, email: 'new@example.com' }, principal }
  // The login of `member` took one of five.
  const statuses = [
    (await call('POST /auth/password', change)).status,
    (await call('PATCH /users/me', move)).status,
    (await call('POST /auth/login', { body: { username: 'ada', password: wrong } })).status,
    (await call('POST /auth/password', change)).status,
  ]
  assert.deepEqual(statuses, [422, 422, 401, 422])
  all.calls.length = 0
  for (const answer of [
    await call('POST /auth/password', change),
    await call('PATCH /users/me', move),
    await call('POST /auth/login', { body: { email: 'ada@example.com', password: wrong } }),
  ]) {
    assert.equal(answer.status, 429)
    assert.ok(Number(answer.headers['Retry-After'] ?? answer.headers['retry-after']) >= 1)
  }
  assert.deepEqual(all.calls, [])
})

test('100 parallel wrong logins, from 100 clients: exactly as many reach the hash as the quota says (CVE-2024-4629)', async () => {
  for (const username of ['ada', 'nobody']) {
    const all = rig({ account: '7/minute' })
    await person(all.service)
    all.calls.length = 0
    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) =>
        all.service.logIn({ username }, wrong, { ...from, client: `192.0.2.${index}` }),
      ),
    )
    assert.ok(answers.every(({ status }) => status === 'rejected'))
    assert.equal(all.calls.length, 7, username)
  }
})
