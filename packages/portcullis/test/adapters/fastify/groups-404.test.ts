import assert from 'node:assert/strict'
import { test } from 'node:test'
import { role } from '../../../src/adapters/fastify/index.ts'
import { bearer, guarded } from './app.ts'

test("a group's rule holds for its own 404 handler", async () => {
  const app = await guarded()
  await app.register(
    async (group) => {
      group.get('/x', async () => 'x')
      group.setNotFoundHandler(async () => 'the group answers')
    },
    { prefix: '/admin', access: role('admin') } as object,
  )
  await app.register(
    async (group) => {
      group.setNotFoundHandler(async () => 'the site answers')
    },
    { prefix: '/site', access: 'public' } as object,
  )
  const ask = async (url: string, who?: string, more: object = {}) => {
    const headers = who === undefined ? {} : await bearer(app, who)
    const { statusCode, body } = await app.inject({ url, headers, ...more })
    return [statusCode, statusCode === 200 ? body : '']
  }
  assert.deepEqual(await ask('/admin/anything', 'bob'), [403, ''])
  assert.deepEqual(await ask('/admin/anything'), [401, ''])
  assert.deepEqual(await ask('/admin/anything', 'ada'), [200, 'the group answers'])
  // Nobody lists paths without a session, and no body is read that nobody described.
  assert.deepEqual(await ask('/site/anything'), [401, ''])
  assert.deepEqual(await ask('/site/anything', 'bob'), [200, 'the site answers'])
  const body = { method: 'POST', payload: { any: 'thing' } }
  assert.deepEqual(await ask('/site/anything', 'bob', body), [404, ''])
})
