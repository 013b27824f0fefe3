import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import Fastify from 'fastify'
import { growth, LINEAR } from '../../../portcullis/test/growth.ts'
import { cleanAnswer, REFUSAL_BYTES } from '../../src/forwarding/answers.ts'
import { forward } from '../../src/forwarding/forward.ts'
import { connectUpstream } from '../../src/forwarding/upstream.ts'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const document = documentOf({ '/a': { get: operation() } })
const settings = { access: { 'GET /a': 'public' } }
const PYTHON = 'Traceback (most recent call last):\n  File "/app/main.py", line 7, in read\nKeyError: hunter2'

/** What a client gets when the upstream answers this. */
const answered = async (
  t: Parameters<typeof startUpstream>[0],
  status: number,
  headers: Record<string, string | string[]>,
  body: string | Buffer,
) => {
  const upstream = await startUpstream(t, (_request, response) => response.writeHead(status, headers).end(body))
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  return { ...(await call(address, 'GET', '/a')), upstream: upstream.address }
}
const JSON_TYPE = { 'content-type': 'application/json' }

test('a 5xx says nothing but its status', async (t) => {
  for (const [status, headers, body] of [
    [500, { 'content-type': 'text/plain' }, PYTHON],
    [500, JSON_TYPE, JSON.stringify({ detail: PYTHON })],
    [500, JSON_TYPE, JSON.stringify({ detail: 'hunter2' })],
    [503, { 'content-type': 'text/html', 'retry-after': '7' }, 'hunter2'],
    [599, JSON_TYPE, '"hunter2"'],
    [500, { ...JSON_TYPE, 'x-exception': 'hunter2', 'set-cookie': 'debug=hunter2', location: '/hunter2' }, '{}'],
  ] as const) {
    const answer = await answered(t, status, headers, body)
    assert.equal(answer.status, status)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json')
    assert.equal(answer.body.status, status)
    assert.ok(!answer.text.includes('hunter2') && !answer.text.includes('Traceback'), answer.text)
    assert.ok(![...answer.headers].join().includes('hunter2'))
    assert.equal(answer.headers.get('retry-after'), 'retry-after' in headers ? '7' : null)
  }
})

test('the validation errors of FastAPI lose what was sent, and keep what is wrong', async (t) => {
  const detail = [
    {
      type: 'string_too_short',
      loc: ['body', 'password'],
      msg: 'String should have at least 10 characters',
      input: 'hunter2',
      ctx: { min_length: 10, given: 'hunter2' },
      url: 'https://errors.pydantic.dev/2.12/v/string_too_short',
    },
    { type: 'value_error', loc: ['body', 'name'], msg: 'Value error, hunter2 is taken', input: 'hunter2' },
    { type: 'value_error', loc: ['body'], msg: 'Value error, hunter2 is weak', input: { a: [1, { b: 'hunter2' }] } },
    { type: 'value_error', loc: ['body'], msg: 'Value error, 1 of 2 is weak', input: { a: [1, { b: 'hunter2' }] } },
    {
      type: 'value_error',
      loc: ['body'],
      msg: 'Value error, too many',
      input: Array.from({ length: 1_001 }, (_, at) => `x${at + 1_000}`),
    },
  ]
  const { status, text, body } = await answered(t, 422, JSON_TYPE, JSON.stringify({ detail }))
  assert.equal(status, 422)
  assert.ok(!text.includes('hunter2') && !text.includes('pydantic'), text)
  assert.deepEqual(body, {
    detail: [
      { type: 'string_too_short', loc: ['body', 'password'], msg: 'String should have at least 10 characters' },
      { type: 'value_error', loc: ['body', 'name'], msg: 'is not valid' },
      { type: 'value_error', loc: ['body'], msg: 'is not valid' },
      { type: 'value_error', loc: ['body'], msg: 'Value error, 1 of 2 is weak' },
      { type: 'value_error', loc: ['body'], msg: 'is not valid' },
    ],
  })
})

