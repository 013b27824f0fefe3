import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { call, documentOf, operation, startGateway } from '../rig.ts'
import { recordingUpstream } from '../upstreams/recording.ts'

const FORM = 'application/x-www-form-urlencoded'
const text = { type: 'string', maxLength: 20 }
const open = { type: 'object', properties: { name: text }, additionalProperties: true }
const body = (schema: object) =>
  operation({ requestBody: { content: { [FORM]: { schema }, 'application/json': { schema } } } })
const upstream = await recordingUpstream({ after })
beforeEach(() => upstream.clear())
const paths = {
  '/open': { post: body(open), delete: operation() },
  '/any': { post: body({ type: 'object' }) },
  '/either': { post: body({ anyOf: [open, { type: 'object' }] }) },
  '/referred': { post: body({ $ref: '#/components/schemas/Open' }) },
  '/described': { post: body({ type: 'object', properties: { name: text, _method: { enum: ['patch'] } } }) },
}
const slim = body({ type: 'object', properties: { _METHOD: { enum: ['PUT'] } } })
const { address } = await startGateway({ after } as never, {
  upstream: upstream.origin,
  document: documentOf({ ...paths, '/slim': { post: slim } }, { components: { schemas: { Open: open } } }),
  settings: { access: Object.fromEntries([...Object.keys(paths), '/slim'].map((path) => [`POST ${path}`, 'public'])) },
})
const send = async (path: string, type: string, text_: string) =>
  (await call(address, 'POST', path, { body: text_, headers: { 'content-type': type } })).status

for (const path of Object.keys(paths))
  test(`no body names another method than that of its request, as Rails and Laravel read it: ${path}`, async () => {
    for (const name of ['_method', '.method', '+_method', '_method[]', '%255fmethod', ']_method', '[]_method'])
      if (path !== '/described' || name !== '_method')
        assert.equal(await send(path, FORM, `name=a&${name}=delete`), 422, name)
    assert.equal(await send(path, 'application/json', '{"name":"a","_method":"DELETE"}'), 422)
    // Slim reads it in capitals, out of JSON too.
    assert.equal(await send(path, 'application/json', '{"name":"a","_METHOD":"DELETE"}'), 422)
    assert.deepEqual(upstream.requests, [])
    assert.equal(await send(path, FORM, 'name=a'), 200)
    assert.equal(await send(path, 'application/json', '{"name":"a"}'), 200)
    if (path === '/described') assert.equal(await send(path, FORM, 'name=a&_method=patch'), 200)
    else assert.equal(await send(path, FORM, 'name=a&method=b'), 200)
  })

test('a document may say so in the letters of its own upstream', async () => {
  assert.equal(await send('/slim', FORM, '_METHOD=PUT'), 200)
  assert.equal(await send('/slim', 'application/json', '{"_METHOD":"PUT"}'), 200)
  upstream.clear()
  for (const text_ of ['{"_METHOD":"DELETE"}', '{"_method":"PUT"}'])
    assert.equal(await send('/slim', 'application/json', text_), 422, text_)
  assert.deepEqual(upstream.requests, [])
})
