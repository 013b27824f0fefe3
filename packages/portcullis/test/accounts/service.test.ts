import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accounts, HashingBusy, passwordHasher } from '../../src/accounts/index.ts'
import { Problem } from '../../src/response/index.ts'
import { countingHasher, from, good, member, person, rig, seen } from './rig.ts'

const refusedWith = (code: string) => (error: unknown) => error instanceof Problem && error.code === code

test('a person registers, logs in by address and by name, and is told about without the hash', async () => {
  const { service, events, store } = rig()
  const ada = await service.register({ email: 'Ada@Example.com', username: 'Ada_L', password: good }, from)
  assert.match(ada.id, /^[A-Za-z0-9_-]{22}$/)
  assert.deepEqual(ada, {
    id: ada.id,
    email: 'Ada@Example.com',
    username: 'Ada_L',
    roles: [],
    disabled: false,
    createdAt: 1_800_000_000_000,
  })
  const byEmail = await service.logIn({ email: 'aDA@exAMPLE.COM' }, good, from)
  const byName = await service.logIn({ username: 'ADA_l' }, good, from)
  assert.notEqual(byEmail.sessionId, byName.sessionId)
  assert.deepEqual(await service.me({ id: ada.id, sessionId: byName.sessionId }), ada)
  assert.deepEqual(
    events.map(([name, facts]) => [name, facts.subject]),
    [
      ['registered', ada.id],
      ['logged-in', ada.id],
      ['logged-in', ada.id],
    ],
  )
  assert.deepEqual(
    store.trail.map(({ action, actor, subject, client }) => [action, actor, subject, client]),
    [['account.registered', ada.id, ada.id, from.client]],
  )
})

for (const [what, taken] of Object.entries({
  'the same address': { email: 'ada@example.com', username: 'other' },
  'the address in capitals': { email: 'ADA@EXAMPLE.COM', username: 'other' },
  'the same name': { email: 'other@example.com', username: 'ada' },
  'the name in capitals': { email: 'other@example.com', username: 'ADA' },
  both: { email: 'Ada@example.com', username: 'Ada' },
})) {
  test(`taken: ${what}: a conflict, after the hash`, async () => {
    const { service, calls } = rig()
    await person(service)
    calls.length = 0
    await assert.rejects(service.register({ ...taken, password: good }, from), refusedWith('conflict'))
    assert.deepEqual(calls, ['hash'])
  })
}

test('50 registrations of one name at once make one account', async () => {
  const { service } = rig()
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      seen(
        service.register(
          { email: index % 2 ? 'A@b.example' : 'a@B.example', username: `u${index}`, password: good },
          from,
        ),
      ),
    ),
  )
  assert.equal(all.filter(({ status }) => status === 409).length, 49)
  assert.equal((await service.list({ limit: 100 })).items.length, 1)
})

test('a guessable password is refused before any hash, by a sentence that does not hold it', async () => {
  const { service, calls } = rig()
  const answer = await seen(service.register({ email: 'a@b.example', username: 'ada', password: 'password123' }, from))
  assert.equal(answer.status, 422)
  assert.deepEqual((answer.body as { errors: unknown }).errors, [
    { in: 'body', field: '/password', problem: 'The password is in the list of common and breached passwords.' },
  ])
  assert.deepEqual(calls, [])
})

test('a login hashes again when the parameters rose, once, and the password goes on working', async () => {
  const { service, state, calls, store } = rig()
  const { id } = await person(service)
  state.strength = 2
  calls.length = 0
  await service.logIn({ username: 'ada' }, good, from)
  assert.deepEqual(calls, ['verify', 'hash'])
  assert.equal((await store.byId(id))?.passwordHash, `2:${good}`)
  calls.length = 0
  await service.logIn({ username: 'ada' }, good, from)
  assert.deepEqual(calls, ['verify'])
  assert.deepEqual(
    store.trail.map(({ action }) => action),
    ['account.registered', 'password.rehashed'],
  )
})

