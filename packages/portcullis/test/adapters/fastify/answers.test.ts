import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { noBody, Problem, role } from '../../../src/adapters/fastify/index.ts'
import { field } from '../../../src/layers/validation/index.ts'
import { bearer, guarded } from './app.ts'

const origin = 'https://app.example.com'

test('every answer tells where the client stands; over the quota is a problem that a page of a known origin can read', async () => {
  const app = await guarded({ limits: { client: '3/minute' }, cors: { origins: [origin] } })
  app.get('/x', { config: { access: 'public', limit: '2/minute' } }, async () => ({}))
  const first = await app.inject({ url: '/x', headers: { origin } })
  assert.equal(first.headers['ratelimit-policy'], '"client";q=3;w=60, "GET /x 2/minute";q=2;w=60')
  assert.match(String(first.headers['ratelimit']), /^"client";r=2;t=\d+, "GET \/x 2\/minute";r=1;t=\d+$/)
  assert.equal(first.headers['retry-after'], undefined)
  await app.inject('/x')
  const third = await app.inject({ url: '/x', headers: { origin } })
  assert.equal(third.statusCode, 429)
  assert.deepEqual(third.json()['violated-policies'], ['GET /x 2/minute'])
  assert.equal(third.json().type, 'https://iana.org/assignments/http-problem-types#quota-exceeded')
  assert.equal(third.headers['access-control-allow-origin'], origin)
  assert.ok(Number(third.headers['retry-after']) >= 1)
  assert.deepEqual((await app.inject('/x')).json()['violated-policies'], ['client'])
  assert.equal((await app.inject('/nowhere')).statusCode, 429, 'an unknown path does not walk round the limit')
  assert.equal(
    (await app.inject({ url: '/x', remoteAddress: '192.0.2.7' })).statusCode,
    200,
    'another client has a quota of its own',
  )
})

test('the security header fields are on every answer, of whatever status', async () => {
  const app = await guarded()
  app.get('/ok', { config: { access: 'public' } }, async () => ({}))
  app.get('/fail', { config: { access: 'public' } }, async () => {
    throw new Error('secret detail')
  })
  for (const [url, status] of [
    ['/ok', 200],
    ['/fail', 500],
    ['/closed', 401],
    ['//x', 400],
  ] as const) {
    const { headers, statusCode, body } = await app.inject(url)
    assert.equal(statusCode, status, url)
    assert.equal(headers['cache-control'], 'no-store', url)
    assert.equal(headers['x-content-type-options'], 'nosniff', url)
    assert.match(String(headers['strict-transport-security']), /max-age=63072000/, url)
    assert.match(String(headers['content-security-policy']), /default-src 'none'/, url)
    assert.doesNotMatch(body, /secret detail|\bat /)
  }
})

test('a preflight is answered for a known origin and refused for every other, alike for every path', async () => {
  const app = await guarded({ cors: { origins: [origin] } })
  let ran = 0
  app.get('/x', async () => {
    ran += 1
  })
  const preflight = (url: string, from: string, method = 'DELETE') =>
    app.inject({
      method: 'OPTIONS',
      url,
      headers: {
        origin: from,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization',
      },
    })
  const [known, unknown] = [await preflight('/x', origin), await preflight('/nowhere', origin)]
  assert.equal(known.statusCode, 204)
  assert.equal(known.headers['access-control-allow-origin'], origin)
  assert.deepEqual(Object.keys(known.headers), Object.keys(unknown.headers))
  // The browser says that its method is not in the list; 'not listed' would be said of the origin.
  for (const method of ['patch', 'QUERY', 'PROPFIND', '*']) {
    const odd = await preflight('/x', origin, method)
    assert.deepEqual(
      [odd.statusCode, odd.headers['access-control-allow-methods']],
      [204, 'GET, HEAD, POST, PUT, PATCH, DELETE'],
    )
  }
  assert.equal((await app.inject({ method: 'OPTIONS', url: '/x', headers: { origin } })).statusCode, 405)
  for (const from of ['https://evil.example', 'null', `${origin}.evil.example`, 'http://app.example.com']) {
    const refused = await preflight('/x', from)
    assert.equal(refused.statusCode, 403, from)
    assert.equal(refused.headers['access-control-allow-origin'], undefined, from)
  }
  const other = await app.inject({ method: 'OPTIONS', url: '/x' })
  assert.equal(other.statusCode, 405)
  // RFC 9110 §15.5.6; the same for what is there and what is not.
  assert.equal(other.headers.allow, 'GET, HEAD, POST, PUT, PATCH, DELETE')
  assert.equal((await app.inject({ method: 'OPTIONS', url: '/none' })).headers.allow, other.headers.allow)
  assert.equal(
    (await app.inject({ url: '/x', headers: { origin } })).headers['access-control-allow-origin'],
    origin,
    'a 401 can be read by the page',
  )
  assert.equal(ran, 0)
})

