import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Storage } from '../../src/storage/index.ts'
import { noon, sampleAccount, sampleEntry, sampleSession, sampleToken } from '../storage/samples.ts'
import { opened } from '../storage/temporary.ts'

/** An open storage that knows ada, who is a reader and has the session s; grace is there, and nobody has asked for her. */
export const storageThatKnows = async (t: TestContext, url: string): Promise<Storage> => {
  const storage = await opened(t, url)
  const { accounts, sessions } = storage
  for (const id of ['ada', 'grace']) {
    await accounts.create(sampleAccount(id), sampleEntry(id))
    await accounts.setRoles(id, ['reader'], sampleEntry(id))
    await sessions.open(sampleSession(`s-${id}`, id), sampleToken(`h-${id}`, `s-${id}`))
  }
  await storage.catchUp()
  await know(storage)
  return storage
}

/** Asks for ada so that she is remembered. */
export const know = async ({ accounts, sessions }: Storage): Promise<void> => {
  assert.equal(await sessions.isActive('s-ada', 'ada', noon), true)
  assert.deepEqual(await accounts.identity('ada'), { id: 'ada', roles: ['reader'] })
}

/** The two questions of a request of ada's go on without waiting for anything. */
export const goesOn = ({ accounts, sessions }: Storage): void => {
  assert.equal(sessions.isActive('s-ada', 'ada', noon), true)
  assert.deepEqual(accounts.identity('ada'), { id: 'ada', roles: ['reader'] })
}

/** The same of a database that is asked: after a restart nothing is remembered. */
export const isKnown = async ({ accounts, sessions }: Storage): Promise<void> => {
  assert.equal(await sessions.isActive('s-ada', 'ada', noon), true)
  assert.deepEqual(await accounts.identity('ada'), { id: 'ada', roles: ['reader'] })
}

/** Everything that needs the database, by name. */
export const everythingElse: Readonly<Record<string, (storage: Storage) => unknown>> = {
  isActive: ({ sessions }) => sessions.isActive('s-grace', 'grace', noon),
  identity: ({ accounts }) => accounts.identity('grace'),
  byEmail: ({ accounts }) => accounts.byEmail('grace@example.com'),
  byUsername: ({ accounts }) => accounts.byUsername('grace'),
  byId: ({ accounts }) => accounts.byId('grace'),
  list: ({ accounts }) => accounts.list({ limit: 1 }),
  audit: ({ accounts }) => accounts.audit({ limit: 1 }),
  create: ({ accounts }) => accounts.create(sampleAccount('new'), sampleEntry('new')),
  setPassword: ({ accounts }) => accounts.setPassword('grace', 'x', 'y', '', sampleEntry('grace')),
  rehash: ({ accounts }) => accounts.rehash('grace', 'x', 'y', sampleEntry('grace')),
  setNames: ({ accounts }) => accounts.setNames('grace', { username: 'g' }, sampleEntry('grace')),
  setRoles: ({ accounts }) => accounts.setRoles('grace', ['admin'], sampleEntry('grace')),
  setDisabled: ({ accounts }) => accounts.setDisabled('grace', true, sampleEntry('grace')),
  ping: ({ ping }) => ping(),
  open: ({ sessions }) => sessions.open(sampleSession('n', 'grace'), sampleToken('hn', 'n')),
  rotate: ({ sessions }) =>
    sessions.rotate('h-grace', { hash: 'next', issuedAt: noon, expiresAt: noon + 9 }, null, noon),
  end: ({ sessions }) => sessions.end('s-grace', 'grace'),
  endAll: ({ sessions }) => sessions.endAll('grace'),
  endEverything: ({ sessions }) => sessions.endEverything(),
  listSessions: ({ sessions }) => sessions.list('grace', noon),
  prune: ({ sessions }) => sessions.prune(0),
  query: ({ database }) => sql`select 1`.execute(database),
  transaction: ({ database }) =>
    database.transaction().execute((transaction) => transaction.selectFrom('users').select('id').execute()),
}

/** Each rejects with 503 in under a second, asked one after the other; answers how long the slowest took, in ms. */
export const restRejects = async (
  storage: Storage,
  names: readonly string[] = Object.keys(everythingElse),
): Promise<number> => {
  let slowest = 0
  for (const name of names) {
    const began = performance.now()
    await assert.rejects(async () => everythingElse[name]?.(storage), { statusCode: 503 }, name)
    const took = performance.now() - began
    assert.ok(took < 1000, `${name} took ${took} ms`)
    slowest = Math.max(slowest, took)
    goesOn(storage)
  }
  return slowest
}

/** Everything works again, in the same process; answers how long it took from now on, in ms. */
export const heals = async (storage: Storage): Promise<number> => {
  const began = performance.now()
  for (;;) {
    const answered = await storage.ping().then(
      () => true,
      () => false,
    )
    if (answered) break
    assert.ok(performance.now() - began < 10_000, 'it did not heal in 10 seconds')
    await delay(20)
  }
  const took = performance.now() - began
  await storage.catchUp()
  await know(storage)
  const healed = `healed ${Math.random()}`
  assert.equal(await storage.accounts.setRoles('grace', [healed], sampleEntry('grace')), true)
  assert.deepEqual((await storage.accounts.byId('grace'))?.roles, [healed])
  return took
}
