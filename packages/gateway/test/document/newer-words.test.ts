import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, jsonBody, operation, session, startGateway, startUpstream } from '../rig.ts'

/** As FastAPI with Pydantic 1 writes them, in documents that it calls 3.0.2: by the letter of 3.0 each is wrong. */
const bodies: Readonly<Record<string, { schema: object; passes: unknown; refuses: readonly unknown[] }>> = {
  '/gt': { schema: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 9.5 }, passes: 0.5, refuses: [0, 9.5] },
  '/const': { schema: { type: 'string', const: 'x' }, passes: 'x', refuses: ['y'] },
  '/tuple': {
    schema: { type: 'array', minItems: 2, maxItems: 2, items: [{ type: 'number' }, { type: 'string', maxLength: 3 }] },
    passes: [1, 'a'],
    refuses: [['a', 1], [1], [1, 'a', 1], [1, 'long']],
  },
  '/map': {
    schema: { type: 'object', patternProperties: { '^[a-z]{1,5}$': { type: 'integer', minimum: 0, maximum: 5 } } },
    passes: { abc: 1 },
    refuses: [{ abc: 6 }],
  },
  '/more': { schema: { type: 'string', maxLength: 3, env_names: ['a'] }, passes: 'abc', refuses: ['abcd'] },
}

test("schemas of a 3.0 document may use the words of newer ones, as FastAPI's did until 0.98", async (t) => {
  const upstream = await startUpstream(t)
  const paths = Object.fromEntries(
    Object.entries(bodies).map(([path, { schema }]) => [
      path,
      { post: operation(jsonBody({ type: 'object', required: ['v'], properties: { v: schema } })) },
    ]),
  )
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer', exclusiveMinimum: 0, maximum: 9 } }
  const { address } = await startGateway(t, {
    upstream: upstream.address,
    document: {
      ...documentOf({ ...paths, '/items/{id}': { get: operation({ parameters: [id] }) } }),
      openapi: '3.0.2',
    },
    settings: {
      access: {
        'GET /items/{id}': 'public',
        ...Object.fromEntries(Object.keys(bodies).map((path) => [`POST ${path}`, 'public'])),
      },
    },
  })
  const send = async (path: string, v: unknown): Promise<number> => {
    const headers = { 'content-type': 'application/json' }
    return (await call(address, 'POST', path, { body: JSON.stringify({ v }), headers })).status
  }
  for (const [path, { passes, refuses }] of Object.entries(bodies)) {
    assert.equal(await send(path, passes), 200, path)
    for (const value of refuses) assert.equal(await send(path, value), 422, `${path} ${JSON.stringify(value)}`)
  }
  assert.equal((await call(address, 'GET', '/items/1')).status, 200)
  assert.equal((await call(address, 'GET', '/items/0')).status, 422)
})

test('a schema that is none stops the start, and its operation is named', async (t) => {
  for (const schema of [{ type: 'strnig' }, { maxLength: 'x' }])
    for (const openapi of ['3.0.2', '3.1.0'])
      await assert.rejects(
        startGateway(t, {
          upstream: 'http://127.0.0.1:1',
          document: { ...documentOf({ '/x': { post: operation(jsonBody(schema)) } }), openapi },
        }),
        /can't be used: POST \/x: schema is invalid: data\/(?:type|maxLength) must be/,
      )
})

test('an operation is not served whose schema has a keyword of another form: passed over, it would let everything through', async (t) => {
  const upstream = await startUpstream(t)
  for (const schema of [
    { properties: 5 },
    { allOf: { maxLength: 3 } },
    { prefixItems: {} },
    { items: [5] },
    { not: { properties: 5 } },
  ]) {
    const { address } = await startGateway(t, {
      upstream: upstream.address,
      document: documentOf({ '/x': { post: operation(jsonBody(schema)) } }),
    })
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${(await session(address)).token}` }
    assert.equal((await call(address, 'POST', '/x', { body: '{}', headers })).status, 404, JSON.stringify(schema))
  }
})
