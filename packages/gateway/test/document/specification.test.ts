import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertOpenApi } from '../../src/document/specification.ts'
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

test('what is not read may refer to what is not read: examples, headers of parts, answers, extensions', async () => {
  const to = (kind: string) => ({ $ref: `#/components/${kind}/A` })
  const examples = { a: to('examples') }
  const content = {
    'application/json': { schema: {}, examples },
    'text/plain': { schema: {}, example: { $ref: '#/nowhere' } },
    'multipart/form-data': { schema: {}, encoding: { a: { headers: { 'X-A': to('headers') } } } },
  }
  const described = {
    get: operation({ parameters: [{ name: 'a', in: 'query', content: { 'application/json': { examples } } }] }),
    post: operation({ requestBody: { content } }),
    put: operation({ requestBody: to('requestBodies') }),
  }
  const components = {
    ...{ schemas: { A: {} }, examples: { A: { value: 1 } }, headers: { A: { schema: {} } } },
    ...{ requestBodies: { A: { content } }, responses: { A: { description: '' } }, 'x-a': to('schemas') },
  }
  const extensions = { 'x-webhooks': { a: { post: jsonBody(to('schemas')) } } }
  const paths = { '/a': { ...described, 'x-a': to('schemas') }, 'x-b': to('schemas') }
  for (const openapi of ['3.0.1', '3.1.0'])
    await assertOpenApi({ ...documentOf(paths, { components, ...extensions }), openapi }, 5_000)
  const pathItems = { A: { get: { responses: { 401: to('responses') } } } }
  await assertOpenApi({ ...documentOf({ '/a': to('pathItems') }, { components: { ...components, pathItems } }) }, 5_000)
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

test('nothing is read of what OpenAPI 2.0 said of a parameter, nor of whether one in a path must be there', async (t) => {
  const upstream = await startUpstream(t)
  const schema = { type: 'integer', maximum: 5 }
  const more = { collectionFormat: 'multi', default: 1, description: 5, example: 1, examples: [] }
  const parameters = [
    { name: 'q', in: 'query', schema, ...more },
    { name: 'id', in: 'path', required: false, schema },
    { $ref: '#/components/parameters/Other' },
  ]
  const paths = {
    '/a/{id}/{other}': { get: operation({ parameters }) },
    '/b/{id}/{other}': { parameters, get: operation() },
  }
  for (const openapi of ['3.0.1', '3.1.0']) {
    const { address } = await startGateway(t, {
      upstream: upstream.address,
      document: {
        ...documentOf(paths, { components: { parameters: { Other: { name: 'other', in: 'path', schema, ...more } } } }),
        openapi,
      },
      settings: { access: { 'GET /a/{id}/{other}': 'public', 'GET /b/{id}/{other}': 'public' } },
    })
    for (const path of ['/a', '/b']) {
      assert.equal((await call(address, 'GET', `${path}/1/1?q=1`)).status, 200)
      for (const wrong of ['/6/1', '/1/6', '/1/1?q=6'])
        assert.equal((await call(address, 'GET', path + wrong)).status, 422, wrong)
    }
  }
})

test('what is wrong with a document is said with the operation that has it', async () => {
  const unnamed = { in: 'query', schema: {} }
  const fine = { get: operation() }
  for (const [paths, components, place] of [
    [{ '/a': { ...fine, post: operation({ parameters: [unnamed] }) } }, {}, 'POST /a: '],
    [{ '/a': { ...fine, parameters: [unnamed] } }, {}, '/a: '],
    [{ '/a': { ...fine, gte: operation() } }, {}, 'GTE /a: '],
    [{ '/a': fine }, { parameters: { Unnamed: unnamed } }, 'components: '],
  ] as const)
    for (const openapi of ['3.0.1', '3.1.0'])
      await assert.rejects(
        assertOpenApi({ ...documentOf({ '/b': fine, ...paths }, { components }), openapi }, 5_000),
        ({ message }: Error) => message.startsWith(`it is no valid OpenAPI document: ${place}`),
        place,
      )
})

test('so it is in a large one, in a time in which few of its operations can be looked at', async () => {
  const paths = Object.fromEntries(
    Array.from({ length: 400 }, (_, at) => [
      `/${at}`,
      { get: operation(), ...(at === 300 ? { post: operation({ parameters: [{ in: 'query', schema: {} }] }) } : {}) },
    ]),
  )
  for (const openapi of ['3.0.1', '3.1.0'])
    await assert.rejects(
      assertOpenApi({ ...documentOf(paths), openapi }, 10_000),
      /it is no valid OpenAPI document: POST \/300: /,
    )
})

test('a document of Swagger 2.0 is called so, with what to do', async () => {
  await assert.rejects(
    assertOpenApi({ swagger: '2.0', info: {}, paths: {} }, 1_000),
    /it is Swagger 2\.0.+swagger2openapi.+--openapi/,
  )
  for (const openapi of ['2.0', '3.2.0', undefined])
    await assert.rejects(assertOpenApi({ openapi, paths: {} }, 1_000), /no OpenAPI document of version 3\.0 or 3\.1/)
})
