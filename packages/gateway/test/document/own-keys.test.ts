import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, operation, parameter, session, startGateway, startUpstream } from '../rig.ts'

const securitySchemes = {
  InQuery: { type: 'apiKey', in: 'query', name: 'api_key' },
  InHeader: { type: 'apiKey', in: 'header', name: 'x-key' },
  Nameless: { type: 'apiKey', in: 'query' },
}

test('a key that the backend itself asks for in the query reaches it, where the document asks for it', async (t) => {
  const upstream = await startUpstream(t)
  const described = parameter('api_key', 'query', { type: 'string', maxLength: 3 }, { required: true })
  const document = documentOf(
    {
      '/all': { get: operation() },
      '/own': { get: operation({ security: [{ InHeader: [] }, { InQuery: [], Unknown: [] }] }) },
      '/header': { get: operation({ security: [{ InHeader: [] }] }) },
      '/open': { get: operation({ security: [] }) },
      '/described': { get: operation({ parameters: [described] }) },
    },
    { components: { securitySchemes }, security: [{ InQuery: [], Nameless: [] }] },
  )
  const { address, gateway } = await startGateway(t, { upstream: upstream.address, document })
  assert.deepEqual(gateway.document().unbounded, [])
  const { token } = await session(address)
  const ask = async (path: string): Promise<number> => (await call(address, 'GET', path, { token })).status

  for (const path of ['/all?api_key=abcd', '/all', '/own?api_key=abcd', '/described?api_key=abc'])
    assert.equal(await ask(path), 200, path)
  assert.deepEqual(
    upstream.reached.map(({ url }) => url),
    ['/all?api_key=abcd', '/all', '/own?api_key=abcd', '/described?api_key=abc'],
  )
  for (const path of [
    ...['/header?api_key=abcd', '/open?api_key=abcd', '/all?api_key=a&api_key=b', '/all?API_KEY=a', '/all?key=a'],
    ...['/described?api_key=abcd', '/described', `/all?api_key=${'a'.repeat(1_025)}`],
  ])
    assert.equal(await ask(path), 422, path)
  assert.equal(upstream.reached.length, 4)
  assert.equal((await call(address, 'GET', '/all?api_key=abcd')).status, 401, 'it is no session here')
})

test('so does one in a field of a name that is dropped elsewhere: who the caller is, nobody else may say', async (t) => {
  const upstream = await startUpstream(t)
  const schemes = {
    UserId: { type: 'apiKey', in: 'header', name: 'X-User-Id' },
    Forwarded: { type: 'apiKey', in: 'header', name: 'X-Forwarded-User' },
  }
  const document = documentOf(
    { '/own': { get: operation({ security: [{ UserId: [], Forwarded: [] }] }) }, '/other': { get: operation() } },
    { components: { securitySchemes: schemes } },
  )
  const { address } = await startGateway(t, { upstream: upstream.address, document })
  const { token } = await session(address)
  const headers = { 'x-user-id': 'k'.repeat(2_000), 'x-forwarded-user': 'root' }
  for (const path of ['/own', '/other'])
    assert.equal((await call(address, 'GET', path, { token, headers })).status, 200, path)
  assert.deepEqual(
    upstream.reached.map((request) => [request.headers['x-user-id'], request.headers['x-forwarded-user']]),
    [
      [headers['x-user-id'], undefined],
      [undefined, undefined],
    ],
  )
  assert.equal((await call(address, 'GET', '/own', { token, headers: { ...headers, x_user_id: 'b' } })).status, 400)
})
