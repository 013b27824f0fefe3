import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backend, call, newClient, person, UNLIMITED } from '../backend.ts'

const count = (statuses: readonly number[], status: number): number => statuses.filter((one) => one === status).length

test('of 100 parallel wrong logins from one client exactly 10 are checked', async (t) => {
  const { address } = await backend(t)
  const answers = await Promise.all(
    Array.from({ length: 100 }, () =>
      call(address, 'POST', '/auth/login', {
        body: { email: 'nobody@example.com', password: 'not the right password' },
      }),
    ),
  )
  const statuses = answers.map(({ status }) => status)
  assert.equal(count(statuses, 401), 10)
  assert.equal(count(statuses, 429), 90)
  for (const { headers, body } of answers.filter(({ status }) => status === 429)) {
    assert.equal(body.type, 'https://iana.org/assignments/http-problem-types#quota-exceeded')
    assert.deepEqual(body['violated-policies'], ['credentials'])
    assert.ok(Number(headers.get('retry-after')) >= 1)
    assert.match(headers.get('ratelimit') ?? '', /"client";r=\d+;t=\d+, "credentials";r=0;t=\d+/)
    assert.match(headers.get('ratelimit-policy') ?? '', /"client";q=200;w=60, "credentials";q=10;w=60/)
  }
})

test('every path that checks a credential shares the one limit', async (t) => {
  const { address } = await backend(t)
  const { token } = await person(address) // a registration and a login: 2 of 10
  const paths = [
    () => call(address, 'POST', '/auth/login', { body: { username: 'nobody', password: 'not the right password' } }),
    () =>
      call(address, 'POST', '/auth/login', {
        body: { email: 'nobody@example.com', password: 'not the right password' },
      }),
    () => call(address, 'POST', '/auth/register', { body: { email: 'x', username: 'x', password: 'x' } }),
    () =>
      call(address, 'POST', '/auth/password', {
        token,
        body: { current_password: 'not the right password', new_password: 'another horse battery' },
      }),
  ]
  for (let round = 0; round < 2; round += 1) for (const path of paths) assert.notEqual((await path()).status, 429)
  for (const path of paths) assert.equal((await path()).status, 429)
})

test('one account is limited however it is spelt, from however many clients', async (t) => {
  const { address } = await backend(t, { TRUSTED_PROXIES: '127.0.0.1' })
  const { email, username } = await person(address, newClient()) // its login: 1 of 20
  const spellings = [{ email }, { email: email.toUpperCase() }, { username }, { username: username.toUpperCase() }]
  const statuses: number[] = []
  for (let round = 0; round < 30; round += 1) {
    const body = { ...spellings[round % spellings.length], password: 'not the right password' }
    statuses.push((await call(address, 'POST', '/auth/login', { body, headers: newClient() })).status)
  }
  assert.equal(count(statuses, 401), 19)
  assert.equal(count(statuses, 429), 11)
})

test('a client can not choose its key: a forged header changes nothing, an IPv6 /64 is one client', async (t) => {
  const direct = await backend(t)
  const statuses: number[] = []
  for (let round = 0; round < 14; round += 1) {
    const headers = {
      'x-forwarded-for': `203.0.113.${round}`,
      forwarded: `for=203.0.113.${round}`,
      'x-real-ip': `203.0.113.${round}`,
      'cf-connecting-ip': `203.0.113.${round}`,
      'true-client-ip': `203.0.113.${round}`,
    }
    statuses.push(
      (
        await call(direct.address, 'POST', '/auth/login', {
          body: { username: 'nobody', password: 'not the right password' },
          headers,
        })
      ).status,
    )
  }
  assert.equal(count(statuses, 429), 4)

  const proxied = await backend(t, { TRUSTED_PROXIES: '127.0.0.1' })
  const from = async (forwarded: string): Promise<number> =>
    (
      await call(proxied.address, 'POST', '/auth/login', {
        body: { username: `u${Math.random().toString(36).slice(2, 12)}`, password: 'not the right password' },
        headers: { 'x-forwarded-for': forwarded },
      })
    ).status
  const sixtyFour: number[] = []
  for (let round = 0; round < 12; round += 1) sixtyFour.push(await from(`2001:db8:1:2::${(round + 1).toString(16)}`))
  assert.equal(count(sixtyFour, 429), 2)
  const forged: number[] = []
  for (let round = 0; round < 12; round += 1) forged.push(await from(`198.51.100.${round}, 192.0.2.1`))
  assert.equal(count(forged, 429), 2, 'what the client wrote left of the proxy changed its key')
  assert.equal(await from('2001:db8:1:3::1'), 401)
})

test('parallel refreshes of one token have at most one winner, 100 rounds', async (t) => {
  const { address } = await backend(t, UNLIMITED)
  const { email, password } = await person(address)
  for (let round = 0; round < 100; round += 1) {
    const { body } = await call(address, 'POST', '/auth/login', { body: { email, password } })
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        call(address, 'POST', '/auth/refresh', { body: { refresh_token: body.refresh_token } }),
      ),
    )
    const statuses = answers.map(({ status }) => status)
    assert.equal(count(statuses, 200), 1, `round ${round}`)
    assert.equal(count(statuses, 401), 49, `round ${round}`)
    const winner = answers.find(({ status }) => status === 200)
    assert.equal(
      (await call(address, 'GET', '/users/me', { token: winner?.body.access_token })).status,
      401,
      'the reuse did not end the session',
    )
  }
})