test('a wrong login does not hash again, so that it can be told from a right one by nothing but the answer', async () => {
  const { service, state, calls } = rig()
  await person(service)
  state.strength = 2
  calls.length = 0
  await assert.rejects(service.logIn({ username: 'ada' }, 'not the password', from), refusedWith('login-failed'))
  assert.deepEqual(calls, ['verify'])
})

test('a password change ends the other sessions, keeps this one, and only the new one logs in', async () => {
  const all = rig()
  const { service, live, changed, store } = all
  const ada = await member(all)
  const elsewhere = await service.logIn({ username: 'ada' }, good, from)
  await service.changePassword(ada, good, 'portcullis up, portcullis down', from)
  assert.equal(await live.check(ada.claims), true)
  await assert.rejects(service.refresh(elsewhere.refreshToken, from), refusedWith('refresh-refused'))
  await assert.rejects(service.logIn({ username: 'ada' }, good, from), refusedWith('login-failed'))
  await service.logIn({ username: 'ada' }, 'portcullis up, portcullis down', from)
  assert.ok(changed.includes(ada.id))
  assert.equal(store.trail.at(-1)?.action, 'password.changed')
})

test('what a password change refuses: a wrong current one, a guessable new one, one like the account', async () => {
  const all = rig()
  const ada = await member(all, 'ada_lovelace')
  const { service, calls } = all
  calls.length = 0
  await assert.rejects(
    service.changePassword(ada, 'not the password', 'entirely new words', from),
    refusedWith('wrong-password'),
  )
  assert.deepEqual(calls, ['verify'])
  for (const [next, problem] of [
    ['short', 'The password has fewer than 10 characters.'],
    ['Ada.Lovelace1', "The password is mostly the account's own name or address."],
  ] as const) {
    const answer = await seen(service.changePassword(ada, good, next, from))
    assert.equal(answer.status, 422)
    assert.deepEqual((answer.body as { errors: unknown }).errors, [{ in: 'body', field: '/new_password', problem }])
  }
  assert.deepEqual(calls, ['verify'])
})

test('of two password changes at once one wins, and the loser is told', async () => {
  for (let round = 0; round < 20; round += 1) {
    const all = rig()
    const ada = await member(all)
    const wanted = ['entirely new words one', 'entirely new words two']
    const answers = await Promise.all(
      wanted.map((next) => seen(all.service.changePassword(ada, good, next, from).then(() => ({ status: 204 })))),
    )
    const winner = answers.findIndex(({ status }) => status === 204)
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [204, 422])
    const logins = await Promise.allSettled(wanted.map((next) => all.service.logIn({ username: 'ada' }, next, from)))
    assert.deepEqual(
      logins.map(({ status }) => status === 'fulfilled'),
      wanted.map((_, index) => index === winner),
    )
  }
})

test('the address changes with the password only, the name without it', async () => {
  const all = rig()
  const { service, calls, events } = all
  const ada = await member(all)
  await person(service, 'eve')
  calls.length = 0
  const without = await seen(service.changeMe(ada, { email: 'new@example.com' }, from))
  assert.equal(without.status, 422)
  assert.deepEqual((without.body as { errors: unknown }).errors, [
    { in: 'body', field: '/current_password', problem: 'is needed to change the e-mail address' },
  ])
  assert.deepEqual(calls, [])
  await assert.rejects(
    service.changeMe(ada, { email: 'new@example.com', currentPassword: 'not the password' }, from),
    refusedWith('wrong-password'),
  )
  await assert.rejects(
    service.changeMe(ada, { email: 'EVE@example.com', currentPassword: good }, from),
    refusedWith('conflict'),
  )
  await assert.rejects(service.changeMe(ada, { username: 'Eve' }, from), refusedWith('conflict'))
  assert.equal((await service.me(ada)).email, 'ada@example.com')

  assert.equal((await service.changeMe(ada, { username: 'ADA' }, from)).username, 'ADA')
  const changed = await service.changeMe(ada, { email: 'new@example.com', currentPassword: good }, from)
  assert.equal(changed.email, 'new@example.com')
  assert.equal('passwordHash' in changed, false)
  await service.logIn({ email: 'new@example.com' }, good, from)
  assert.deepEqual(
    events.slice(-3).map(([name]) => name),
    ['account-changed', 'account-changed', 'logged-in'],
  )
})

