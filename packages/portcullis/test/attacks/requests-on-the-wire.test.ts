import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { z } from 'zod'
import { noBody, role } from '../../src/adapters/fastify/index.ts'
import { bearer, guarded } from '../adapters/fastify/app.ts'
import { request, sendRaw } from './raw-socket.ts'

/** What may come back: one of the statuses, or the connection is closed without a word (nothing). */
type Row = readonly [name: string, bytes: string, allowed: readonly number[]]

const refused = [400, 401, 404, 405, 431]
const get = (target: string, headers: readonly string[] = []): string => request(`GET ${target}`, headers)

/** Other spellings of /admin/secret and /public, and whatever else was used to walk round a guard. None carries a session. */
const spellings: readonly Row[] = [
  '/admin/secret',
  '/admin/secret/',
  '//admin/secret',
  '///admin/secret',
  '/admin//secret',
  '/./admin/secret',
  '/admin/./secret',
  '/admin/secret/.',
  '/public/../admin/secret',
  '/public/..;/admin/secret',
  '/public/%2e%2e/admin/secret',
  '/public/%2E%2E%2Fadmin/secret',
  '/public%2f..%2fadmin%2fsecret',
  '/admin%2fsecret',
  '/admin%2Fsecret',
  '/admin%5csecret',
  '/admin\\secret',
  '\\admin\\secret',
  '/%61dmin/secret',
  '/%61%64%6d%69%6e/%73%65%63%72%65%74',
  '/admin/%73ecret',
  '/admin/secret%00',
  '/admin/secret%00.html',
  '/admin/secret%20',
  '/admin/secret%09',
  '/admin/secret%0a',
  '/admin/secret;a=b',
  '/admin;a=b/secret',
  '/admin/secret.json',
  '/admin/secret.',
  '/admin/secret?',
  '/admin/secret?/public',
  '/admin/secret?x=/public',
  '/admin/secret#/public',
  '/admin/secret%23/public',
  '/admin/secret%3f/public',
  '/ADMIN/secret',
  '/Admin/Secret',
  '/admin/secre\u0074\u0301',
  '/admin/\u00ffsecret',
  '/admin/%c0%afsecret',
  '/admin%c0%afsecret',
  '/%c0%ae%c0%ae/admin/secret',
  '/admin/%e0%80%afsecret',
  '/admin/%zz',
  '/admin/%',
  '/admin/%2',
  '/%252e%252e/admin/secret',
  '/admin%252fsecret',
  '/public/%252e%252e/admin/secret',
  'http://a/admin/secret',
  'http://evil.test/admin/secret',
  'HTTP://A/admin/secret',
  'https://a:443/admin/secret',
  '//a/admin/secret',
  'admin/secret',
  '*',
  'a:80',
  '/*',
  '/**',
  '/:id',
  '/admin/:x',
  '/__proto__',
  '/constructor',
  '/public/__proto__',
  '/.well-known/../admin/secret',
  `/${'a'.repeat(7_000)}`,
  `/items/${'a'.repeat(500)}`,
  '/items/a/b',
  '/items/',
  '/items/..',
  '/items/%2e',
  '/items/%2e%2e',
  '/items/a%2fb',
].map((target) => [`GET ${target.slice(0, 60)}`, get(target), refused] as const)

/** Header fields that some component somewhere believes. */
const believed: readonly Row[] = [
  'X-Original-URL: /public',
  'X-Rewrite-URL: /public',
  'X-Forwarded-Path: /public',
  'X-Forwarded-Prefix: /public',
  'X-Forwarded-Uri: /public',
  'X-Forwarded-For: 127.0.0.1',
  'Forwarded: for=127.0.0.1;proto=https',
  'X-Real-IP: 127.0.0.1',
  'X-Middleware-Subrequest: middleware',
  'X-Middleware-Subrequest: src/middleware:src/middleware:src/middleware:src/middleware:src/middleware',
  'X-HTTP-Method-Override: OPTIONS',
  'X-HTTP-Method: HEAD',
  'X-Method-Override: OPTIONS',
  'X-User-Id: ada',
  'X-Forwarded-User: ada',
  'X-Principal: ada',
  'Remote-User: ada',
  'Authorization: Basic YWRhOmFkYQ==',
  'Authorization: Bearer',
  'Authorization: Bearer ',
  'Authorization: bearer null',
  'Authorization: Bearer undefined',
  'Authorization: Bearer e30.e30.',
  'Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.',
  'Authorization: Token abc',
  'Cookie: access_token=abc; session=ada',
  'Accept-Version: *',
  'Access-Control-Request-Method: GET',
  'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
  'Expect: 100-continue',
  'TE: trailers',
].map((header) => [header.slice(0, 60), get('/admin/secret', [header]), [401, 400, 417]] as const)

