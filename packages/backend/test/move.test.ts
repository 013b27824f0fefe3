import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { freshDatabase, postgresMissing } from '../../portcullis/test/services/postgres.ts'
import { call, folder, person, portcullis, production, startBackend, UNLIMITED } from './backend.ts'

/** The same settings on two databases. */
const settings = async (t: TestContext) => {
  const [path, postgres] = [folder(t), await freshDatabase(t)]
  const env = production(path, { ...UNLIMITED, REFRESH_RETRY_SECONDS: '0' })
  const on = (DATABASE_URL: string) => ({ ...env, DATABASE_URL })
  return { sqlite: `sqlite:${join(path, 'portcullis.db')}`, postgres, back: `sqlite:${join(path, 'back.db')}`, on }
}

/** Starts a backend for as long as the work takes. */
const serving = async <Answer>(
  env: Record<string, string>,
  work: (address: string) => Promise<Answer>,
): Promise<Answer> => {
  const running = await startBackend(env)
  try {
    return await work(running.address)
  } finally {
    assert.equal(await running.stop(), 0)
  }
}

const status = async (address: string, path: string, token: string): Promise<number> =>
  (await call(address, 'GET', path, { token })).status

const refreshed = (address: string, refresh_token: string) =>
  call(address, 'POST', '/auth/refresh', { body: { refresh_token } })

suite('the ready backend moves to PostgreSQL, and back', { skip: await postgresMissing() }, () => {
  test('tokens of before work after, and what was over is over', async (t) => {
    const { sqlite, postgres, back, on } = await settings(t)
    const before = await serving(on(sqlite), async (address) => {
      const [ada, eve, bob, kim] = [
        await person(address),
        await person(address),
        await person(address),
        await person(address),
      ]
      await portcullis(on(sqlite), 'users', 'grant', ada.email, 'admin')
      const written = await call(address, 'POST', '/notes', {
        token: ada.token,
        body: { title: 'Ünï 😀', body: 'kept' },
      })
      const { body: bobs } = await refreshed(address, bob.refresh)
      await call(address, 'POST', '/auth/logout', { token: kim.token })
      const body = { disabled: true }
      assert.equal((await call(address, 'POST', `/users/${eve.id}/disable`, { token: ada.token, body })).status, 200)
      return { ada, eve, bob, kim, bobs, note: written.body as { id: string } }
    })
    const { ada, eve, bob, kim, bobs, note } = before

    await serving(on(postgres), async () => {})
    assert.match(await portcullis(on(''), 'move', '--from', sqlite, '--to', postgres), /Both sides are equal: 6 tables/)

    const later = await serving(on(postgres), async (address) => {
      assert.equal(await status(address, '/users', ada.token), 200, 'the role came along')
      assert.deepEqual((await call(address, 'GET', `/notes/${note.id}`, { token: ada.token })).body, note)
      assert.equal(await status(address, '/users/me', bob.token), 200)
      assert.equal(await status(address, '/users/me', kim.token), 401, 'she had logged out')
      assert.equal(await status(address, '/users/me', eve.token), 401, 'she was disabled')
      const { email, password } = eve
      assert.equal((await call(address, 'POST', '/auth/login', { body: { email, password } })).status, 401)
      const { status: again, body: login } = await call(address, 'POST', '/auth/login', {
        body: { email: bob.email, password: bob.password },
      })
      assert.equal(again, 200, 'the password came along')

      const { status: works, body: adas } = await refreshed(address, ada.refresh)
      assert.equal(works, 200, 'a refresh token of before works once')
      assert.equal((await refreshed(address, bob.refresh)).status, 401, 'a spent one of before does not')
      assert.equal((await refreshed(address, bobs.refresh_token)).status, 401, 'and has ended its family')
      assert.equal(await status(address, '/users/me', bobs.access_token), 401)
      const newcomer = await person(address)
      return { adas, login, newcomer }
    })

    await serving(on(back), async () => {})
    assert.match(await portcullis(on(''), 'move', '--from', postgres, '--to', back), /Both sides are equal: 6 tables/)
    await serving(on(back), async (address) => {
      assert.equal(await status(address, '/users', later.adas.access_token), 200)
      assert.equal(await status(address, '/users/me', later.newcomer.token), 200)
      assert.equal(await status(address, '/users/me', later.login.access_token), 200)
      assert.equal(await status(address, '/users/me', bobs.access_token), 401, 'what ended there has ended here')
      assert.equal((await refreshed(address, ada.refresh)).status, 401)
      assert.equal((await refreshed(address, later.newcomer.refresh)).status, 200)
      assert.equal(await status(address, '/users/me', ada.token), 401, 'her token was used twice')
    })
  })

  test('a backend that runs on during the move is told of, and its sessions are not taken for moved', async (t) => {
    const { sqlite, postgres, on } = await settings(t)
    await serving(on(postgres), async () => {})
    await serving(on(sqlite), async (address) => {
      const { token } = await person(address)
      assert.match(await portcullis(on(''), 'move', '--from', sqlite, '--to', postgres), /Both sides are equal/)
      assert.equal((await call(address, 'POST', '/auth/logout', { token })).status, 204)
      await assert.rejects(
        portcullis(on(''), 'move', '--from', sqlite, '--to', postgres),
        /1 row in the table sessions with other content than the source has under the same key \(ended_at\)/,
      )
    })
  })
})