test('a refused OPTIONS counts like every other request; a preflight of a known origin does not', async () => {
  const app = await guarded({ cors: { origins: [origin] }, limits: { client: '3/minute', account: '7/minute' } })
  const ask = (headers: Record<string, string>) => app.inject({ method: 'OPTIONS', url: '/x', headers })
  const wanted = { 'access-control-request-method': 'GET' }
  for (let time = 0; time < 5; time += 1) assert.equal((await ask({ origin, ...wanted })).statusCode, 204)
  for (const status of [403, 403, 403, 429])
    assert.equal((await ask({ origin: 'https://evil.example', ...wanted })).statusCode, status)
  assert.equal((await ask({})).statusCode, 429)
  assert.equal((await ask({ origin, ...wanted })).statusCode, 204)
  assert.deepEqual(app.portcullis.limits.account.quota, { limit: 7, windowMs: 60_000 })
})

test('an OPTIONS route of the application is judged like any other', async () => {
  const app = await guarded()
  app.options('/x', { config: { access: role('admin') } }, async () => ({}))
  assert.equal((await app.inject({ method: 'OPTIONS', url: '/x' })).statusCode, 401)
  assert.equal((await app.inject({ method: 'OPTIONS', url: '/x', headers: await bearer(app, 'ada') })).statusCode, 200)
})

test('a body goes through one schema whatever its Content-Type; what is no JSON never reaches the handler', async () => {
  const app = await guarded({ limits: { client: '65535/second' } })
  const got: unknown[] = []
  app.post(
    '/x',
    {
      config: { access: 'public' },
      schema: { body: z.object({ name: field.username, count: field.integer(1, 9).optional() }) },
    },
    async (request) => {
      got.push(request.body)
      return {}
    },
  )
  const send = async (
    payload: string | Buffer,
    contentType: string | undefined = 'application/json',
    more: Record<string, string> = {},
  ) =>
    (
      await app.inject({
        method: 'POST',
        url: '/x',
        payload,
        headers: { ...(contentType === undefined ? {} : { 'content-type': contentType }), ...more },
      })
    ).statusCode
  const good = '{"name":"ada"}'
  for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])
    assert.equal(await send(good, type), 200, type)
  assert.equal(got.length, 3)
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json, text/plain',
    'application/jsonx',
    'application/problem+json',
    'application/json; charset=utf-16',
    'application/json;',
    'application/json\t;x=y',
    'json',
    '*/*',
    '',
  ]) {
    assert.equal(await send(good, type), 415, type)
  }
  for (const coding of ['gzip', 'deflate', 'br', 'x', 'identity, gzip'])
    assert.equal(await send(good, 'application/json', { 'content-encoding': coding }), 415, coding)
  for (const body of [
    '',
    '{',
    '{"name":"ada","name":"bob"}',
    '{"name":"ada","\\u006eame":"bob"}',
    '{"__proto__":{},"name":"ada"}',
    '{"constructor":1,"name":"ada"}',
    '\ufeff{"name":"ada"}',
    `${'['.repeat(40)}${']'.repeat(40)}`,
    Buffer.from([0x7b, 0xff, 0x7d]),
    '{"name":"\\ud800"}',
  ]) {
    assert.equal(await send(body), 400, String(body))
  }
  for (const body of [
    '{}',
    '[]',
    'null',
    '"ada"',
    '{"name":1}',
    '{"name":"a"}',
    '{"name":"ada","x":1}',
    '{"name":"ada","count":"1"}',
    '{"name":"ada","count":1.5}',
    '{"name":"ada","count":10}',
    '{"name":["ada"]}',
    '{"name":null}',
  ]) {
    assert.equal(await send(body), 422, body)
  }
  assert.equal(await send(`{"name":"ada","x":"${'a'.repeat(70_000)}"}`), 413)
  assert.equal(got.length, 3)
})

