import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { sampleAccount, sampleEntry, sampleSession, sampleToken } from '../storage/samples.ts'
import { temporaryFile, temporaryStorage } from '../storage/temporary.ts'

const ways: readonly (readonly [string, (path: string) => void])[] = [
  ['removed', (path) => rmSync(path)],
  ['removed with its folder', (path) => rmSync(dirname(path), { recursive: true })],
  [
    'replaced by a copy, as a backup is put back',
    (path) => {
      copyFileSync(path, `${path}.backup`)
      renameSync(`${path}.backup`, path)
    },
  ],
]

for (const [what, act] of ways)
  test(`a database that is ${what} while it is open acknowledges no write, and grants nothing after a second`, async (t) => {
    const path = join(dirname(temporaryFile(t)), 'data', 'test.db')
    mkdirSync(dirname(path))
    const { accounts, sessions, database, ping } = await temporaryStorage(t, {}, path)
    await accounts.create(sampleAccount('ada'), sampleEntry('ada'))
    await sessions.open(sampleSession('s', 'ada'), sampleToken('h', 's'))
    act(path)
    const gone = { statusCode: 503, message: /test\.db was removed, moved or replaced while it was open: put it back/ }
    await assert.rejects(accounts.create(sampleAccount('grace'), sampleEntry('grace')), gone)
    await assert.rejects(async () => sessions.end('s', 'ada'), gone)
    await assert.rejects(database.deleteFrom('user_roles').execute(), gone)
    await assert.rejects(ping(), gone)
    await delay(1001)
    assert.throws(() => accounts.identity('ada'), gone)
    assert.throws(() => sessions.isActive('s', 'ada', 0), gone)
  })

test('one that is moved away and put back goes on', async (t) => {
  const path = temporaryFile(t)
  const { accounts } = await temporaryStorage(t, {}, path)
  const { ino } = statSync(path)
  renameSync(path, `${path}.away`)
  await assert.rejects(accounts.create(sampleAccount('ada'), sampleEntry('ada')), { statusCode: 503 })
  renameSync(`${path}.away`, path)
  assert.equal(statSync(path).ino, ino)
  assert.equal(await accounts.create(sampleAccount('ada'), sampleEntry('ada')), 'created')
  assert.deepEqual(accounts.identity('ada'), { id: 'ada', roles: [] })
})
