import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { accounts } from '../../src/accounts/index.ts'
import { memoryCounter, parseQuota } from '../../src/layers/limits/index.ts'
import { accessTokens, generateSecret, keyRing, sessions } from '../../src/layers/sessions/index.ts'
import { temporaryStorage } from '../storage/temporary.ts'
import { countingHasher, from, good } from './rig.ts'

/** The service as routes of one's own have it: over a database, and with names that only their schema bounds. */
const overDatabase = async (t: TestContext) => {
  const storage = await temporaryStorage(t)
  const counted = countingHasher()
  const service = accounts({
    store: storage.accounts,
    sessions: sessions({ tokens: accessTokens({ ring: keyRing([generateSecret()]) }), store: storage.sessions }),
    hasher: counted.hasher,
    counter: memoryCounter(),
    limits: { account: { name: 'account', quota: parseQuota('3/minute') } },
  })
  return { service, hashes: counted.calls }
}

const NAMES = ['Édith', 'ÆTHER', 'Дмитрий', 'İpek', 'Ångström', 'STRASSE ß', 'E\u0301lan']

test('who registers by a name beyond ASCII logs in by it', async (t) => {
  const { service } = await overDatabase(t)
  for (const [index, username] of NAMES.entries()) {
    const email = `${username.replaceAll(' ', '')}@example.com`
    const { id } = await service.register({ email, username, password: good }, from)
    assert.equal((await service.me({ id, sessionId: '' })).username, username.normalize('NFC'))
    await service.logIn({ username }, good, from)
    await service.logIn({ email: email.normalize('NFD') }, good, from)

    const renamed = `${username}${index}`
    await service.changeMe({ id, sessionId: '' }, { username: renamed.normalize('NFD') }, from)
    await service.logIn({ username: renamed }, good, from)
  }
})

test('a letter of ASCII has no case in it, and one beyond has: two people may differ by that', async (t) => {
  const { service } = await overDatabase(t)
  await service.register({ email: 'a@example.com', username: 'Éva', password: good }, from)
  await service.logIn({ username: 'ÉVA' }, good, from)
  await assert.rejects(service.logIn({ username: 'éva' }, good, from), { code: 'login-failed' })
  await assert.rejects(service.register({ email: 'b@example.com', username: 'ÉvA', password: good }, from), {
    code: 'conflict',
  })
  await service.register({ email: 'c@example.com', username: 'éva', password: good }, from)
})

test('names that nobody has are counted as those are that somebody has', async (t) => {
  const { service, hashes } = await overDatabase(t)
  await service.register({ email: 'a@example.com', username: 'Éva', password: good }, from)
  for (const [first, other] of [
    ['Éva', 'éva'],
    ['Ève', 'ève'],
  ] as const) {
    hashes.length = 0
    for (const username of [first, first, first.replace('v', 'V'), first, other])
      await service.logIn({ username }, 'not the password', from).catch(() => {})
    assert.equal(hashes.length, 4, first)
  }
})
