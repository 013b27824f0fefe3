import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { role } from '../../src/adapters/fastify/index.ts'
import { bearer, guarded } from '../adapters/fastify/app.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
const NAMES = [
  'authorization',
  'cookie',
  'origin',
  'x-forwarded-for',
  'forwarded',
  'x-original-url',
  'x-http-method-override',
  'content-type',
  'content-encoding',
  'accept',
  'accept-version',
  'access-control-request-method',
  'expect',
  'x-user-id',
]

/** Header values a node client can send. */
const value = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abcXYZ012 .,;:=/"-_~+%'.split('')), maxLength: 40 }),
  fc.constantFrom(
    'Bearer a.b.c',
    'Bearer e30.e30.e30',
    'bearer null',
    'Basic YTpi',
    'application/json',
    'GET',
    'https://app.example.com',
    '127.0.0.1',
    'for=127.0.0.1',
  ),
)
const path = fc.oneof(
  fc.constantFrom(
    '/closed',
    '/closed/',
    '/admin/7',
    '/admin/../closed',
    '/CLOSED',
    '/closed?x=1',
    '//closed',
    '/%63losed',
    '/closed%2f',
    '/nowhere',
    '/open/../closed',
    '/closed;x',
    '*',
    '/closed#open',
  ),
  fc
    .array(
      fc.constantFrom(
        'closed',
        'admin',
        'open',
        '7',
        '.',
        '..',
        '%2e',
        '%2f',
        '',
        'a',
        ';',
        '%00',
        '%ff',
        '?',
        '#',
        '\\',
      ),
      { maxLength: 6 },
    )
    .map((parts) => `/${parts.join('/')}`),
)
const anything = fc.record({
  method: fc.constantFrom(...METHODS),
  url: path,
  headers: fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 6 }),
  payload: fc.option(fc.oneof(fc.json(), fc.string({ maxLength: 50 })), { nil: undefined }),
})

test('no request without a valid token reaches a protected handler, and every refusal is a problem document', async () => {
  const app = await guarded({ limits: { client: '65535/second' }, cors: { origins: ['https://app.example.com'] } })
  let ran = 0
  const handler = async () => {
    ran += 1
    return {}
  }
  const schema = { body: z.object({ a: z.boolean().optional() }) }
  app.get('/open', { config: { access: 'public' } }, async () => ({}))
  app.get('/closed', handler)
  app.delete('/closed', handler)
  for (const method of ['POST', 'PUT', 'PATCH']) app.route({ method, url: '/closed', schema, handler })
  app.get('/admin/:id', { config: { access: role('admin') } }, handler)
  app.options('/closed', handler)
  await app.ready()
  await fc.assert(
    fc.asyncProperty(anything, async ({ method, url, headers, payload }) => {
      const { expect: _, ...sent } = headers
      // What the injecting client itself can't send is in the table on the wire.
      fc.pre(URL.canParse(url, 'http://localhost'))
      // The injecting client resolves dot segments before it sends.
      const routed = new URL(url, 'http://localhost').pathname
      const answer = await app.inject({ method, url, headers: sent, ...(payload === undefined ? {} : { payload }) })
      assert.equal(ran, 0, `${method} ${url} reached the handler`)
      assert.ok(answer.statusCode < 500, `${method} ${url}: ${answer.statusCode}`)
      if (answer.statusCode < 400) {
        assert.ok(answer.statusCode === 204 || routed === '/open', `${method} ${url}: ${answer.statusCode}`)
        return
      }
      assert.equal(answer.headers['content-type'], 'application/problem+json')
      if (method === 'HEAD') return
      const problem = answer.json()
      assert.equal(problem.status, answer.statusCode)
      for (const member of ['type', 'title', 'detail']) assert.equal(typeof problem[member], 'string')
    }),
    { numRuns: 1_500 },
  )
  assert.equal((await app.inject({ url: '/closed', headers: await bearer(app, 'bob') })).statusCode, 200)
  assert.equal(ran, 1, 'the control did not reach the handler: the property shows nothing')
})
