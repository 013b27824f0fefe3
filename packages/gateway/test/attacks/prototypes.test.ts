import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { call, documentOf, jsonBody, operation, startGateway } from '../rig.ts'
import { recordingUpstream } from '../upstreams/recording.ts'

const FORM = 'application/x-www-form-urlencoded'
const texts = { type: 'array', maxItems: 3, items: { type: 'string', maxLength: 9 } }
const body = (schema: object) => operation({ requestBody: { required: true, content: { [FORM]: { schema } } } })
const upstream = await recordingUpstream({ after })
const { address } = await startGateway({ after } as never, {
  upstream: upstream.origin,
  document: documentOf({
    '/map': { post: body({ type: 'object', additionalProperties: texts }) },
    '/open': { post: body({ type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true }) },
  }),
  settings: { access: { 'POST /map': 'public', 'POST /open': 'public' } },
})

test('a form has no name that a server would make a prototype of, however open it is', async () => {
  const send = (path: string, text: string) =>
    call(address, 'POST', path, { body: text, headers: { 'content-type': FORM } })
  for (const path of ['/map', '/open'])
    for (const name of [
      ...['__proto__', 'constructor', 'prototype', '__proto__[admin]', 'a[__proto__][admin]', 'a[constructor]'],
      ...['a.__proto__.admin', '%5F_proto__', 'a%5Bconstructor%5D%5Bprototype%5D', '[__proto__]', 'a[b].prototype'],
    ]) {
      const answer = await send(path, `a=1&${name}=x`)
      assert.deepEqual([answer.status, answer.body.type], [400, 'urn:portcullis:problem:malformed-body'], name)
      assert.match(answer.body.detail, /^The form has a name that leads to a prototype/)
    }
  assert.deepEqual(upstream.requests, [])
  for (const path of ['/map', '/open']) assert.equal((await send(path, 'a=1&b[proto]=x&constructors=y')).status, 200)
})

test('a document that describes such a name keeps no body out that has none', async (t) => {
  const properties = { constructor: { type: 'string' }, a: { type: 'integer' } }
  const { address } = await startGateway(t, {
    upstream: upstream.origin,
    document: documentOf({ '/races': { post: operation(jsonBody({ type: 'object', properties })) } }),
    settings: { access: { 'POST /races': 'public' } },
  })
  assert.equal((await call(address, 'POST', '/races', { json: { a: 1 } })).status, 200)
  const headers = { 'content-type': 'application/json' }
  assert.equal((await call(address, 'POST', '/races', { body: '{"constructor":"x"}', headers })).status, 400)
})
