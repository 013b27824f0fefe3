import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PasswordHasher } from '../../src/accounts/index.ts'
import { Problem } from '../../src/response/index.ts'
import { countingHasher, from, good, person, rig } from '../accounts/rig.ts'

/** A hasher whose next verification waits until something else has happened. */
const heldUp = () => {
  const { hasher, state } = countingHasher()
  let during: (() => Promise<unknown>) | undefined
  const held: PasswordHasher = {
    ...hasher,
    verify: async (password, phc) => {
      const right = await hasher.verify(password, phc)
      const now = during
      during = undefined
      await now?.()
      return right
    },
  }
  const whileHashing = (work: () => Promise<unknown>): void => {
    during = work
  }
  return { held, state, whileHashing }
}

const loginFailed = (error: unknown) => error instanceof Problem && error.code === 'login-failed'
const root = { id: 'root', sessionId: 'root' }

/** A hash takes 50 ms, time enough for an admin: the session that comes out of it must not outlive what happened meanwhile. */
test('an account disabled while its login was being hashed gets no session, not even after it is enabled again', async () => {
  const { held, whileHashing } = heldUp()
  const { service, live } = rig({ hasher: held })
  const { id } = await person(service)
  whileHashing(() => service.setDisabled(root, id, true, from))
  await assert.rejects(service.logIn({ username: 'ada' }, good, from), loginFailed)
  await service.setDisabled(root, id, false, from)
  assert.deepEqual(await live.list(id), [])
})

test('a password changed while a login with the old one was being hashed: no session', async () => {
  const { held, whileHashing } = heldUp()
  const { service, live } = rig({ hasher: held })
  const { id } = await person(service)
  const mine = await service.logIn({ username: 'ada' }, good, from)
  const who = { id, sessionId: mine.sessionId }
  whileHashing(() => service.changePassword(who, good, 'entirely new words', from))
  await assert.rejects(service.logIn({ username: 'ada' }, good, from), loginFailed)
  assert.deepEqual(
    (await live.list(id)).map((session) => session.id),
    [mine.sessionId],
  )
})

test('the session store knows nothing of accounts: a refresh for one that was disabled behind its back ends here', async () => {
  const { service, store, live } = rig()
  const { id } = await person(service)
  const { refreshToken } = await service.logIn({ username: 'ada' }, good, from)
  const entry = { at: 0, actor: null, action: 'account.disabled', subject: id, client: '', detail: '' } as const
  await store.setDisabled(id, true, entry)
  await assert.rejects(service.refresh(refreshToken, from), { name: 'Problem', code: 'refresh-refused' })
  assert.deepEqual(await live.list(id), [])
})

test('a login beside another that hashed the same password again is right, and stays so', async () => {
  const { held, state, whileHashing } = heldUp()
  const { service, live } = rig({ hasher: held })
  const { id } = await person(service)
  state.strength = 2
  whileHashing(() => service.logIn({ username: 'ada' }, good, from))
  await service.logIn({ username: 'ada' }, good, from)
  assert.equal((await live.list(id)).length, 2)
})

test('a change beside a login that hashed the same password again is right: its password was', async () => {
  const { held, state, whileHashing } = heldUp()
  const { service, store } = rig({ hasher: held })
  const { id } = await person(service)
  const who = { id, sessionId: 'mine' }
  const beside = () => {
    state.strength += 1
    whileHashing(() => service.logIn({ username: 'ada' }, good, from))
  }
  beside()
  await service.changeMe(who, { email: 'new@example.com', currentPassword: good }, from)
  assert.equal((await store.byId(id))?.email, 'new@example.com')
  beside()
  await service.changePassword(who, good, 'entirely new words', from)
  await assert.rejects(service.logIn({ username: 'ada' }, good, from), loginFailed)
  await service.logIn({ username: 'ada' }, 'entirely new words', from)
})

test('a password changed while an e-mail change with the old one was being hashed: the address stays', async () => {
  const { held, whileHashing } = heldUp()
  const { service, store } = rig({ hasher: held })
  const { id } = await person(service)
  const [owner, thief] = [
    await service.logIn({ username: 'ada' }, good, from),
    await service.logIn({ username: 'ada' }, good, from),
  ]
  const before = (await store.byId(id))?.email
  whileHashing(() => service.changePassword({ id, sessionId: owner.sessionId }, good, 'entirely new words', from))
  const change = { email: 'thief@example.com', currentPassword: good }
  await assert.rejects(service.changeMe({ id, sessionId: thief.sessionId }, change, from), { code: 'wrong-password' })
  assert.equal((await store.byId(id))?.email, before)
})

test('an account disabled while its e-mail change was being hashed: the address stays', async () => {
  const { held, whileHashing } = heldUp()
  const { service, store } = rig({ hasher: held })
  const { id } = await person(service)
  const before = (await store.byId(id))?.email
  whileHashing(() => service.setDisabled(root, id, true, from))
  const change = { email: 'late@example.com', currentPassword: good }
  await assert.rejects(service.changeMe({ id, sessionId: 'mine' }, change, from), { code: 'unauthenticated' })
  assert.equal((await store.byId(id))?.email, before)
})

test('an account disabled while its password change was being hashed: the password stays', async () => {
  const { held, whileHashing } = heldUp()
  const { service, store } = rig({ hasher: held })
  const { id } = await person(service)
  const before = (await store.byId(id))?.passwordHash
  whileHashing(() => service.setDisabled(root, id, true, from))
  const change = service.changePassword({ id, sessionId: 'mine' }, good, 'entirely new words', from)
  await assert.rejects(change, { code: 'unauthenticated' })
  assert.equal((await store.byId(id))?.passwordHash, before)
})