/** Other methods on the protected path, and on the public one. */
const methods: readonly Row[] = [
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'QUERY',
  'get',
  'GETT',
  'FOO',
].map(
  (method) =>
    [
      `${method} /admin/secret`,
      request(`${method} ${method === 'CONNECT' ? 'a:80' : '/admin/secret'}`),
      [400, 401, 404, 405],
    ] as const,
)

/** Framing that two servers read differently. The protected handler must not run for the smuggled part either. */
const smuggled = 'GET /admin/secret HTTP/1.1\r\nHost: a\r\n\r\n'
const framing: readonly Row[] = [
  [
    'CL and TE',
    `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    [400, 401],
  ],
  ['two CL', `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 43\r\n\r\n${smuggled}`, [400]],
  ['CL list', `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 43\r\n\r\n${smuggled}`, [400]],
  ['CL with a sign', `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n${smuggled}`, [400]],
  ['CL in hex', `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0x0\r\n\r\n${smuggled}`, [400]],
  ['negative CL', `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n${smuggled}`, [400]],
  [
    'TE obfuscated',
    `POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
    [400, 415, 501],
  ],
  [
    'TE with a space before the colon',
    `POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    [400],
  ],
  [
    'TE twice',
    `POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`,
    [400],
  ],
  [
    'obs-fold',
    `GET /admin/secret HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer\r\n abc\r\nConnection: close\r\n\r\n`,
    [400, 401],
  ],
  ['bare LF', `GET /admin/secret HTTP/1.1\nHost: a\n\n`, [400, 401]],
  ['bare CR', `GET /admin/secret HTTP/1.1\rHost: a\r\r`, [400]],
  [
    'a bad chunk size',
    `POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n${smuggled}`,
    [400, 401, 415],
  ],
  [
    'a chunk extension',
    `POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2;a="\r\n"\r\n{}\r\n0\r\n\r\n`,
    [200, 400, 422],
  ],
  ['no host', 'GET /admin/secret HTTP/1.1\r\n\r\n', [400]],
  ['two hosts', 'GET /admin/secret HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n', [400, 401]],
  ['a host with a space', 'GET /public HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', [400]],
  ['a host with a path', 'GET /public HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n', [400]],
  ['a host with markup', 'GET /public HTTP/1.1\r\nHost: <b>"\r\nConnection: close\r\n\r\n', [400]],
  ['an expectation that nobody meets', 'GET /public HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n', [417]],
  ['HTTP/0.9', 'GET /admin/secret\r\n\r\n', [400, 401]],
  ['HTTP/0.9 on an open route', 'GET /public\r\n\r\n', [400]],
  [
    'HTTP/1.0 with chunks, which asks to be kept',
    `POST /echo HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n${smuggled}`,
    [400],
  ],
  ['HTTP/1.0', 'GET /admin/secret HTTP/1.0\r\n\r\n', [401]],
  ['HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 505]],
  ['HTTP/9.9', 'GET /admin/secret HTTP/9.9\r\nHost: a\r\n\r\n', [400, 505]],
  ['a NUL in a header', 'GET /admin/secret HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n', [400]],
  ['a header name with a space', 'GET /admin/secret HTTP/1.1\r\nHost: a\r\nX Y: a\r\n\r\n', [400]],
  ['an empty header name', 'GET /admin/secret HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n', [400]],
  ['17 KiB of headers', `GET /admin/secret HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(17 * 1024)}\r\n\r\n`, [431]],
  ['a body on GET', `GET /public HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`, [400]],
  [
    'random bytes',
    Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 151) % 256)).toString('latin1'),
    [400],
  ],
  ['TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400]],
  [
    'two requests, the second without a session',
    `${request('GET /public').replace('Connection: close\r\n', '')}${get('/admin/secret')}`,
    [200, 401],
  ],
]

const rows: readonly Row[] = [...spellings, ...believed, ...methods, ...framing]

test(`${rows.length} requests without a session, on the wire: the protected handler never runs, every refusal is a problem`, async (t) => {
  assert.ok(rows.length >= 100)
  const app = await guarded({ limits: { client: '65535/second' } })
  const ran: string[] = []
  app.get('/public', { config: { access: 'public' } }, async () => 'public')
  app.post(
    '/echo',
    { config: { access: 'public' }, schema: { body: z.object({ a: z.boolean().optional() }) } },
    async () => 'echo',
  )
  app.get('/items/:id', async (one) => ran.push(one.url))
  const secret = {
    url: '/admin/secret',
    config: { access: role('admin') },
    handler: async (one: { url: string }) => ran.push(one.url),
  }
  app.route({ method: 'GET', ...secret })
  app.route({ method: 'DELETE', ...secret })
  for (const method of ['POST', 'PUT', 'PATCH']) app.route({ method, schema: { body: noBody }, ...secret })
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const { port } = app.server.address() as AddressInfo

  for (const [name, bytes, allowed] of rows) {
    const { statuses, text } = await sendRaw(port, bytes)
    assert.deepEqual(ran, [], `${name}: the protected handler ran`)
    for (const status of statuses)
      assert.ok(allowed.includes(status), `${name}: ${statuses.join(', ')}\n${text.slice(0, 300)}`)
    for (const answer of text.split(/(?=^HTTP\/1\.1 )/m).filter((one) => /^HTTP\/1\.1 [45]/.test(one))) {
      assert.match(answer, /content-type: application\/problem\+json\r\n/i, `${name}: ${answer.slice(0, 400)}`)
      assert.match(answer, /x-content-type-options: nosniff/i, name)
      assert.doesNotMatch(answer, /secret"|at .*\.ts:|stack/i, name)
    }
  }

  // Controls, so that the table can't pass by refusing everything.
  const { authorization } = await bearer(app, 'ada')
  const session = `Authorization: ${authorization}`
  assert.deepEqual((await sendRaw(port, get('/public'))).statuses, [200])
  assert.deepEqual((await sendRaw(port, get('/admin/secret', [session]))).statuses, [200])
  assert.deepEqual((await sendRaw(port, get('/%61dmin/secret', [session]))).statuses, [200])
  assert.equal(ran.length, 2)
  for (const credentials of [
    [session, session],
    [session, 'Authorization: Bearer x'],
    ['Authorization: Bearer x', session],
    [session.replace('Bearer ', 'Bearer  ')],
    [session.replace('Bearer ', 'Bearer\t')],
    [`${session} x`],
    [`${session},${authorization}`],
    [`${session}=`],
    [session.slice(0, -1)],
  ]) {
    assert.deepEqual(
      (await sendRaw(port, get('/admin/secret', credentials))).statuses,
      [401],
      JSON.stringify(credentials.length),
    )
  }
  assert.equal(ran.length, 2)
})

test('an Expect of HTTP/1.0 is answered by the answer alone', async (t) => {
  const app = await guarded()
  app.get('/public', { config: { access: 'public' } }, async () => 'public')
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const { port } = app.server.address() as AddressInfo
  for (const expect of ['100-continue', 'foo']) {
    const asked = `GET /public HTTP/1.0\r\nHost: a\r\nExpect: ${expect}\r\n\r\n`
    assert.deepEqual((await sendRaw(port, asked)).statuses, [200], expect)
  }
  assert.deepEqual((await sendRaw(port, get('/public', ['Expect: 100-continue']))).statuses, [100, 200])
})
