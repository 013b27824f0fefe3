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
    '/either': takes('application/json', 'application/octet-stream', 'multipart/related'),
    '/related': takes('multipart/related'),
  }),
  settings: {
    access: {
      ...{ 'POST /controller': 'public', 'POST /text': 'public', 'POST /either': 'public' },
      'POST /related': 'public',
    },
  },
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

test('a body that is passed on unjudged has one type for every server', async () => {
  upstream.clear()
  for (const more of [
    ...[', application/json', '; charset=utf-8, application/json', ';application/json', '; x=application/json'],
    ...[
      '; x="a", application/json',
      '; x="a"application/json',
      '; x="\\"", application/json',
      ';\tapplication/json',
      ' application/json',
    ],
    ...[';, application/json', '; x', '; =x', '; x=', '; x="'],
  ])
    assert.equal(await send('/either', `application/octet-stream${more}`, '{"count":6}'), 415, more)
  assert.deepEqual(upstream.requests, [])
  for (const type of [
    ...['application/octet-stream', 'application/octet-stream;', 'Application/Octet-Stream ; charset=utf-8;x="a, b"'],
    'multipart/related; type="application/xop+xml"; boundary="a/b"',
  ])
    assert.equal(await send('/either', type, 'x'), 200, type)
})

test('nor the word of a type that is judged in a parameter, which Laravel and formidable take for it', async () => {
  upstream.clear()
  for (const more of [
    ...['x=a+json', 'charset="application/json"', 'x=ndjson', 'x=1; y="text/JSON"', 'charset=utf-8;x="+json"'],
    ...['x=urlencoded', 'x="application/x-www-form-urlencoded"', 'boundary=multipart', 'x=form-data'],
  ])
    assert.equal(await send('/either', `application/octet-stream; ${more}`, '{"count":6}'), 415, more)
  assert.deepEqual(upstream.requests, [])
  // RFC 2387 §3.1: of a route that judges nothing it says what the root is.
  assert.equal(await send('/related', 'multipart/related; boundary=a; type="application/json"', 'x'), 200)
  assert.equal(await send('/either', 'multipart/related; boundary=a', 'x'), 200)
})
