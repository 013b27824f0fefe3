import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Problem, replyFields } from '../../../src/adapters/fastify/index.ts'
import { securityHeaders } from '../../../src/response/index.ts'
import { request, sendRaw } from '../../attacks/raw-socket.ts'
import { guarded } from './app.ts'

const ORIGIN = 'https://app.example.com'
const OWN_POLICY = "default-src 'self'"

/** Each route answers in a way of its own; what the door gives must be the same on the wire and in an answer to `inject`. */
const ways: Readonly<Record<string, (reply: FastifyReply) => unknown>> = {
  json: () => ({ a: 1 }),
  text: (reply) => reply.type('text/plain').send('é'),
  bytes: (reply) => reply.type('application/octet-stream').send(Buffer.from('abc')),
  nothing: (reply) => reply.code(204).send(),
  moved: (reply) => reply.redirect('/json'),
  stream: (reply) => reply.type('text/plain').send(Readable.from(['a', 'b'])),
  'own-policy': (reply) => reply.header('Content-Security-Policy', OWN_POLICY).send({}),
  'own-policy-of-a-stream': (reply) =>
    reply
      .header('content-security-policy', OWN_POLICY)
      .type('text/plain')
      .send(Readable.from(['a'])),
  'own-vary': (reply) => reply.header('vary', 'Accept-Encoding').send({}),
  'own-vary-that-has-it': (reply) => reply.header('Vary', 'origin, Accept').send({}),
  'own-vary-on-the-raw-answer': (reply) => {
    reply.raw.setHeader('Vary', ['Accept', 'Cookie'])
    return reply.send({})
  },
  'own-vary-in-a-list': (reply) => {
    reply.hijack()
    reply.raw.writeHead(200, ['X-A', 'Vary', 'Vary', 'Accept']).end('raw')
  },
  'own-cookies': (reply) => reply.header('set-cookie', ['a=1', 'b=2']).send({}),
  'set-on-the-raw-answer': (reply) => {
    reply.raw.setHeader('X-Frame-Options', 'SAMEORIGIN')
    return reply.send({})
  },
  'written-raw': (reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'Content-Type': 'text/plain' }).end('raw')
  },
  'written-raw-with-a-reason': (reply) => {
    reply.hijack()
    reply.raw.writeHead(200, 'Fine', { 'X-Frame-Options': 'SAMEORIGIN' }).end('raw')
  },
  'written-raw-as-a-list': (reply) => {
    reply.hijack()
    reply.raw.writeHead(200, ['X-Frame-Options', 'SAMEORIGIN', 'X-A', '1']).end('raw')
  },
  'not-written-at-all': (reply) => {
    reply.hijack()
    reply.raw.end('raw')
  },
  'a-problem-with-fields': () => {
    throw new Problem('quota-exceeded', {}, { ratelimit: '"own";r=0;t=9', 'retry-after': '9' })
  },
  'a-failure': () => {
    throw new Error('secret detail')
  },
}

const listening = async (): Promise<{ readonly app: FastifyInstance; readonly port: number }> => {
  const app = await guarded({ cors: { origins: [ORIGIN] } })
  for (const [name, answer] of Object.entries(ways))
    app.get(`/${name}`, { config: { access: 'public' } }, async (_request, reply) => answer(reply))
  app.get('/closed', async () => ({}))
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, port: (app.server.address() as AddressInfo).port }
}

/** What the connection and the time make of an answer, and the quota, which goes down. */
const OTHERS = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'ratelimit'])

const linesOf = (text: string): readonly (readonly [string, string])[] =>
  (text.split('\r\n\r\n', 1)[0] ?? '')
    .split('\r\n')
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)] as const)

const sorted = (fields: readonly (readonly [string, string])[]): readonly string[] =>
  fields
    .filter(([name]) => !OTHERS.has(name))
    .map(([name, value]) => `${name}: ${value}`)
    .sort()

test('the fields on the wire are those that inject shows, each once, however the handler answers', async () => {
  const { app, port } = await listening()
  try {
    for (const url of [...Object.keys(ways).map((name) => `/${name}`), '/closed', '/nowhere', '//x']) {
      const { text } = await sendRaw(port, request(`GET ${url}`, [`Origin: ${ORIGIN}`]), 2_000)
      const injected = await app.inject({ url, headers: { origin: ORIGIN, host: 'a' } })
      const shown = Object.entries(injected.headers).flatMap(([name, value]) =>
        [value].flat().map((one) => [name, String(one)] as const),
      )
      const wire = linesOf(text)
      assert.deepEqual(sorted(wire), sorted(shown), url)
      const names = wire.map(([name]) => name).filter((name) => name !== 'set-cookie')
      assert.deepEqual(names, [...new Set(names)], `${url}: no field twice`)
      for (const name of [...Object.keys(securityHeaders), 'ratelimit', 'ratelimit-policy', 'vary'])
        assert.ok(names.includes(name), `${url} has no ${name}`)
    }
  } finally {
    await app.close()
  }
})

