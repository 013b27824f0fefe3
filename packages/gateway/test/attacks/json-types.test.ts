import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { call, documentOf, operation, startGateway } from '../rig.ts'
import { recordingUpstream } from '../upstreams/recording.ts'

const schema = { type: 'object', properties: { count: { type: 'integer', maximum: 5 } } }
const takes = (...types: readonly string[]) => ({
  post: operation({ requestBody: { content: Object.fromEntries(types.map((type) => [type, { schema }])) } }),
})
const upstream = await recordingUpstream({ after })
const { address } = await startGateway({ after } as never, {
  upstream: upstream.origin,
  document: documentOf({
    // As ASP.NET writes it for a controller.
    '/controller': takes('application/json', 'text/json', 'application/*+json'),
    '/text': takes('text/json'),
  }),
  settings: { access: { 'POST /controller': 'public', 'POST /text': 'public' } },
})
const send = async (path: string, type: string, body: string) =>
  (await call(address, 'POST', path, { body, headers: { 'content-type': type } })).status

test('text/json is judged by its schema, as ASP.NET reads it', async () => {
  for (const path of ['/controller', '/text'])
    for (const type of ['text/json', 'Text/JSON; charset=utf-8'])
      for (const body of ['{"count":6}', '{"count":1,"admin":true}'])
        assert.equal(await send(path, type, body), 422, `${path} ${type} ${body}`)
  assert.deepEqual(upstream.requests, [])
  assert.equal(await send('/text', 'text/json', '{"count":5}'), 200)
  assert.equal(await send('/controller', 'text/json', '{"count":5}'), 200)
})

test('of a range beside media types that are named, those are taken alone', async () => {
  assert.equal(await send('/controller', 'application/json', '{"count":5}'), 200)
  upstream.clear()
  for (const type of ['application/vnd.api+json', 'application/*+json', 'application/xml'])
    assert.equal(await send('/controller', type, '{"count":5}'), 415, type)
  assert.deepEqual(upstream.requests, [])
})
