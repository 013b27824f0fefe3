import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, jsonBody, operation, parameter, session, startGateway, startUpstream } from './rig.ts'

const item = {
  type: 'object',
  properties: { name: { type: 'string', maxLength: 20 }, price: { type: 'number' } },
  required: ['name'],
}
const document = documentOf({
  '/health': { get: operation() },
  '/items/{id}': {
    get: operation({ parameters: [parameter('id', 'path', { type: 'integer' })] }),
    put: operation({ parameters: [parameter('id', 'path', { type: 'integer' })], ...jsonBody(item) }),
  },
  '/items': { post: operation(jsonBody(item)) },
})
const settings = { access: { 'GET /health': 'public' } }

test('a route is closed until the settings open it, and one that is not in the document does not exist', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const { token, id } = await session(address)
  for (const [method, path] of [
    ['GET', '/items/1'],
    ['GET', '/docs'],
    ['GET', '/openapi.json'],
    ['DELETE', '/items/1'],
  ] as const) {
    const refused = await call(address, method, path)
    assert.equal(refused.status, 401, path)
    assert.equal(refused.body.type, 'urn:portcullis:problem:unauthenticated')
  }
  for (const [method, path] of [
    ['GET', '/docs'],
    ['DELETE', '/items/1'],
  ] as const)
    assert.equal((await call(address, method, path, { token })).status, 404, path)
  assert.equal(upstream.reached.length, 0)

  assert.equal((await call(address, 'GET', '/health')).status, 200)
  const answered = await call(address, 'GET', '/items/7', { token })
  assert.deepEqual(answered.body, { ok: true })
  assert.deepEqual(
    upstream.reached.map(({ url }) => url),
    ['/health', '/items/7'],
  )
  assert.equal(upstream.reached[0]?.headers['portcullis-subject'], undefined)
  assert.equal(upstream.reached[1]?.headers['portcullis-subject'], id)
  assert.equal(upstream.reached[1]?.headers.authorization, undefined)
  assert.equal(upstream.reached[1]?.headers.host, upstream.address.slice('http://'.length))
})

test('values are checked before anything reaches the upstream, and none is coerced', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const { token } = await session(address)
  const refusals: readonly [string, string, unknown, string][] = [
    ['PUT', '/items/01', { name: 'a' }, '/id'],
    ['PUT', '/items/one', { name: 'a' }, '/id'],
    ['PUT', '/items/1.0', { name: 'a' }, '/id'],
    ['PUT', '/items/1?x=1', { name: 'a' }, ''],
    ['POST', '/items', { name: 7 }, '/name'],
    ['POST', '/items', { name: 'secret'.repeat(9) }, '/name'],
    ['POST', '/items', { name: 'a', price: '1' }, '/price'],
    ['POST', '/items', { name: 'a', role: 'admin' }, ''],
    ['POST', '/items', {}, ''],
    ['POST', '/items', [], ''],
  ]
  for (const [method, path, json, field] of refusals) {
    const refused = await call(address, method, path, { token, json })
    assert.equal(refused.status, 422, `${path} ${JSON.stringify(json)} ${refused.text}`)
    assert.equal(refused.body.errors[0].field, field, refused.text)
    assert.ok(!refused.text.includes('secret') && !refused.text.includes('role'), refused.text)
  }
  assert.equal(upstream.reached.length, 0)

  const bytes = '{ "name" : "a", "price":1.10 }'
  const headers = { 'content-type': 'application/json' }
  assert.equal((await call(address, 'POST', '/items', { token, body: bytes, headers })).status, 200)
  assert.equal(upstream.reached[0]?.body.toString(), bytes)
  assert.equal(upstream.reached[0]?.headers['content-type'], 'application/json')
})
