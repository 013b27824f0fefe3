import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, jsonBody, operation, startGateway, startUpstream } from '../rig.ts'

const count = { type: 'integer', maximum: 5 }
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more })

/** As draft 3 of JSON Schema had it: each kept the whole gateway from starting. */
const BODIES: Readonly<Record<string, { schema: object; passes: readonly unknown[]; refuses: readonly unknown[] }>> = {
  '/named': {
    schema: object({ a: { ...count, required: true }, b: { ...count, required: false } }),
    passes: [{ a: 1 }, { a: 1, b: 1 }],
    refuses: [{}, { b: 1 }, { a: 6 }, { a: 1, c: 1 }],
  },
  '/beside': {
    schema: object({ a: { ...count, required: true }, b: count }, { required: ['b'] }),
    passes: [{ a: 1, b: 1 }],
    refuses: [{ a: 1 }, { b: 1 }],
  },
  '/within': {
    schema: object({ in: object({ a: { ...count, required: true } }, { required: true }) }),
    passes: [{ in: { a: 1 } }],
    refuses: [{}, { in: {} }],
  },
  '/refers': {
    schema: object({ a: { $ref: '#/components/schemas/Count', required: true } }),
    passes: [{ a: 1 }],
    refuses: [{}, { a: 6 }],
  },
  // A word of the object itself says nothing, and what only the server sets is not asked for.
  '/whole': { schema: object({ a: count }, { required: true }), passes: [{}, { a: 1 }], refuses: [{ a: 6 }] },
  '/server': {
    schema: object({ id: { ...count, required: true, readOnly: true }, a: count }),
    passes: [{}, { a: 1 }],
    refuses: [{ id: 1 }],
  },
  '/called': { schema: object({ required: count }), passes: [{}, { required: 1 }], refuses: [{ required: true }] },
}

test('`required: true` within a property asks for it, and `false` for nothing', async (t) => {
  const upstream = await startUpstream(t)
  const parts = object({ a: { type: 'string', required: true }, b: { type: 'string' } })
  const paths = {
    ...Object.fromEntries(
      Object.entries(BODIES).map(([path, { schema }]) => [path, { post: operation(jsonBody(schema)) }]),
    ),
    '/parts': { post: operation({ requestBody: { content: { 'multipart/form-data': { schema: parts } } } }) },
  }
  for (const openapi of ['3.0.1', '3.1.0']) {
    const { address, gateway } = await startGateway(t, {
      upstream: upstream.address,
      document: { ...documentOf(paths, { components: { schemas: { Count: count } } }), openapi },
      settings: { access: Object.fromEntries(Object.keys(paths).map((path) => [`POST ${path}`, 'public'])) },
    })
    assert.deepEqual(gateway.document().refused, [])
    for (const [path, { passes, refuses }] of Object.entries(BODIES)) {
      for (const json of passes)
        assert.equal((await call(address, 'POST', path, { json })).status, 200, `${path} ${JSON.stringify(json)}`)
      for (const json of refuses)
        assert.equal((await call(address, 'POST', path, { json })).status, 422, `${path} ${JSON.stringify(json)}`)
    }
    const form = async (...names: readonly string[]): Promise<number> => {
      const body = new FormData()
      for (const name of names) body.set(name, 'x')
      return (await call(address, 'POST', '/parts', { body })).status
    }
    assert.deepEqual([await form('a'), await form('a', 'b'), await form('b')], [200, 200, 422])
  }
})

test('one that is neither a list nor a boolean is not passed over', async (t) => {
  const schema = object({ a: { ...count, required: true } }, { required: 'a' })
  const { gateway } = await startGateway(t, {
    upstream: 'http://127.0.0.1:1',
    document: documentOf({ '/x': { post: operation(jsonBody(schema)) }, '/y': { get: operation() } }),
  })
  assert.deepEqual(gateway.document().refused, ['POST /x has a required that is no list'])
})
