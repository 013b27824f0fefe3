import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { publicAccess, role } from '../../../src/adapters/fastify/index.ts'
import { bearer, guarded } from './app.ts'

const answer = async () => ''
const open = { config: { access: publicAccess } }
const closed = { config: { access: role('admin') }, exposeHeadRoute: false }
const start = async (routes: (app: FastifyInstance) => unknown, router: object = {}): Promise<FastifyInstance> => {
  const app = await guarded({}, { routerOptions: router })
  await routes(app)
  await app.ready()
  return app
}
const said = /HEAD \S+ is public, its GET is role admin: give both one rule/

test('a HEAD that is more open than its GET stops the start, however the router takes them for one path', async () => {
  const group = (app: FastifyInstance) => {
    app.head('/admin', open, answer)
    return app.register(async (admins) => admins.get('/', closed, answer), { prefix: '/admin' })
  }
  await assert.rejects(start(group), said)
  const pair = (head: string, get: string) => (app: FastifyInstance) =>
    app.head(head, open, answer).get(get, closed, answer)
  await assert.rejects(start(pair('/a/', '/a'), { ignoreTrailingSlash: true }), said)
  await assert.rejects(start(pair('/A', '/a'), { caseSensitive: false }), said)
  await assert.rejects(start(pair('/a', '/a/:id?')), said)
  await assert.rejects(start(pair('/a/:x', '/a/:id?')), said)
})

test('paths that are two have two rules each', async () => {
  const app = await start((app) => {
    app.get('/a', { config: { access: role('admin') } }, answer)
    app.get('/A', open, answer)
    app.get('/a/', open, answer)
    app.get('/b/:id?', open, answer)
  })
  const table = app.portcullis.accessTable().map(({ method, path, access }) => `${method} ${path} ${access}`)
  assert.deepEqual(table, ['GET /A public', 'GET /a role admin', 'GET /a/ public', 'GET /b/:id? public'])
})

test('a HEAD uses the quota of its GET', async () => {
  const app = await start((app) => app.get('/a', { config: { limit: '3/minute' } }, answer))
  const headers = await bearer(app, 'bob')
  const statuses: number[] = []
  for (const method of ['GET', 'HEAD', 'HEAD', 'HEAD', 'GET'] as const)
    statuses.push((await app.inject({ method, url: '/a', headers })).statusCode)
  assert.deepEqual(statuses, [200, 200, 200, 429, 429])
})

test('it does so too where one route answers several methods, and at the root of a prefix', async () => {
  const app = await start((app) => {
    app.route({ method: ['GET', 'DELETE'], url: '/a', config: { limit: '2/minute' }, handler: answer })
    app.register(async (group) => group.get('/', { config: { limit: '2/minute' } }, answer), { prefix: '/p' })
  })
  const headers = await bearer(app, 'bob')
  const asked = async (method: 'GET' | 'HEAD', url: string) => (await app.inject({ method, url, headers })).statusCode
  assert.deepEqual([await asked('GET', '/a'), await asked('HEAD', '/a'), await asked('HEAD', '/a')], [200, 200, 429])
  assert.deepEqual([await asked('HEAD', '/p/'), await asked('GET', '/p'), await asked('HEAD', '/p/')], [200, 200, 429])
})