test('a 4xx in JSON keeps its own words; what shows the inside is taken out, or the whole is replaced', async (t) => {
  const kept = await answered(t, 409, JSON_TYPE, '{"detail":"The name is taken.","code":7}')
  assert.deepEqual(kept.body, { detail: 'The name is taken.', code: 7 })
  const exact = '{"detail": "It exists.", "id": 1234567890123456789, "price": 1.50}'
  assert.equal((await answered(t, 409, JSON_TYPE, exact)).text, exact)
  const cut = await answered(t, 400, JSON_TYPE, '{"detail":"no","traceback":"hunter2","more":{"stack":["hunter2"]}}')
  assert.deepEqual(cut.body, { detail: 'no', more: {} })
  for (const [headers, body] of [
    [JSON_TYPE, JSON.stringify({ detail: PYTHON })],
    [JSON_TYPE, JSON.stringify({ detail: 'Error: hunter2\n    at read (/app/main.js:7:3)' })],
    [{ 'content-type': 'text/html' }, '<h1>hunter2</h1>'],
    [{ 'content-type': 'text/plain' }, 'hunter2'],
    [{}, 'hunter2'],
    [JSON_TYPE, '{"detail":"hunter2"'],
    [{ ...JSON_TYPE, 'content-encoding': 'gzip' }, 'hunter2'],
    [JSON_TYPE, JSON.stringify({ detail: 'hunter2'.repeat(20_000) })],
  ] as const) {
    const { status, text, body: problem, headers: fields } = await answered(t, 404, headers, body)
    assert.equal(status, 404)
    assert.equal(problem.type, 'urn:portcullis:problem:not-found', text)
    assert.equal(fields.get('content-encoding'), null)
    assert.ok(!text.includes('hunter2'))
  }
})

test('a 4xx in a content coding is looked into as well: servers code what is long by themselves', async (t) => {
  const detail = [{ loc: ['body', 'name'], msg: 'Field required', input: 'hunter2' }]
  const said = Buffer.from(JSON.stringify({ detail }))
  for (const [coding, body] of [
    ['gzip', gzipSync(said)],
    ['GZIP', gzipSync(said)],
    ['deflate', deflateSync(said)],
    ['br', brotliCompressSync(said)],
    ['zstd', zstdCompressSync(said)],
  ] as const) {
    const answer = await answered(t, 422, { ...JSON_TYPE, 'content-encoding': coding, vary: 'Accept-Encoding' }, body)
    assert.equal(answer.status, 422, coding)
    assert.deepEqual(answer.body, { detail: [{ loc: ['body', 'name'], msg: 'Field required' }] }, coding)
    assert.equal(answer.headers.get('content-encoding'), null)
  }
  // What is small and becomes large, or has more codings than one, is not said.
  const large = gzipSync(JSON.stringify({ detail: 'hunter2 '.repeat(100_000) }))
  for (const [coding, body] of [
    ['gzip', large],
    ['gzip, gzip', gzipSync(gzipSync(said))],
    ['identity', said],
    ['compress', said],
  ] as const) {
    const answer = await answered(t, 404, { ...JSON_TYPE, 'content-encoding': coding }, body)
    assert.equal(answer.body.type, 'urn:portcullis:problem:not-found', coding)
  }
})

test('a stack is found wherever in a text it stands, and in every dress', () => {
  const stacks = [
    PYTHON,
    'x\n  File "/app/main.py", line 7',
    'Error: no\n    at read (/app/main.js:7:3)',
    'Error: no\r\n\r\n\t at /app/main.js:7:3',
    'Error: no\n\u00a0at file:///app/main.js:7:3',
    'no at com.acme.Reader.read(Reader.java:17)',
    'no at a(at b(at Object.<anonymous> (/app/(inside/main.js:7',
    'no at a(b) at read (/app/main.js:7:3)',
    'goroutine 7 [running]',
    '#0 /app/index.php(17): read()',
    "/app/main.rb:7:in 'read'",
  ]
  for (const stack of stacks)
    for (const before of ['', 'a'.repeat(30_000), '\n'.repeat(30_000), 'at a('.repeat(6_000), 'at a()'.repeat(5_000)]) {
      const { body } = cleanAnswer(404, 'application/json', Buffer.from(JSON.stringify({ detail: before + stack })))
      assert.match(body.toString(), /not-found/, `${stack} behind ${before.length} bytes`)
    }
  for (const detail of [
    'Meet at noon',
    'at a (b) 10:30',
    'at a(\n10:30',
    '\n\nat home',
    'File "a" is not there',
    '#7 (x)',
  ]) {
    const { body } = cleanAnswer(404, 'application/json', Buffer.from(JSON.stringify({ detail })))
    assert.deepEqual(JSON.parse(body.toString()), { detail })
  }
})