test('a disabled account: sessions end, refresh and login are refused, what is remembered is dropped; enabled it logs in anew', async () => {
  const all = rig()
  const { service, live, changed, events } = all
  const ada = await member(all)
  const root = await member(all, 'root')
  changed.length = 0
  assert.equal((await service.setDisabled(root, ada.id, true, from)).disabled, true)
  assert.deepEqual(changed, [ada.id])
  assert.deepEqual(events.at(-1), ['account-disabled', { client: from.client, subject: ada.id, actor: root.id }])
  assert.equal(await live.check(ada.claims), false)
  await assert.rejects(service.refresh(ada.tokens.refreshToken, from), refusedWith('refresh-refused'))
  await assert.rejects(service.logIn({ username: 'ada' }, good, from), refusedWith('login-failed'))
  await assert.rejects(service.me(ada), refusedWith('unauthenticated'))
  await assert.rejects(service.changePassword(ada, good, 'entirely new words', from), refusedWith('unauthenticated'))

  assert.equal((await service.setDisabled(root, ada.id, false, from)).disabled, false)
  assert.equal(await live.check(ada.claims), false)
  await service.logIn({ username: 'ada' }, good, from)
})

test('roles are set without doubles, and dropped from memory before the answer', async () => {
  const all = rig()
  const { service, changed, events, store } = all
  const ada = await member(all)
  const root = await member(all, 'root')
  changed.length = 0
  assert.deepEqual((await service.setRoles(root, ada.id, ['editor', 'admin', 'editor'], from)).roles, [
    'admin',
    'editor',
  ])
  assert.deepEqual(changed, [ada.id])
  assert.deepEqual(events.at(-1), ['roles-changed', { client: from.client, subject: ada.id, actor: root.id }])
  const { actor, subject, action, detail } = store.trail.at(-1) ?? {}
  assert.deepEqual([actor, subject, action, detail], [root.id, ada.id, 'roles.changed', 'admin editor'])
})

test('nobody changes their own roles or disables themself, and nobody is nobody', async () => {
  const all = rig()
  const root = await member(all, 'root')
  const { service, store } = all
  const before = store.trail.length
  await assert.rejects(service.setRoles(root, root.id, [], from), refusedWith('forbidden'))
  await assert.rejects(service.setDisabled(root, root.id, true, from), refusedWith('forbidden'))
  await assert.rejects(service.setRoles(root, 'nobody', [], from), refusedWith('not-found'))
  await assert.rejects(service.setDisabled(root, 'nobody', true, from), refusedWith('not-found'))
  assert.equal(store.trail.length, before)
})

test('the answer waits until what is remembered was dropped', async () => {
  const { store, live, tokens } = rig()
  const order: string[] = []
  const service = accounts({
    store,
    sessions: live,
    hasher: countingHasher().hasher,
    counter: { take: () => ({ allowed: true, remaining: 1, resetMs: 0, retryAfterMs: 0 }) },
    limits: { account: { name: 'account', quota: { limit: 1, windowMs: 1000 } } },
    onChange: {
      identityChanged: async () => {
        await new Promise((resolve) => setImmediate(resolve))
        order.push('dropped')
      },
    },
  })
  const ada = await member({ service, tokens })
  const { id } = await person(service, 'eve')
  await service.setRoles(ada, id, ['editor'], from).then(() => order.push('roles'))
  await service.setDisabled(ada, id, true, from).then(() => order.push('disabled'))
  await service.changePassword(ada, good, 'entirely new words', from).then(() => order.push('password'))
  await service.logOut(ada, from).then(() => order.push('logged out'))
  await service.logOutEverywhere(ada, from).then(() => order.push('everywhere'))
  assert.deepEqual(
    order.filter((_, index) => index % 2 === 0),
    Array(5).fill('dropped'),
  )
  assert.deepEqual(
    order.filter((_, index) => index % 2 === 1),
    ['roles', 'disabled', 'password', 'logged out', 'everywhere'],
  )
})

