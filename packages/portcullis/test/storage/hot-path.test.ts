import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { noon, sampleAccount, sampleEntry, sampleSession, sampleToken } from './samples.ts'
import { temporaryFile, temporaryStorage } from './temporary.ts'

test('identity and isActive answer at once, without a promise', async (t) => {
  const { accounts, sessions } = await temporaryStorage(t)
  await accounts.create(sampleAccount('ada'), sampleEntry('ada'))
  await sessions.open(sampleSession('s', 'ada'), sampleToken('h', 's'))
  assert.deepEqual(accounts.identity('ada'), { id: 'ada', roles: [] })
  assert.equal(accounts.identity('nobody'), null)
  assert.equal(sessions.isActive('s', 'ada', noon), true)
  assert.equal(sessions.isActive('s', 'grace', noon), false)
  assert.equal(sessions.isActive('x', 'ada', noon), false)
})

test('a session ends at its expiry to the millisecond', async (t) => {
  const { sessions } = await temporaryStorage(t)
  const session = sampleSession('s', 'ada')
  await sessions.open(session, sampleToken('h', 's'))
  assert.equal(sessions.isActive('s', 'ada', session.expiresAt - 1), true)
  assert.equal(sessions.isActive('s', 'ada', session.expiresAt), false)
})

test('what another process commits is seen by the very next question', async (t) => {
  const path = temporaryFile(t)
  const { accounts, sessions } = await temporaryStorage(t, {}, path)
  await accounts.create(sampleAccount('ada'), sampleEntry('ada'))
  await sessions.open(sampleSession('s', 'ada'), sampleToken('h', 's'))
  assert.deepEqual(accounts.identity('ada'), { id: 'ada', roles: [] })
  assert.equal(sessions.isActive('s', 'ada', noon), true)
  elsewhere(path, `await accounts.setRoles('ada', ['admin'], entry); await sessions.end('s', 'ada')`)
  assert.deepEqual(accounts.identity('ada'), { id: 'ada', roles: ['admin'] })
  assert.equal(sessions.isActive('s', 'ada', noon), false)
  elsewhere(path, `await accounts.setDisabled('ada', true, entry)`)
  assert.equal(accounts.identity('ada'), null)
})

test('an open transaction of the same process is not seen before it commits, nor after it is rolled back', async (t) => {
  const { accounts, sessions, database } = await temporaryStorage(t)
  await accounts.create(sampleAccount('ada'), sampleEntry('ada'))
  await sessions.open(sampleSession('s', 'ada'), sampleToken('h', 's'))
  const interrupted = database.transaction().execute(async (transaction) => {
    await transaction.insertInto('user_roles').values({ user_id: 'ada', role: 'admin' }).execute()
    await transaction.updateTable('sessions').set({ ended_at: noon }).execute()
    assert.deepEqual(accounts.identity('ada'), { id: 'ada', roles: [] })
    assert.equal(sessions.isActive('s', 'ada', noon), true)
    throw new Error('interrupted')
  })
  await assert.rejects(interrupted, { message: 'interrupted' })
  assert.deepEqual(accounts.identity('ada'), { id: 'ada', roles: [] })
  assert.equal(sessions.isActive('s', 'ada', noon), true)
})

/** Runs statements on the same file in a process of their own. */
const elsewhere = (path: string, statements: string): void => {
  const door = new URL('../../src/storage/index.ts', import.meta.url).href
  const script = `const { openStorage } = await import(${JSON.stringify(door)})
    const { accounts, sessions, close } = await openStorage(${JSON.stringify(`sqlite:${path}`)})
    const entry = ${JSON.stringify(sampleEntry('ada', 'roles.changed'))}
    ${statements}; await close()`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script])
  assert.equal(status, 0, String(stderr))
}
