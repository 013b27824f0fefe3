import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, jsonBody, operation, parameter, startGateway, startUpstream } from '../rig.ts'

test('what is not read of a document keeps no gateway from starting, names of generic schemas neither', async (t) => {
  const upstream = await startUpstream(t)
  // As ABP's documents have it, Springfox's, and those of Go's swag.
  const names = ['Acme.PagedResult`1[[Acme.User, Acme, Version=1.0.0.0]]', 'List«User»', 'Page[User]', 'a b']
  const schema = { type: 'object', properties: { size: { type: 'integer', maximum: 5 } } }
  const paths = Object.fromEntries(
    names.map((name, at) => [
      `/${at}`,
      { post: operation(jsonBody({ $ref: `#/components/schemas/${encodeURIComponent(name)}` })) },
    ]),
  )
  const faulty = {
    '/a': { get: { responses: { 200: {} }, operationId: 5, tags: 'x', deprecated: 'no', security: {} } },
    '/b': { get: { responses: { 200: { $ref: '#/components/responses/Nowhere' } }, consumes: ['x'] } },
    '/c': { get: { callbacks: { x: 5 } }, servers: [{}] },
  }
  const more = {
    ...{ info: {}, servers: [{}], tags: [{}], externalDocs: 5 },
    components: {
      schemas: Object.fromEntries(names.map((name) => [name, schema])),
      ...{ securitySchemes: { a: { type: 'basic' } }, responses: { 'a b': {} }, headers: { x: { type: 'string' } } },
    },
  }
  for (const openapi of ['3.0.1', '3.1.0']) {
    const { address, gateway } = await startGateway(t, {
      upstream: upstream.address,
      document: { ...documentOf({ ...paths, ...faulty }, more), openapi },
      settings: { access: Object.fromEntries(names.map((_, at) => [`POST /${at}`, 'public'])) },
    })
    assert.equal(gateway.document().served.length, names.length + 3)
    for (const at of names.keys()) {
      assert.equal((await call(address, 'POST', `/${at}`, { json: { size: 5 } })).status, 200)
      for (const json of [{ size: 6 }, { other: 1 }])
        assert.equal((await call(address, 'POST', `/${at}`, { json })).status, 422)
    }
  }
})

test('what is read must be as the specification says', async (t) => {
  for (const faulty of [
    { get: operation({ parameters: [{ name: 'a', schema: {} }] }) },
    { get: operation({ parameters: [parameter('a', 'query', {}), parameter('a', 'query', {})] }) },
    { parameters: {}, get: operation() },
    { post: operation({ requestBody: { content: { 'application/json': { schema: 'x' } } } }) },
    { get: 'x' },
    { gte: operation() },
  ])
    await assert.rejects(
      startGateway(t, { upstream: 'http://127.0.0.1:1', document: documentOf({ '/x': faulty }) }),
      /it is no valid OpenAPI document/,
      JSON.stringify(faulty),
    )
})
