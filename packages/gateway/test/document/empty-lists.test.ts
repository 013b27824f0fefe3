import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, jsonBody, operation, startGateway, startUpstream } from '../rig.ts'

const count = { count: { type: 'integer', maximum: 5 } }

test('a list that says nothing, or a name twice, keeps no operation from being served', async (t) => {
  const upstream = await startUpstream(t)
  const bodies: Readonly<Record<string, { schema: object; passes: unknown; refuses: unknown }>> = {
    '/required': {
      schema: { type: 'object', properties: count, required: ['count', 'count'] },
      passes: { count: 5 },
      refuses: {},
    },
    '/parts': { schema: { type: 'object', allOf: [], properties: count }, passes: { count: 5 }, refuses: { count: 6 } },
    '/none': { schema: { type: 'array', items: [], maxItems: 0 }, passes: [], refuses: [1] },
    '/rest': {
      schema: { type: 'array', items: [], additionalItems: { type: 'integer' } },
      passes: [1],
      refuses: ['a'],
    },
    '/newer': { schema: { type: 'array', prefixItems: [], items: { type: 'integer' } }, passes: [1], refuses: ['a'] },
    '/not': { schema: { not: { required: ['a', 'a'] } }, passes: { b: 1 }, refuses: { a: 1 } },
  }
  const paths = Object.entries(bodies).map(([path, { schema }]) => [path, { post: operation(jsonBody(schema)) }])
  const { address } = await startGateway(t, {
    upstream: upstream.address,
    document: documentOf(Object.fromEntries(paths)),
    settings: { access: Object.fromEntries(Object.keys(bodies).map((path) => [`POST ${path}`, 'public'])) },
  })
  for (const [path, { passes, refuses }] of Object.entries(bodies)) {
    assert.equal((await call(address, 'POST', path, { json: passes })).status, 200, path)
    assert.equal((await call(address, 'POST', path, { json: refuses })).status, 422, path)
  }
})

test('an operation is left out whose schema lists no value, or refers to what is no text, which would let everything through', async (t) => {
  for (const schema of [{ enum: [] }, { properties: { a: { enum: [] } } }, { $ref: 5 }, { not: { $ref: {} } }]) {
    const { gateway } = await startGateway(t, {
      upstream: 'http://127.0.0.1:1',
      document: documentOf({ '/x': { post: operation(jsonBody(schema)) }, '/y': { get: operation() } }),
    })
    const { served, refused } = gateway.document()
    assert.deepEqual(
      served.map(({ template }) => template.text),
      ['/y'],
      JSON.stringify(schema),
    )
    assert.match(refused.join(), /POST \/x has (?:an enum that lists nothing|a \$ref that is no text)/)
  }
})