test('sessions: listed with the current one marked, ended one by one, never those of somebody else', async () => {
  const all = rig()
  const { service, live } = all
  const ada = await member(all)
  const eve = await member(all, 'eve')
  const second = await service.logIn({ username: 'ada' }, good, { client: '198.51.100.7', label: 'phone' })
  const list = await service.mySessions(ada)
  assert.deepEqual(
    list.map(({ id, current, label }) => [id, current, label]).toSorted(),
    [
      [ada.sessionId, true, 'test'],
      [second.sessionId, false, 'phone'],
    ].toSorted(),
  )
  await assert.rejects(service.endSession(eve, ada.sessionId, from), refusedWith('not-found'))
  await assert.rejects(service.endSession(ada, 'nothing', from), refusedWith('not-found'))
  await service.endSession(ada, second.sessionId, from)
  await assert.rejects(service.endSession(ada, second.sessionId, from), refusedWith('not-found'))
  assert.equal(await live.check(ada.claims), true)
  await service.logOutEverywhere(ada, from)
  assert.equal(await live.check(ada.claims), false)
  assert.equal(await live.check(eve.claims), true)
})

test('a refresh token used twice ends the session, and it is told', async () => {
  const all = rig()
  const { service, live, events, changed } = all
  const ada = await member(all)
  const next = await service.refresh(ada.tokens.refreshToken, from)
  changed.length = 0
  await assert.rejects(service.refresh(ada.tokens.refreshToken, from), refusedWith('refresh-refused'))
  assert.deepEqual(events.at(-1), ['refresh-reused', { client: from.client, subject: ada.id }])
  assert.deepEqual(changed, [ada.id])
  assert.equal(await live.check(ada.claims), false)
  await assert.rejects(service.refresh(next.refreshToken, from), refusedWith('refresh-refused'))
  await assert.rejects(service.refresh('nothing that was issued', from), refusedWith('refresh-refused'))
  assert.equal(events.at(-1)?.[0], 'refresh-refused')
})

test('people come page by page in the order of registration, each once', async () => {
  const { service } = rig()
  for (let index = 0; index < 7; index += 1) await person(service, `user${index}`)
  const seenNames: string[] = []
  let after: string | undefined
  for (let page = 0; page < 4; page += 1) {
    const { items, next } = await service.list({ limit: 3, after })
    seenNames.push(...items.map(({ username }) => username))
    if (next === null) break
    after = next
  }
  assert.deepEqual(seenNames, ['user0', 'user1', 'user2', 'user3', 'user4', 'user5', 'user6'])
  assert.deepEqual(await service.list({ limit: 7 }).then(({ next }) => next), null)
})

test('too many hashes at once: 503 with Retry-After, for login and registration, and nothing is kept', async () => {
  const { service, store } = rig({ hasher: passwordHasher({ parallel: 1, queue: 1 }) })
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      index % 2
        ? seen(service.logIn({ username: 'nobody' }, good, from))
        : seen(person(service, `user${index}`).then((body) => ({ status: 201, body }))),
    ),
  )
  const busy = answers.filter(({ status }) => status === 503)
  assert.equal(busy.length, 4)
  for (const { headers, body } of busy) {
    assert.deepEqual(headers, { 'retry-after': '2' })
    assert.equal((body as { type: string }).type, 'urn:portcullis:problem:unavailable')
  }
  assert.equal(store.trail.length, answers.filter(({ status }) => status === 201).length)
})

test('a store that fails is not taken for a refusal', async () => {
  const { service, store } = rig()
  await person(service)
  store.byUsername = async () => Promise.reject(new Error('disk'))
  await assert.rejects(service.logIn({ username: 'ada' }, good, from), { message: 'disk' })
})

test('a rehash that finds the queue full does not refuse a login that was right', async () => {
  const counted = countingHasher()
  const { service } = rig({ hasher: counted.hasher })
  await person(service)
  counted.state.strength = 2
  counted.hasher.hash = async () => Promise.reject(new HashingBusy(2))
  await service.logIn({ username: 'ada' }, good, from)
})
