import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { FastifyServerOptions } from 'fastify'
import { z } from 'zod'
import { field } from '../../../src/layers/validation/index.ts'
import { guarded } from './app.ts'

const app = await guarded()
after(() => app.close())
for (const path of ['/p/:id', '/two/:id/:other', '/maybe/:id?', '/files/*', '/odd/:user~id'])
  app.get(path, { config: { access: 'public' } }, async ({ params }) => ({
    params,
    plain: Object.getPrototypeOf(params) === Object.prototype,
  }))

test('the values of a path that nobody describes are ids, and come in an object of the usual kind', async () => {
  for (const [url, params] of [
    ['/p/a-b_C9', { id: 'a-b_C9' }],
    [`/p/${'a'.repeat(64)}`, { id: 'a'.repeat(64) }],
    ['/two/1/constructor', { id: '1', other: 'constructor' }],
    ['/maybe/1', { id: '1' }],
    ['/files/a', { '*': 'a' }],
    ['/files/a/b c', { '*': 'a/b c' }],
  ] as const) {
    const response = await app.inject(url.replace(' ', '%20'))
    assert.deepEqual(response.json(), { params, plain: true }, url)
  }
})

test('anything else is refused, by the place and never by the value', async () => {
  for (const [url, field] of [
    [`/p/${'a'.repeat(65)}`, '/id'],
    ['/p/a%20b', '/id'],
    ['/p/%C3%A9', '/id'],
    ['/two/1/a.b', '/other'],
    ['/files/%0A', '/*'],
  ] as const) {
    const response = await app.inject(url)
    assert.equal(response.statusCode, 422, url)
    assert.equal(response.json().errors[0].field, field, url)
  }
})

test('a name that the router reads otherwise than the schema does is refused, whatever stands there', async () => {
  for (const url of ['/odd/abc', '/odd/a.b']) assert.equal((await app.inject(url)).statusCode, 422, url)
})

test('no query is taken where none is described', async () => {
  assert.equal((await app.inject('/p/1?')).statusCode, 200)
  for (const url of ['/p/1?a', '/p/1?a=1', '/p/1?__proto__=1', '/p/1?=', '/p/1?a=1&a=2'])
    assert.equal((await app.inject(url)).statusCode, 422, url)
})

test('a header field that a schema names in upper case, and so never finds, stops the start', async () => {
  const refused = await guarded()
  refused.get('/', { schema: { headers: z.object({ 'X-A': field.line(3).optional() }) } }, async () => ({}))
  await assert.rejects(async () => await refused.ready(), /GET \/: names X-A in schema\.headers.*: x-a$/m)
  const served = await guarded()
  const config = { access: 'public' } as const
  served.get('/', { config, schema: { headers: z.object({ 'x-a': field.line(3).optional() }) } }, async () => ({}))
  assert.equal((await served.inject({ url: '/', headers: { 'X-A': 'toolong' } })).statusCode, 422)
  assert.equal((await served.inject({ url: '/', headers: { 'X-A': 'a' } })).statusCode, 200)
})

test('a list in a query may have one item, which comes as text', async (t) => {
  const made = await guarded()
  t.after(() => made.close())
  const query = z.object({ tag: z.array(field.slug).max(3).optional(), sort: field.slug.optional() })
  const route = { config: { access: 'public' }, schema: { querystring: query } } as const
  made.get('/a', route, async (request) => request.query)
  for (const [sent, read] of [
    ['?tag=a&tag=b', { tag: ['a', 'b'] }],
    ['?tag=a&sort=b', { tag: ['a'], sort: 'b' }],
    ['?sort=b', { sort: 'b' }],
    ['', {}],
  ] as const)
    assert.deepEqual((await made.inject(`/a${sent}`)).json(), read, sent)
  for (const sent of ['?tag=A', '?tag=', '?sort=a&sort=b', '?tag=a&other=b', '?__proto__=a'])
    assert.equal((await made.inject(`/a${sent}`)).statusCode, 422, sent)
})

test('what the application says of all bodies holds for a route that says nothing, up to 64 KiB', async (t) => {
  const status = async (server: FastifyServerOptions, bytes: number, route = {}): Promise<number> => {
    const made = await guarded({}, server)
    t.after(() => made.close())
    const body = z.object({ text: field.text(2_000_000) })
    made.post('/a', { config: { access: 'public' }, schema: { body }, ...route }, async () => ({}))
    return (await made.inject({ method: 'POST', url: '/a', payload: { text: 'a'.repeat(bytes) } })).statusCode
  }
  assert.equal(await status({}, 70_000), 413)
  assert.equal(await status({ bodyLimit: 200_000 }, 60_000), 200)
  assert.equal(await status({ bodyLimit: 200_000 }, 70_000), 413)
  assert.equal(await status({ bodyLimit: 200_000 }, 150_000, { bodyLimit: 200_000 }), 200)
  assert.equal(await status({ bodyLimit: 1_000 }, 2_000), 413)
  assert.equal(await status({ bodyLimit: 1_000 }, 2_000, { bodyLimit: 3_000 }), 200)
})