test('the time to clean an answer grows with its length, not with the square of it', () => {
  const parts = [
    '\n',
    '\n ',
    '\nat ',
    'at a(',
    'at a (',
    'at ',
    'at a',
    'File "',
    'File "a',
    '#1 a(',
    '#1',
    '(1',
    'goroutine 1',
  ]
  for (const part of parts) {
    const clean = (bytes: number): void => {
      const detail = part.repeat((bytes - 20) / Buffer.byteLength(JSON.stringify(part).slice(1, -1)))
      const body = Buffer.from(JSON.stringify({ detail }))
      assert.ok(body.length > bytes / 2 && body.length <= REFUSAL_BYTES)
      cleanAnswer(404, 'application/json', body)
    }
    const times = growth(clean, REFUSAL_BYTES / 8)
    assert.ok(times < LINEAR, `${times} times as long: ${JSON.stringify(part)}`)
  }
})

test('what the upstream runs on, how it asks, and whom its CORS lets in stay with it; its own say on caching goes on', async (t) => {
  const { headers } = await answered(
    t,
    401,
    {
      ...JSON_TYPE,
      server: 'uvicorn',
      'x-powered-by': 'Express',
      'www-authenticate': 'Bearer realm="inside"',
      'access-control-allow-origin': '*',
      'access-control-allow-credentials': 'true',
      'portcullis-token': 'x',
      'alt-svc': 'h3=":443"',
      connection: 'x-hop',
      'x-hop': '1',
      'cache-control': 'max-age=60',
      'x-request-id': 'abc',
      vary: 'Accept',
    },
    '{"detail":"no"}',
  )
  const names = ['server', 'x-powered-by', 'www-authenticate', 'access-control-allow-origin', 'portcullis-token']
  for (const name of [...names, 'access-control-allow-credentials', 'alt-svc', 'x-hop'])
    assert.equal(headers.get(name), null, name)
  assert.equal(headers.get('cache-control'), 'max-age=60')
  assert.equal(headers.get('x-request-id'), 'abc')
  assert.equal(headers.get('vary'), 'Accept')
  assert.equal(headers.get('x-frame-options'), 'DENY')
  assert.match(headers.get('ratelimit') ?? '', /client/)
})

test('a redirect to the upstream itself leads to the gateway, and its address is not told', async (t) => {
  const upstream = await startUpstream(t, (request, response) => {
    const own = `http://${request.headers.host}`
    const [, location = ''] = /^\/a(?:\?to=(.*))?$/.exec(request.url ?? '') ?? []
    const headers = { location: decodeURIComponent(location).replace('OWN', own), link: `<${own}/b>; rel="next"` }
    response.writeHead(307, headers).end()
  })
  const redirecting = documentOf({
    '/a': { get: operation({ parameters: [{ name: 'to', in: 'query', schema: { type: 'string' } }] }) },
  })
  const { address } = await startGateway(t, { upstream: upstream.address, document: redirecting, settings })
  for (const [location, expected] of [
    ['OWN/items/', '/items/'],
    ['OWN', '/'],
    ['/items/', '/items/'],
    ['https://elsewhere.example/x', 'https://elsewhere.example/x'],
  ] as const) {
    const { status, headers } = await call(address, 'GET', `/a?to=${encodeURIComponent(location)}`)
    assert.equal(status, 307)
    assert.equal(headers.get('location'), expected)
    assert.equal(headers.get('link'), '</b>; rel="next"')
  }
})