test('refused values are named by field, and neither they nor unknown names are repeated', async () => {
  const app = await guarded()
  app.post(
    '/x/:id',
    { config: { access: 'public' }, schema: { body: z.object({ name: field.username }) } },
    async () => ({}),
  )
  const refused = await app.inject({
    method: 'POST',
    url: '/x/1?marker-query=1',
    payload: { name: 'no no marker-value', 'marker-key': 'marker-other' },
  })
  assert.equal(refused.statusCode, 422)
  assert.doesNotMatch(refused.body, /marker/)
  const body = await app.inject({
    method: 'POST',
    url: '/x/1',
    payload: { name: 'no no marker-value', 'marker-key': 'marker-other' },
  })
  assert.equal(body.statusCode, 422)
  assert.doesNotMatch(body.body, /marker/)
  assert.ok(
    body.json().errors.some((error: { in: string; field: string }) => error.in === 'body' && error.field === '/name'),
  )
})

test('path and query values are checked where a route says nothing of them', async () => {
  const app = await guarded()
  app.get('/items/:id', { config: { access: 'public' } }, async (request) => request.params)
  app.get('/numbers/:id(^\\d+$)', { config: { access: 'public' } }, async (request) => request.params)
  app.get('/maybe/:id?', { config: { access: 'public' } }, async (request) => request.params)
  app.get('/files/*', { config: { access: 'public' } }, async (request) => request.params)
  for (const url of ['/numbers/7', '/maybe', '/maybe/', '/maybe/7', '/files/', '/files/a/b.txt'])
    assert.equal((await app.inject(url)).statusCode, 200, url)
  for (const url of ['/maybe/a%20b', '/files/a%0ab']) assert.equal((await app.inject(url)).statusCode, 422, url)
  assert.deepEqual((await app.inject('/items/a-1_B')).json(), { id: 'a-1_B' })
  for (const url of [
    '/items/a%20b',
    '/items/%3Cscript%3E',
    '/items/a.b',
    '/items/a?x=1',
    '/items/a?x',
    `/items/${'a'.repeat(65)}`,
  ])
    assert.equal((await app.inject(url)).statusCode, 422, url)
})

test('a route that takes a body and has no schema does not start, and says how to mend it', async () => {
  for (const method of ['POST', 'PUT', 'PATCH'] as const) {
    const app = await guarded()
    app.route({ method, url: '/x', handler: async () => ({}) })
    await assert.rejects(
      async () => app.ready(),
      new RegExp(`${method} /x takes a body and has no schema for it: give it schema.body`),
    )
  }
  const none = await guarded()
  none.post('/x', { config: { access: 'public' }, schema: { body: noBody } }, async () => ({}))
  assert.equal((await none.inject({ method: 'POST', url: '/x' })).statusCode, 200)
  assert.equal((await none.inject({ method: 'POST', url: '/x', payload: {} })).statusCode, 400)
})

test('unbounded schemas are findings: they stop the start outside development unless waived by name', async () => {
  const schema = { body: z.object({ free: z.string(), count: z.number(), list: z.array(field.id) }) }
  const strict = await guarded()
  strict.post('/x', { schema }, async () => ({}))
  await assert.rejects(
    async () => strict.ready(),
    (error: Error) => {
      for (const name of ['POST /x body/free', 'POST /x body/count', 'POST /x body/list'])
        assert.ok(error.message.includes(name), `${name} is not in ${error.message}`)
      return true
    },
  )
  const development = await guarded({ mode: 'development' })
  development.post('/x', { schema }, async () => ({}))
  await development.ready()
  const waived = await guarded({
    validation: { waive: ['POST /x body/free', 'POST /x body/count', 'POST /x body/list'] },
  })
  waived.post('/x', { schema }, async () => ({}))
  await waived.ready()
})

test('attachValidation, and a mix of zod and JSON Schema, stop the start', async () => {
  const attached = await guarded()
  attached.post('/x', { attachValidation: true, schema: { body: z.object({ name: field.id }) } }, async () => ({}))
  await assert.rejects(async () => attached.ready(), /POST \/x: has attachValidation/)
  const mixed = await guarded()
  mixed.post(
    '/x',
    { schema: { body: z.object({ name: field.id }), querystring: { type: 'object', additionalProperties: false } } },
    async () => ({}),
  )
  await assert.rejects(async () => mixed.ready(), /POST \/x: mixes zod and JSON Schema/)
})

