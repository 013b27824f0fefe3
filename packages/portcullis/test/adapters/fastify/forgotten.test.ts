import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyServerOptions } from 'fastify'
import { z } from 'zod'
import type { PortcullisOptions } from '../../../src/adapters/fastify/index.ts'
import { noBody } from '../../../src/adapters/fastify/index.ts'
import { guarded } from './app.ts'

/** An application, and what it has logged. */
const logged = async (options: Partial<PortcullisOptions> = {}, server: FastifyServerOptions = {}) => {
  const lines: string[] = []
  const logger = { level: 'warn', stream: { write: (line: string) => lines.push(line) } }
  return { app: await guarded(options, { logger, ...server }), said: () => lines.join('') }
}

test('a media type that a route names and no parser reads is refused, and the log says what is missing', async () => {
  const { app, said } = await logged()
  const route = {
    config: { access: 'public', contentTypes: ['text/csv'] },
    schema: { body: z.string().max(9) },
  } as const
  app.post('/rows', route, async () => assert.fail('the handler ran'))
  const send = (type: string) =>
    app.inject({ method: 'POST', url: '/rows', headers: { 'content-type': type }, payload: 'a,b' })
  const refused = await send('text/tab-separated-values')
  assert.equal(refused.statusCode, 415)
  // The route takes another, and its client would be sent to look for a fault where there is none.
  assert.doesNotMatch(refused.json().detail, /This route takes application\/json/)
  assert.doesNotMatch(said(), /no parser/)
  assert.equal((await send('text/csv')).statusCode, 415)
  assert.match(said(), /no parser reads it: app\.addContentTypeParser/)
})

test("the type of a body that was not sent is nobody's to read: it is neither refused nor told to the log", async () => {
  const { app, said } = await logged()
  const open = { config: { access: 'public' } } as const
  const body = z.strictObject({ a: z.string().max(3) })
  app.post('/none', { ...open, schema: { body: noBody } }, async () => ({}))
  app.delete('/none', open, async () => ({}))
  app.post('/one', { ...open, schema: { body } }, async () => assert.fail('the handler ran'))
  const forms = ['application/x-www-form-urlencoded', 'text/plain;charset=UTF-8', 'garbage', '']
  for (const type of forms)
    for (const length of [{}, { 'content-length': '0' }]) {
      const headers = { 'content-type': type, ...length }
      assert.equal((await app.inject({ method: 'POST', url: '/none', headers })).statusCode, 200, type)
      assert.equal((await app.inject({ method: 'DELETE', url: '/none', headers })).statusCode, 200, type)
      assert.equal((await app.inject({ method: 'POST', url: '/one', headers })).statusCode, 422, type)
    }
  assert.doesNotMatch(said(), /no parser/)
})

test('where a body may be left out, JSON is nothing that was sent; where it may not, it is a broken text', async () => {
  const { app } = await logged()
  const open = { config: { access: 'public' } } as const
  const body = z.strictObject({ a: z.string().max(3) })
  app.post('/either', { ...open, schema: { body: body.optional() } }, async (request) => ({
    sent: request.body ?? null,
  }))
  app.post('/missing', { ...open, schema: { body: body.default({ a: 'x' }) } }, async (request) => ({
    sent: request.body,
  }))
  app.post('/one', { ...open, schema: { body } }, async () => assert.fail('the handler ran'))
  const send = async (url: string, payload = '') => {
    const headers = { 'content-type': 'application/json', 'content-length': String(payload.length) }
    const answer = await app.inject({ method: 'POST', url, headers, payload })
    return [answer.statusCode, answer.json().sent]
  }
  assert.deepEqual(await send('/either'), [200, null])
  assert.deepEqual(await send('/either', '{"a":"b"}'), [200, { a: 'b' }])
  assert.deepEqual(await send('/either', ' '), [400, undefined])
  assert.deepEqual(await send('/missing'), [200, { a: 'x' }])
  assert.deepEqual(await send('/one'), [400, undefined])
})

const start = async (options: Partial<PortcullisOptions>, server: FastifyServerOptions): Promise<string> => {
  const { app, said } = await logged(options, server)
  await app.ready()
  return said()
}

test('proxies that Fastify is told to trust, and the door is not, are named at the start', async () => {
  const warning = /trustProxy of Fastify\(\) says nothing to the door.*List the proxies in trustedProxies/
  assert.match(await start({}, { trustProxy: true }), warning)
  assert.match(await start({ trustedProxies: [] }, { trustProxy: '10.0.0.1' }), warning)
  assert.doesNotMatch(await start({ trustedProxies: ['10.0.0.0/8'] }, { trustProxy: true }), warning)
  assert.doesNotMatch(await start({}, { trustProxy: false }), warning)
  assert.doesNotMatch(await start({}, {}), warning)
})

test('a bodyLimit that Fastify was given, and that is not in force, is named at the start', async () => {
  const warning = /bodyLimit of Fastify\(\) is not in force.*Give a bodyLimit to each route/
  assert.match(await start({}, { bodyLimit: 200_000 }), warning)
  for (const server of [{}, { bodyLimit: 1_048_576 }, { bodyLimit: 10_000 }])
    assert.doesNotMatch(await start({}, server), warning)
})

test('a time-out that Fastify was given, and that is not in force, is named until it is set on the server', async () => {
  const named = (name: string) =>
    new RegExp(`${name} of Fastify\\(\\) is not in force.*set app\\.server\\.${name} after`)
  const said = await start({}, { requestTimeout: 60_000, keepAliveTimeout: 90_000 })
  for (const name of ['requestTimeout', 'keepAliveTimeout']) assert.match(said, named(name))
  assert.doesNotMatch(await start({}, { requestTimeout: 10_000 }), /not in force/)
  assert.doesNotMatch(await start({}, {}), /not in force/)
  const set = await logged({}, { requestTimeout: 60_000 })
  set.app.server.requestTimeout = 60_000
  await set.app.ready()
  assert.doesNotMatch(set.said(), /not in force/)
})

test('proxies that are half of the internet are told at the start: each of them chooses whom it is counted as', async () => {
  const { app, said } = await logged({ trustedProxies: ['10.0.0.0/8', '2000::/3'] })
  await app.ready()
  assert.match(said(), /trustedProxies\[1\] trusts more of the internet than anybody has proxies in/)
  const own = await logged({ trustedProxies: ['10.0.0.0/8', 'fc00::/7', 'unix'] })
  await own.app.ready()
  assert.doesNotMatch(own.said(), /trustedProxies/)
})
