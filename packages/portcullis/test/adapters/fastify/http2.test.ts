import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { drain } from '../../../src/adapters/fastify/index.ts'
import { field } from '../../../src/layers/validation/index.ts'
import { bearer, guarded } from './app.ts'

/** Asks over HTTP/2, which needs no field to say that a body follows. */
const start = async (t: TestContext) => {
  const logged: string[] = []
  const logger = { level: 'warn', stream: { write: (line: string) => void logged.push(line) } }
  const app = await guarded({}, { http2: true, logger } as never)
  const reached: unknown[] = []
  const keep = async (request: { readonly body: unknown }) => {
    reached.push(request.body ?? null)
    if (Object(request.body).name === 'slow') await delay(400)
    return {}
  }
  app.delete('/things', keep)
  app.get('/things', keep)
  app.post('/things', { schema: { body: z.strictObject({ name: field.line(20) }) } }, keep)
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.after(() => app.close())
  const session = connect(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
  t.after(() => session.destroy())
  const { authorization } = await bearer(app, 'bob')
  const open = (method: string, headers: object, endStream = false) => {
    const request = session.request({ ':method': method, ':path': '/things', authorization, ...headers }, { endStream })
    request.on('error', () => {})
    return request
  }
  const ask = async (method: string, headers: object, body?: string): Promise<number> => {
    const request = open(method, headers, body === undefined)
    if (body !== undefined) request.end(body)
    const [answer] = await once(request, 'response')
    request.resume()
    return answer[':status']
  }
  logged.length = 0
  return { app, ask, open, reached, logged }
}

const JSON_TYPE = { 'content-type': 'application/json' }

test('over HTTP/2 a body without a length is judged as one that is announced', async (t) => {
  const { ask, reached } = await start(t)
  assert.equal(await ask('DELETE', JSON_TYPE, '{"evil":1}'), 400)
  assert.equal(await ask('GET', JSON_TYPE, '{"evil":1}'), 400)
  assert.equal(await ask('POST', { 'content-type': 'text/csv' }, 'a,b'), 415)
  assert.equal(await ask('POST', {}, '{"name":"a"}'), 415)
  assert.equal(await ask('POST', { ...JSON_TYPE, 'content-encoding': 'gzip' }, 'x'), 415)
  assert.equal(await ask('POST', JSON_TYPE, JSON.stringify({ name: 'a'.repeat(70_000) })), 413)
  assert.deepEqual(reached, [])
})

test('over HTTP/2 what is taken passes, with a length and without', async (t) => {
  const { ask, reached } = await start(t)
  assert.equal(await ask('GET', {}), 200)
  assert.equal(await ask('DELETE', {}), 200)
  assert.equal(await ask('POST', JSON_TYPE, '{"name":"a"}'), 200)
  assert.equal(await ask('POST', { ...JSON_TYPE, 'content-length': '12' }, '{"name":"b"}'), 200)
  assert.deepEqual(reached, [null, null, { name: 'a' }, { name: 'b' }])
})

test('over HTTP/2 a method that nobody knows is refused before Fastify, which would answer it past every hook and log all routes', async (t) => {
  const { ask, reached, logged } = await start(t)
  for (const method of ['FOO', 'get', '__proto__', 'constructor', 'PRI']) {
    assert.equal(await ask(method, {}), 400, method)
    assert.equal(await ask(method, JSON_TYPE, '{"name":"a"}'), 400, method)
  }
  assert.deepEqual(logged, [])
  assert.equal(await ask('PURGE', {}), 404)
  assert.deepEqual(reached, [])
})

test('over HTTP/2 header fields have the bound that they have over HTTP/1.1', async (t) => {
  const { ask, reached } = await start(t)
  assert.equal(await ask('GET', { 'x-long': 'a'.repeat(15_000) }), 200)
  await assert.rejects(ask('GET', { 'x-long': 'a'.repeat(16_384) }), { message: /NGHTTP2_ENHANCE_YOUR_CALM/ })
  assert.equal(reached.length, 1)
})

test('over HTTP/2 a body has the time that a request has over HTTP/1.1, and one that arrived leaves its handler the time it takes', async (t) => {
  const { app, ask, open, reached, logged } = await start(t)
  app.server.requestTimeout = 300
  const slow = open('POST', JSON_TYPE)
  slow.write('{"name"')
  const [answer] = await once(slow, 'response')
  assert.deepEqual([answer[':status'], answer['content-type']], [408, 'application/problem+json'])
  slow.setEncoding('utf8')
  let text = ''
  slow.on('data', (part) => {
    text += part
  })
  await once(slow, 'close')
  assert.equal(JSON.parse(text).type, 'urn:portcullis:problem:request-timeout')
  assert.deepEqual(logged, [])
  // Who was refused already keeps no stream either.
  const refused = open('POST', { 'content-type': 'text/csv' })
  refused.write('a')
  refused.resume()
  assert.equal((await once(refused, 'response'))[0][':status'], 415)
  await once(refused, 'close')
  assert.deepEqual(reached, [])
  assert.equal(await ask('POST', JSON_TYPE, '{"name":"slow"}'), 200)
  assert.deepEqual(reached, [{ name: 'slow' }])
  app.server.requestTimeout = 0
  const unbounded = open('POST', JSON_TYPE).resume()
  unbounded.write('{"name":')
  setTimeout(() => unbounded.end('"late"}'), 400)
  assert.equal((await once(unbounded, 'response'))[0][':status'], 200)
})

test('over HTTP/2 a Host that is not what :authority says is refused', async (t) => {
  const { ask, reached } = await start(t)
  assert.equal(await ask('GET', { ':authority': 'one.example', host: 'one.example' }), 200)
  assert.equal(await ask('GET', { ':authority': 'one.example' }), 200)
  assert.equal(await ask('GET', { ':authority': 'one.example', host: 'other.example' }), 400)
  assert.equal(reached.length, 2)
})

test('an application that ends cuts at its deadline what still hangs over HTTP/2', { timeout: 10_000 }, async (t) => {
  const app = await guarded({}, { http2: true } as never)
  app.get('/events', { config: { access: 'public' } }, (_request, reply) => {
    reply.hijack()
    reply.raw.write('one')
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const session = connect(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
  t.after(() => session.destroy())
  session.on('error', () => {})
  const request = session.request({ ':path': '/events' })
  request.on('error', () => {})
  await once(request, 'data')
  const started = performance.now()
  await drain(app, 1_000)
  assert.ok(performance.now() - started < 2_000)
})