test('a refusal without an end is answered all the same, and the upstream is let go', async (t) => {
  let gone = false
  const upstream = await startUpstream(t, (_request, response) => {
    response.on('close', () => {
      gone = true
    })
    response.writeHead(404, JSON_TYPE)
    const more = setInterval(() => response.write('hunter2'.repeat(2_000)), 5)
    response.on('close', () => clearInterval(more))
  })
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const { status, text } = await call(address, 'GET', '/a')
  assert.equal(status, 404)
  assert.ok(!text.includes('hunter2'))
  for (let tries = 0; !gone; tries += 1) {
    assert.ok(tries < 200, 'the upstream goes on')
    await sleep(10)
  }
})

test('an answer that can not be made is a 502 without a field of it, whenever that shows; nobody waits', async (t) => {
  const upstream = await startUpstream(t, (request, response) => {
    const status = request.url === '/5' ? 503 : 404
    response.writeHead(status, { ...JSON_TYPE, 'x-own': 'hunter2', etag: '"1"' })
    if (request.url === '/long') response.write('hunter2'.repeat(20_000))
    else response.end('{}')
  })
  const connected = connectUpstream({
    url: new URL(upstream.address),
    connectMs: 1_000,
    answerMs: 1_000,
    idleMs: 1_000,
    connections: 1,
    reuse: true,
    ownCookie: undefined,
  })
  t.after(() => connected.close())
  const app = Fastify()
  app.get('/*', (request, reply) => {
    Object.assign(request, { client: { key: '203.0.113.9' } })
    const { headers, send } = reply.header('x-door', '1')
    // Once in the middle of its fields, or once when it is sent.
    Object.assign(reply, {
      headers: (fields: Record<string, string>) => {
        reply.headers = headers
        if (request.headers['x-at'] === 'send') return headers.call(reply, fields)
        reply.header('x-own', fields['x-own'])
        throw new Error('secret')
      },
      send: (payload: unknown) => {
        reply.send = send
        if (request.headers['x-at'] !== 'send') return send.call(reply, payload)
        throw new Error('secret')
      },
    })
    forward(request, reply, connected, { target: request.url, fields: [], body: null })
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  for (const at of ['fields', 'send'])
    for (const path of ['/4', '/5', '/long']) {
      const { status, headers, text } = await call(address, 'GET', path, { headers: { 'x-at': at } })
      assert.equal(status, 502, path)
      assert.equal(headers.get('x-door'), '1')
      for (const name of ['x-own', 'etag']) assert.equal(headers.get(name), null, `${at} ${path}`)
      assert.doesNotMatch(text, /hunter2|secret/)
    }
})

test("the door's CORS holds, and both say what an answer depends on", async (t) => {
  const upstream = await startUpstream(t, (_request, response) =>
    response
      .writeHead(200, { vary: 'Accept-Encoding', 'access-control-allow-origin': 'https://evil.example' })
      .end('{}'),
  )
  const env = { CORS_ORIGINS: 'https://app.example.com' }
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  const { headers } = await call(address, 'GET', '/a', { headers: { origin: 'https://app.example.com' } })
  assert.equal(headers.get('access-control-allow-origin'), 'https://app.example.com')
  assert.deepEqual(headers.get('vary')?.split(', ').sort(), ['Accept-Encoding', 'Origin'])
  assert.equal((await call(address, 'GET', '/a')).headers.get('access-control-allow-origin'), null)
})

test('HEAD follows GET, 204 and 304 have no body, and cookies of the upstream pass', async (t) => {
  const upstream = await startUpstream(t, (request, response) => {
    if (request.method === 'HEAD') response.writeHead(200, { 'content-length': '7', etag: '"1"' }).end()
    else if (request.headers['if-none-match'] === '"1"') response.writeHead(304, { etag: '"1"' }).end()
    else response.writeHead(204, { 'set-cookie': ['a=1; Path=/', '__Secure-refresh_token=x; Path=/auth', 'b=2'] }).end()
  })
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const head = await call(address, 'HEAD', '/a')
  assert.equal(head.status, 200)
  assert.equal(head.headers.get('content-length'), '7')
  assert.equal((await call(address, 'GET', '/a', { headers: { 'if-none-match': '"1"' } })).status, 304)
  const empty = await call(address, 'GET', '/a')
  assert.equal(empty.status, 204)
  // A cookie of the accounts' name would end, or replace, the session that they keep.
  assert.deepEqual(empty.headers.getSetCookie(), ['a=1; Path=/', 'b=2'])
})