test("plain JSON Schema keeps Fastify's validator, told not to coerce, and is audited too", async () => {
  const strict = { ajv: { customOptions: { coerceTypes: false, removeAdditional: false } } } as const
  const body = {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: { name: { type: 'string', maxLength: 5 }, count: { type: 'integer', minimum: 0, maximum: 9 } },
  }
  const app = await guarded({}, strict)
  app.post('/x/:id', { config: { access: 'public' }, schema: { body } }, async () => ({}))
  const send = async (url: string, payload: object) => app.inject({ method: 'POST', url, payload })
  assert.equal((await send('/x/1', { name: 'ada', count: 1 })).statusCode, 200)
  for (const payload of [{ name: 'marker-too-long' }, { name: 'ada', count: '1' }, { name: 'ada', marker: 1 }, {}]) {
    const refused = await send('/x/1', payload)
    assert.equal(refused.statusCode, 422, JSON.stringify(payload))
    assert.doesNotMatch(refused.body, /marker/)
  }
  assert.equal((await send('/x/a%20b', { name: 'ada' })).statusCode, 422, 'the path was not checked')
  assert.equal((await send('/x/1?q=1', { name: 'ada' })).statusCode, 422, 'the query was not checked')
  const open = await guarded({}, strict)
  open.post('/x', { schema: { body: { type: 'object', properties: { name: { type: 'string' } } } } }, async () => ({}))
  await assert.rejects(async () => open.ready(), /POST \/x body\/name/)
  const coercing = await guarded()
  coercing.post('/x', { schema: { body } }, async () => ({}))
  await assert.rejects(
    async () => coercing.ready(),
    /POST \/x body: is checked by Fastify's own validator, which turns "1" into 1/,
  )
})

test('what a handler throws: a Problem as it is, a status by the table, anything else is 500', async () => {
  const app = await guarded()
  const cases: readonly (readonly [string, () => unknown, number, string])[] = [
    ['problem', () => new Problem('conflict'), 409, 'urn:portcullis:problem:conflict'],
    ['status', () => Object.assign(new Error('marker'), { statusCode: 404 }), 404, 'urn:portcullis:problem:not-found'],
    ['shipped', () => Object.assign(new Error('marker'), { statusCode: 409 }), 409, 'about:blank'],
    ['teapot', () => Object.assign(new Error('marker'), { statusCode: 418 }), 418, 'about:blank'],
    ['down', () => Object.assign(new Error('marker'), { statusCode: 503 }), 503, 'urn:portcullis:problem:unavailable'],
    ['error', () => new Error('marker'), 500, 'urn:portcullis:problem:internal'],
    ['odd', () => Object.assign(new Error('marker'), { statusCode: 200 }), 500, 'urn:portcullis:problem:internal'],
    ['string', () => 'marker', 500, 'urn:portcullis:problem:internal'],
  ]
  for (const [name, make] of cases) {
    app.get(`/${name}`, { config: { access: 'public' } }, async () => {
      throw make()
    })
  }
  for (const [name, , status, type] of cases) {
    const answer = await app.inject(`/${name}`)
    assert.equal(answer.statusCode, status, name)
    assert.equal(answer.json().type, type, name)
    assert.equal(answer.headers['content-type'], 'application/problem+json', name)
    assert.doesNotMatch(answer.body, /marker|stack/, name)
  }
})

test('a response schema lets out only what it names', async () => {
  const app = await guarded()
  app.get(
    '/x',
    { config: { access: 'public' }, schema: { response: { 200: z.object({ id: z.string() }) } } },
    async () => ({ id: 'a', passwordHash: 'marker' }) as { id: string },
  )
  assert.equal((await app.inject('/x')).body, '{"id":"a"}')
})

test('whatever is thrown is answered by a problem, and nothing of it goes out', async () => {
  const app = await guarded()
  const getter = Object.defineProperty({}, 'validation', {
    get: () => {
      throw new Error('inner text')
    },
  })
  const thrown: readonly unknown[] = [
    undefined,
    null,
    'text',
    7,
    getter,
    { validation: true },
    { validation: [null] },
    { code: 'constructor' },
    { code: '__proto__' },
    { statusCode: 404.5 },
    { statusCode: Number.NaN },
  ]
  app.get('/:at', { config: { access: 'public' } }, async (request) => {
    throw thrown[Number((request.params as { at: string }).at)]
  })
  for (const [at, one] of thrown.entries()) {
    const answer = await app.inject(`/${at}`)
    assert.equal(answer.statusCode, 500, String(one))
    assert.equal(answer.headers['content-type'], 'application/problem+json')
    assert.equal(answer.json().type, 'urn:portcullis:problem:internal')
    assert.doesNotMatch(answer.body, /inner text|undefined|null/)
  }
})
