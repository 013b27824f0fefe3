import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import type { Account, AccountStore, StoredAccount } from '../../src/accounts/store.ts'
import type { SessionStore } from '../../src/layers/sessions/index.ts'
import { noon, sampleAccount, sampleEntry, sampleSession, sampleToken } from '../storage/samples.ts'

/** An empty account store and the session store beside it; cleans up after itself by `test.after`. */
export type MakeStores = (test: TestContext) => Promise<{ accounts: AccountStore; sessions: SessionStore }>

const ada = sampleAccount('ada', { email: 'Ada@Example.com', username: 'Ada_L' })
const adaStored: StoredAccount = { ...ada, roles: [], disabled: false }

/** What every account store must do, whatever it is kept in. */
export const accountStoreSuite = (name: string, make: MakeStores): void => {
  suite(`account store: ${name}`, () => {
    test('finds an account by its id, e-mail and username, without regard to case, as it was written', async (t) => {
      const { accounts } = await make(t)
      assert.equal(await accounts.create(ada, sampleEntry('ada')), 'created')
      assert.deepEqual(await accounts.byId('ada'), adaStored)
      for (const email of ['Ada@Example.com', 'ada@example.com', 'ADA@EXAMPLE.COM'])
        assert.deepEqual(await accounts.byEmail(email), adaStored, email)
      for (const username of ['Ada_L', 'ada_l', 'ADA_L'])
        assert.deepEqual(await accounts.byUsername(username), adaStored, username)
    })

    test('finds nothing for what is not there, pattern characters and injections included', async (t) => {
      const { accounts } = await make(t)
      await accounts.create(ada, sampleEntry('ada'))
      for (const nobody of ['', '%', 'ada%', '_da', "' or 1=1 --", "ada'; drop table users; --", 'ADA', 'ada\0', 'K']) {
        assert.equal(await accounts.byId(nobody), null, `id ${nobody}`)
        assert.equal(await accounts.byEmail(nobody), null, `e-mail ${nobody}`)
        assert.equal(await accounts.byUsername(nobody), null, `username ${nobody}`)
        assert.equal(await accounts.identity(nobody), null, `identity ${nobody}`)
      }
      assert.deepEqual(await accounts.byId('ada'), adaStored)
    })

    test('a name that differs only in case is taken, and nothing of the refused account stays', async (t) => {
      const { accounts } = await make(t)
      await accounts.create(ada, sampleEntry('ada'))
      const rivals = [
        sampleAccount('b', { email: 'ADA@example.COM' }),
        sampleAccount('b', { username: 'aDA_l' }),
        sampleAccount('b', { email: 'ada@example.com', username: 'ada_l' }),
        sampleAccount('ada'),
      ]
      for (const rival of rivals) assert.equal(await accounts.create(rival, sampleEntry('b')), 'taken')
      assert.equal((await accounts.list({ limit: 10 })).length, 1)
      assert.equal((await accounts.audit({ limit: 10 })).length, 1)
    })

    test('only ASCII letters are alike: letters that fold to the same one are different names', async (t) => {
      const { accounts } = await make(t)
      assert.equal(await accounts.create(sampleAccount('1', { username: 'kk' }), sampleEntry('1')), 'created')
      assert.equal(await accounts.create(sampleAccount('2', { username: 'K\u212A' }), sampleEntry('2')), 'created')
      assert.equal((await accounts.byUsername('K\u212A'))?.id, '2')
      assert.equal((await accounts.byUsername('KK'))?.id, '1')
    })

    test('of parallel registrations of one name exactly one is created', async (t) => {
      const { accounts } = await make(t)
      const rivals = Array.from({ length: 20 }, (_, n) => sampleAccount(`r${n}`, { email: n % 2 ? 'x@y.z' : 'X@Y.Z' }))
      const outcomes = await Promise.all(rivals.map((rival) => accounts.create(rival, sampleEntry(rival.id))))
      assert.equal(outcomes.filter((outcome) => outcome === 'created').length, 1)
      assert.equal(outcomes.filter((outcome) => outcome === 'taken').length, 19)
      assert.equal((await accounts.audit({ limit: 100 })).length, 1)
    })

    test('identity tells the roles, and null for nobody and for the disabled', async (t) => {
      const { accounts } = await make(t)
      await accounts.create(ada, sampleEntry('ada'))
      assert.deepEqual(await accounts.identity('ada'), { id: 'ada', roles: [] })
      assert.equal(await accounts.setRoles('ada', ['editor', 'admin', 'editor'], sampleEntry('ada')), true)
      assert.deepEqual([...((await accounts.identity('ada'))?.roles ?? [])].sort(), ['admin', 'editor'])
      assert.deepEqual([...((await accounts.byId('ada'))?.roles ?? [])].sort(), ['admin', 'editor'])
      assert.equal(await accounts.setDisabled('ada', true, sampleEntry('ada')), true)
      assert.equal(await accounts.identity('ada'), null)
      assert.equal((await accounts.byId('ada'))?.disabled, true)
      assert.equal(await accounts.setDisabled('ada', false, sampleEntry('ada')), true)
      assert.equal(await accounts.setRoles('ada', ['reader'], sampleEntry('ada')), true)
      assert.deepEqual(await accounts.identity('ada'), { id: 'ada', roles: ['reader'] })
      assert.equal(await accounts.identity('grace'), null)
    })

    test('with expected roles they are set while those are the roles, in any order', async (t) => {
      const { accounts } = await make(t)
      await accounts.create(ada, sampleEntry('ada'))
      const entry = sampleEntry('ada', 'roles.changed')
      const rolesNow = async () => [...((await accounts.byId('ada'))?.roles ?? [])].sort()
      assert.equal(await accounts.setRoles('ada', ['a'], entry, ['b']), false)
      assert.equal(await accounts.setRoles('ada', ['a', 'b'], entry, []), true)
      for (const stale of [[], ['a'], ['a', 'c'], ['a', 'b', 'c']])
        assert.equal(await accounts.setRoles('ada', ['late'], entry, stale), false, stale.join())
      assert.deepEqual(await rolesNow(), ['a', 'b'])
      assert.deepEqual(await accounts.audit({ limit: 10 }), [entry, sampleEntry('ada')])
      assert.equal(await accounts.setRoles('ada', ['c'], entry, ['b', 'a', 'b']), true)
      assert.deepEqual(await rolesNow(), ['c'])
      assert.equal(await accounts.setRoles('nobody', ['c'], entry, []), false)
    })

    test('of parallel changes that expect the same roles exactly one is made', async (t) => {
      const { accounts } = await make(t)
      await accounts.create(ada, sampleEntry('ada'))
      const entry = sampleEntry('ada', 'roles.changed')
      const attempts = Array.from({ length: 10 }, (_, n) => accounts.setRoles('ada', [`r${n}`], entry, []))
      assert.equal((await Promise.all(attempts)).filter(Boolean).length, 1)
      assert.equal((await accounts.byId('ada'))?.roles.length, 1)
    })

    test('an unknown account is told apart from a change, and leaves no entry in the trail', async (t) => {
      const { accounts } = await make(t)
      const entry = sampleEntry('nobody')
      assert.equal(await accounts.setRoles('nobody', ['admin'], entry), false)
      assert.equal(await accounts.setDisabled('nobody', true, entry), false)
      assert.equal(await accounts.setPassword('nobody', 'a', 'b', '', entry), false)
      assert.equal(await accounts.rehash('nobody', 'a', 'b', entry), false)
      assert.equal(await accounts.setNames('nobody', { username: 'x' }, entry), 'unknown')
      assert.deepEqual(await accounts.audit({ limit: 10 }), [])
    })

    test('a new password replaces the expected one only, and ends the other sessions with it', async (t) => {
      const { accounts, sessions } = await make(t)
      await twoSessions(accounts, sessions)
      const entry = sampleEntry('ada', 'password.changed')
      assert.equal(await accounts.setPassword('ada', 'stale', 'new', 'here', entry), false)
      assert.equal(await sessions.isActive('there', 'ada', noon), true)
      assert.equal(await accounts.setPassword('ada', ada.passwordHash, 'new', 'here', entry), true)
      assert.equal((await accounts.byId('ada'))?.passwordHash, 'new')
      assert.equal(await sessions.isActive('here', 'ada', noon), true)
      assert.equal(await sessions.isActive('there', 'ada', noon), false)
      assert.equal(await sessions.isActive('hers', 'grace', noon), true)
      assert.deepEqual((await accounts.audit({ subject: 'ada', limit: 1 }))[0], entry)
    })

    test('of parallel changes of one password exactly one is made', async (t) => {
      const { accounts } = await make(t)
      await accounts.create(ada, sampleEntry('ada'))
      const entry = sampleEntry('ada', 'password.changed')
      const attempts = Array.from({ length: 10 }, (_, n) =>
        accounts.setPassword('ada', ada.passwordHash, `new ${n}`, '', entry),
      )
      assert.equal((await Promise.all(attempts)).filter(Boolean).length, 1)
    })

    test('a rehash ends no session and gives way to a newer hash', async (t) => {
      const { accounts, sessions } = await make(t)
      await twoSessions(accounts, sessions)
      const entry = sampleEntry('ada', 'password.rehashed')
      assert.equal(await accounts.rehash('ada', ada.passwordHash, 'stronger', entry), true)
      assert.equal(await accounts.rehash('ada', ada.passwordHash, 'stronger still', entry), false)
      assert.equal((await accounts.byId('ada'))?.passwordHash, 'stronger')
      assert.equal(await sessions.isActive('there', 'ada', noon), true)
    })

    test('disabling ends every session of the account; enabling brings none back', async (t) => {
      const { accounts, sessions } = await make(t)
      await twoSessions(accounts, sessions)
      await accounts.setDisabled('ada', true, sampleEntry('ada', 'account.disabled'))
      await accounts.setDisabled('ada', false, sampleEntry('ada', 'account.enabled'))
      assert.equal(await sessions.isActive('here', 'ada', noon), false)
      assert.equal(await sessions.isActive('there', 'ada', noon), false)
      assert.equal(await sessions.isActive('hers', 'grace', noon), true)
    })

    test('names change one by one, to a free name or to another spelling of the own', async (t) => {
      const { accounts } = await make(t)
      await accounts.create(ada, sampleEntry('ada'))
      await accounts.create(sampleAccount('grace'), sampleEntry('grace'))
      const entry = sampleEntry('ada', 'account.changed')
      assert.equal(await accounts.setNames('ada', { username: 'GRACE' }, entry), 'taken')
      assert.equal(await accounts.setNames('ada', { email: 'Grace@Example.Com', username: 'free' }, entry), 'taken')
      assert.equal((await accounts.byId('ada'))?.username, 'Ada_L')
      assert.equal(await accounts.setNames('ada', { username: 'ADA_l' }, entry), 'changed')
      assert.equal(await accounts.setNames('ada', { email: 'new@example.com' }, entry), 'changed')
      assert.deepEqual(await accounts.byUsername('ada_L'), {
        ...adaStored,
        username: 'ADA_l',
        email: 'new@example.com',
      })
      assert.equal(await accounts.byEmail(ada.email), null)
      const trail = await accounts.audit({ subject: 'ada', limit: 10 })
      assert.equal(trail.filter(({ action }) => action === 'account.changed').length, 2)
    })

    test('the hash of a disabled account stays, until it is opened again', async (t) => {
      const { accounts } = await make(t)
      await accounts.create(ada, sampleEntry('ada'))
      await accounts.setDisabled('ada', true, sampleEntry('ada', 'account.disabled'))
      const entry = sampleEntry('ada', 'password.changed')
      assert.equal(await accounts.setPassword('ada', ada.passwordHash, 'late', '', entry), false)
      assert.equal(await accounts.rehash('ada', ada.passwordHash, 'late', entry), false)
      assert.equal((await accounts.byId('ada'))?.passwordHash, ada.passwordHash)
      assert.equal(await accounts.setDisabled('ada', false, sampleEntry('ada', 'account.enabled')), true)
      assert.equal(await accounts.setPassword('ada', ada.passwordHash, 'new', '', entry), true)
    })

    test('with an expected hash a name is set while that is still the hash, and the account not disabled', async (t) => {
      const { accounts } = await make(t)
      await accounts.create(ada, sampleEntry('ada'))
      const entry = sampleEntry('ada', 'account.changed')
      assert.equal(await accounts.setNames('ada', { email: 'stale@example.com' }, entry, 'stale'), 'unknown')
      assert.equal(await accounts.setNames('ada', { email: 'new@example.com' }, entry, ada.passwordHash), 'changed')
      await accounts.setDisabled('ada', true, sampleEntry('ada', 'account.disabled'))
      assert.equal(await accounts.setNames('ada', { email: 'late@example.com' }, entry, ada.passwordHash), 'unknown')
      assert.equal((await accounts.byId('ada'))?.email, 'new@example.com')
    })

    test('lists accounts in the order of registration, page by page, without the hash', async (t) => {
      const { accounts } = await make(t)
      const ids = ['z', 'm', 'a', 'q', 'b', 'y', 'c']
      for (const id of ids) await accounts.create(sampleAccount(id), sampleEntry(id))
      await accounts.setRoles('a', ['admin', 'editor'], sampleEntry('a'))
      const seen: Account[] = []
      for (let after: string | undefined; ; after = seen.at(-1)?.id) {
        const page = await accounts.list({ limit: 3, ...(after === undefined ? {} : { after }) })
        assert.ok(page.length <= 3)
        if (page.length === 0) break
        seen.push(...page)
      }
      assert.deepEqual(
        seen.map(({ id }) => id),
        ids,
      )
      const { passwordHash: _, ...listed } = { ...sampleAccount('z'), roles: [], disabled: false }
      assert.deepEqual(seen[0], listed)
      assert.deepEqual([...(seen[2]?.roles ?? [])].sort(), ['admin', 'editor'])
      assert.deepEqual(await accounts.list({ after: 'no such account', limit: 3 }), [])
    })

    test('keeps the trail, newest first, of one account or of all', async (t) => {
      const { accounts } = await make(t)
      await accounts.create(ada, sampleEntry('ada'))
      await accounts.create(sampleAccount('grace'), sampleEntry('grace'))
      const entry = { ...sampleEntry('ada', 'roles.changed'), actor: 'grace', client: '2001:db8::1', detail: 'admin' }
      await accounts.setRoles('ada', ['admin'], entry)
      assert.deepEqual(await accounts.audit({ subject: 'ada', limit: 10 }), [entry, sampleEntry('ada')])
      assert.deepEqual(await accounts.audit({ limit: 2 }), [entry, sampleEntry('grace')])
      const nobody = { ...sampleEntry('ada', 'account.changed'), actor: null }
      await accounts.setNames('ada', {}, nobody)
      assert.deepEqual(await accounts.audit({ limit: 1 }), [nobody])
    })

    test('answers a ping', async (t) => {
      const { accounts } = await make(t)
      assert.equal(await accounts.ping(), undefined)
    })
  })
}

const twoSessions = async (accounts: AccountStore, sessions: SessionStore): Promise<void> => {
  await accounts.create(ada, sampleEntry('ada'))
  await sessions.open(sampleSession('here', 'ada'), sampleToken('h1', 'here'))
  await sessions.open(sampleSession('there', 'ada'), sampleToken('h2', 'there'))
  await sessions.open(sampleSession('hers', 'grace'), sampleToken('h3', 'hers'))
}
