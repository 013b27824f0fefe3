import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { role } from '../../../src/adapters/fastify/index.ts'
import { problemDocument } from '../../../src/response/index.ts'
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

test("a handler that calls for the 404 handler gets the application's own, or the problem: Fastify's echoes the path", async (t) => {
  const app = await guarded()
  const give = async (_request: unknown, reply: { callNotFound(): unknown }) => reply.callNotFound()
  app.get('/files/:id', { config: { access: 'public' } }, give)
  await app.register(
    async (group) => {
      group.get('/x', { config: { access: 'public' } }, give)
      group.setNotFoundHandler(undefined as never)
      group.get('/y', { config: { access: 'public' } }, give)
    },
    { prefix: '/plain' },
  )
  await app.register(
    async (group) => {
      group.setNotFoundHandler(async () => 'the site answers')
      group.get('/x', { config: { access: 'public' } }, give)
    },
    { prefix: '/site' },
  )
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.after(() => app.close())
  const { authorization } = await bearer(app, 'bob')
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}${path}`, { headers })
    return [answer.status, answer.headers.get('content-type'), answer.headers.has('ratelimit'), await answer.text()]
  }
  const problem = [404, 'application/problem+json', true, JSON.stringify(problemDocument('not-found'))]
  assert.deepEqual(await ask('/files/secret-name'), problem)
  assert.deepEqual(await ask('/plain/x'), problem)
  assert.deepEqual(await ask('/plain/y'), problem)
  assert.deepEqual(await ask('/nowhere', { authorization }), problem)
  assert.deepEqual((await ask('/site/x'))[3], 'the site answers')
})

test("an application's own 404 handler answers a handler that calls for it, set before the routes or after them", async () => {
  for (const first of [true, false]) {
    const app = await guarded()
    const own = () => app.setNotFoundHandler(async () => 'ours')
    if (first) own()
    app.get('/x', { config: { access: 'public' } }, async (_request, reply) => reply.callNotFound())
    if (!first) own()
    assert.equal((await app.inject('/x')).body, 'ours')
    assert.equal((await app.inject('/nowhere')).statusCode, 401)
    assert.equal((await app.inject({ url: '/nowhere', headers: await bearer(app, 'bob') })).body, 'ours')
  }
})