test("a handler's own field takes the place of the door's", async () => {
  const { app, port } = await listening()
  try {
    for (const [url, name, value] of [
      ['/own-policy', 'content-security-policy', OWN_POLICY],
      ['/own-policy-of-a-stream', 'content-security-policy', OWN_POLICY],
      ['/set-on-the-raw-answer', 'x-frame-options', 'SAMEORIGIN'],
      ['/written-raw-with-a-reason', 'x-frame-options', 'SAMEORIGIN'],
      ['/written-raw-as-a-list', 'x-frame-options', 'SAMEORIGIN'],
      ['/a-problem-with-fields', 'ratelimit', '"own";r=0;t=9'],
      ['/own-vary', 'vary', 'Accept-Encoding, Origin'],
      ['/own-vary-that-has-it', 'vary', 'origin, Accept'],
      ['/own-vary-on-the-raw-answer', 'vary', 'Accept, Cookie, Origin'],
      ['/own-vary-in-a-list', 'vary', 'Accept, Origin'],
    ] as const) {
      const { text } = await sendRaw(port, request(`GET ${url}`), 2_000)
      assert.deepEqual(
        linesOf(text).filter(([one]) => one === name),
        [[name, value]],
        url,
      )
    }
  } finally {
    await app.close()
  }
})

test('answers that share a connection keep to themselves', async () => {
  const { app, port } = await listening()
  try {
    const get = (url: string, more = ''): string => `GET ${url} HTTP/1.1\r\nHost: a\r\n${more}\r\n`
    const { text } = await sendRaw(
      port,
      get('/own-policy') + get('/json', `Origin: ${ORIGIN}\r\n`) + get('/closed') + get('/json'),
      1_000,
    )
    const heads = text.split('HTTP/1.1 ').slice(1)
    assert.deepEqual(
      heads.map((head) => head.slice(0, 3)),
      ['200', '200', '401', '200'],
    )
    assert.deepEqual(
      heads.map((head) => head.includes(OWN_POLICY)),
      [true, false, false, false],
    )
    assert.deepEqual(
      heads.map((head) => head.includes(`access-control-allow-origin: ${ORIGIN}`)),
      [false, true, false, false],
    )
  } finally {
    await app.close()
  }
})

test('who puts the head together himself can read the fields of the door, and none is sent twice', async () => {
  const app = await guarded()
  app.get('/x', { config: { access: 'public' } }, async (_request, reply) => {
    const { 'cache-control': _, ...fields } = replyFields(reply.header('x-own', '1')) as Record<string, string>
    reply.hijack()
    reply.raw.writeHead(200, fields).end()
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  try {
    const { text } = await sendRaw((app.server.address() as AddressInfo).port, request('GET /x'), 2_000)
    const names = linesOf(text).map(([name]) => name)
    assert.deepEqual(names, [...new Set(names)])
    for (const name of ['x-own', 'x-frame-options', 'ratelimit']) assert.ok(names.includes(name), name)
    assert.ok(names.includes('cache-control'), 'what was left out is sent all the same')
  } finally {
    await app.close()
  }
})

test('a request that a handler routes once more is answered, with each field once', async (t) => {
  const app = await guarded()
  t.after(() => app.close())
  app.get('/here', { config: { access: 'public' } }, (asked, reply) => {
    reply.hijack()
    asked.raw.url = '/there'
    app.routing(asked.raw, reply.raw)
  })
  app.get('/there', { config: { access: 'public' } }, async () => 'there')
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { text } = await sendRaw((app.server.address() as AddressInfo).port, request('GET /here'))
  assert.match(text, /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nthere$/)
  assert.equal(text.match(/x-content-type-options/gi)?.length, 1)
})

test('a head that Node refused is written in the second try, with each field once', async (t) => {
  const app = await guarded()
  t.after(() => app.close())
  for (const [path, fields] of Object.entries({ '/plain': {}, '/own': { 'x-frame-options': 'SAMEORIGIN' } }))
    app.get(path, { config: { access: 'public' } }, (_request, reply) => {
      reply.hijack()
      assert.throws(() => reply.raw.writeHead(200, { 'x-a': 'a\nb' }), { code: 'ERR_INVALID_CHAR' })
      reply.raw.writeHead(200, fields).end('raw')
    })
  await app.listen({ host: '127.0.0.1', port: 0 })
  for (const path of ['/plain', '/own']) {
    const { text } = await sendRaw((app.server.address() as AddressInfo).port, request(`GET ${path}`))
    const names = linesOf(text).map(([name]) => name)
    assert.deepEqual(names, [...new Set(names)], path)
    for (const name of [...Object.keys(securityHeaders), 'ratelimit', 'ratelimit-policy'])
      assert.ok(names.includes(name))
  }
})

test('a refusal that ends its connection says so once, and ends it', async () => {
  const { app, port } = await listening()
  try {
    const kept =
      'GET /json HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    const { statuses, text } = await sendRaw(port, kept + kept, 2_000)
    assert.deepEqual(statuses, [400])
    assert.deepEqual(
      linesOf(text).filter(([name]) => name === 'connection'),
      [['connection', 'close']],
    )
  } finally {
    await app.close()
  }
})

test('a raw head keeps Vary: Origin in each form that Node takes', async (t) => {
  const heads: readonly unknown[] = [
    ['Vary', ['Accept', 'Cookie']],
    [
      ['Vary', 'Accept'],
      ['X-A', '1'],
    ],
    [['Vary', ['Accept', 'Cookie']]],
    ['X-A', '1'],
  ]
  const app = await guarded({ cors: { origins: ['https://a.example'] } })
  app.get('/:at', { config: { access: 'public' } }, async (request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, heads[Number((request.params as { at: string }).at)] as never).end()
  })
  t.after(() => app.close())
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  for (const [at, head] of heads.entries()) {
    const { headers } = await fetch(`${address}/${at}`, { headers: { origin: 'https://a.example' } })
    assert.match(
      String(headers.get('vary')),
      at === 3 ? /^Origin$/ : /^Accept(, Cookie)?, Origin$/,
      JSON.stringify(head),
    )
    assert.equal(headers.get('x-a'), at === 1 || at === 3 ? '1' : null)
  }
})
