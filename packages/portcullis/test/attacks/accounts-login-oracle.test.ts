import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Seen } from '../accounts/rig.ts'
import { caller, from, good, member, person, rig } from '../accounts/rig.ts'

const attempts = {
  'unknown address': { email: 'nobody@example.com', password: good },
  'unknown name': { username: 'nobody', password: good },
  'wrong password, by address': { email: 'ada@example.com', password: 'not the password' },
  'wrong password, by name': { username: 'ada', password: 'not the password' },
  'disabled, right password': { username: 'closed', password: good },
  'disabled, wrong password': { username: 'closed', password: 'not the password' },
  'password of one letter': { username: 'ada', password: 'x' },
  'password beyond the bounds': { username: 'ada', password: 'x'.repeat(1024) },
  'unknown, password beyond the bounds': { username: 'nobody', password: 'x'.repeat(1024) },
}

test('unknown, wrong and disabled get one answer, header by header, after one hash, from one question to the store', async () => {
  const all = rig()
  await person(all.service)
  const closed = await person(all.service, 'closed')
  await all.service.setDisabled({ id: 'root', sessionId: 'root' }, closed.id, true, from)
  const call = caller(all.service)
  const questions: string[] = []
  const { store } = all
  for (const name of ['byEmail', 'byUsername', 'byId', 'identity'] as const) {
    const ask = store[name]
    const counted = (what: string) => {
      questions.push(name)
      return ask(what)
    }
    Object.assign(store, { [name]: counted })
  }
  for (const [what, body] of Object.entries(attempts)) {
    all.calls.length = 0
    questions.length = 0
    const answer = await call('POST /auth/login', { body })
    assert.deepEqual(
      answer,
      {
        status: 401,
        body: {
          type: 'urn:portcullis:problem:login-failed',
          title: 'Unauthorized',
          status: 401,
          detail: 'The account or the password is not right.',
        },
        headers: { 'www-authenticate': 'Bearer' },
      },
      what,
    )
    assert.deepEqual(all.calls, ['verify'], what)
    assert.equal(questions.length, 1, what)
  }
})

test('with the account limit used up they get one answer as well, and no hash', async () => {
  const all = rig({ account: '3/minute' })
  await person(all.service)
  const closed = await person(all.service, 'closed')
  await all.service.setDisabled({ id: 'root', sessionId: 'root' }, closed.id, true, from)
  const call = caller(all.service)
  const answers: Seen[] = []
  for (const username of ['nobody', 'ada', 'closed']) {
    const body = { username, password: 'not the password' }
    for (let attempt = 0; attempt < 3; attempt += 1)
      assert.equal((await call('POST /auth/login', { body })).status, 401)
    all.calls.length = 0
    answers.push(await call('POST /auth/login', { body }))
    assert.deepEqual(all.calls, [], username)
  }
  const [unknown, wrong, disabled] = answers
  assert.equal(unknown?.status, 429)
  assert.deepEqual(
    Object.keys(unknown?.headers ?? {})
      .map((name) => name.toLowerCase())
      .toSorted(),
    ['ratelimit', 'ratelimit-policy', 'retry-after'],
  )
  assert.deepEqual((unknown?.body as Record<string, unknown> | undefined)?.['violated-policies'], ['account'])
  assert.deepEqual(unknown, wrong)
  assert.deepEqual(unknown, disabled)
})

test('what the events tell of a failed login: the account when there is one, never what was typed', async () => {
  const { service, events } = rig()
  const { id } = await person(service)
  const call = caller(service)
  await call('POST /auth/login', { body: { username: 'ada', password: 'typed-secret-1' } })
  await call('POST /auth/login', { body: { email: 'typed-secret-2@example.com', password: 'typed-secret-3' } })
  assert.deepEqual(events.slice(1), [
    ['login-failed', { client: from.client, subject: id }],
    ['login-failed', { client: from.client, subject: undefined }],
  ])
})

test('no answer and no event of any route holds a password, a hash or a digest', async () => {
  const all = rig()
  const ada = await member(all)
  const call = caller(all.service)
  const principal = { id: ada.id, roles: ['admin'], sessionId: ada.sessionId }
  const body = { current_password: good, new_password: 'entirely new words' }
  const answers = [
    await call('GET /users/me', { principal }),
    await call('GET /users', { principal, query: {} }),
    await call('GET /auth/sessions', { principal }),
    await call('PATCH /users/me', { principal, body: { email: 'new@example.com', current_password: good } }),
    await call('POST /auth/password', { principal, body }),
    await call('POST /auth/password', { principal, body }),
    await call('POST /auth/register', { body: { email: 'a@b.example', username: 'eve', password: good } }),
  ]
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 204, 422, 201],
  )
  const text = JSON.stringify([answers, all.events])
  for (const secret of [good, 'entirely new words', '1:', 'passwordHash']) assert.ok(!text.includes(secret), secret)
})
