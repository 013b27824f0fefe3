import assert from 'node:assert/strict'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Problem } from '../../../src/adapters/fastify/index.ts'
import { problemDocument, securityHeaders } from '../../../src/response/index.ts'
import { request, sendRaw } from '../../attacks/raw-socket.ts'
import { guarded } from './app.ts'

const failing = (): never => {
  throw new Error('marker')
}

/** Each ends in the plain `internal`, with nothing of what was thrown or set. */
const internal: Readonly<Record<string, (reply: FastifyReply) => unknown>> = {
  'a field that Node refuses': (reply) => reply.header('content-disposition', 'marker; filename="☃"').send('ok'),
  'a field that Node refuses, returned': (reply) => {
    reply.header('x-name', 'marker ☃')
    return 'ok'
  },
  'a name that Node refuses': (reply) => reply.header('x na:me', 'marker').send('ok'),
  'a field that Node refuses, of a stream': (reply) =>
    reply
      .header('x-a', 'marker')
      .header('x-name', '☃')
      .send(Readable.from(['a'])),
  'a place to go that Node refuses': (reply) => reply.redirect('/marker/☃'),
  'a field that Node refuses, and an error': (reply) => {
    reply.header('x-name', '☃')
    throw new Error('marker')
  },
  'a Problem with a field that Node refuses': () => {
    throw new Problem('conflict', {}, { 'x-name': 'marker ☃' })
  },
  'a Problem that is no JSON': () => {
    throw new Problem('invalid', { errors: [{ field: '/marker', problem: 1n as never }] })
  },
  'a message that can not be read': () => {
    throw Object.defineProperty(new Error('marker'), 'message', { get: failing })
  },
  'a stack that can not be read': () => {
    throw Object.defineProperty(new Error('marker'), 'stack', { get: failing })
  },
  'a proxy that says nothing of its kind': () => {
    throw new Proxy(new Error('marker'), { getPrototypeOf: failing })
  },
  'a proxy that was revoked': () => {
    const { proxy, revoke } = Proxy.revocable(new Error('marker'), {})
    revoke()
    throw proxy
  },
}

const hooks: Readonly<Record<string, (app: FastifyInstance) => unknown>> = {
  'no hook': () => {},
  'a hook that answers at once': (app) => app.addHook('onSend', (_request, _reply, _payload, done) => done()),
  'a hook that waits': (app) => app.addHook('onSend', async () => {}),
}

const lines = (): { readonly all: string[]; readonly write: (line: string) => void } => {
  const all: string[] = []
  return { all, write: (line) => void all.push(line) }
}

const listening = async (
  prepare: (app: FastifyInstance) => unknown,
  server: object,
): Promise<{ readonly app: FastifyInstance; readonly port: number }> => {
  const app = await guarded({ limits: { client: '1000/minute' } }, server)
  prepare(app)
  for (const [at, answer] of Object.values(internal).entries()) {
    app.get(`/${at}`, { config: { access: 'public' } }, (_request, reply) => answer(reply) as never)
    app.get(`/late/${at}`, { config: { access: 'public' } }, async (_request, reply) => answer(reply))
  }
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, port: (app.server.address() as AddressInfo).port }
}

const assertPlain = (text: string, what: string): void => {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  assert.match(head, /^HTTP\/1\.1 500 Internal Server Error\r\n/, what)
  assert.match(head, /\r\ncontent-type: application\/problem\+json(\r\n|$)/i, what)
  for (const [name, value] of Object.entries(securityHeaders))
    assert.equal(head.split(`\r\n${name}: ${value}`).length, 2, `${what}: ${name}`)
  assert.deepEqual(JSON.parse(body), problemDocument('internal'), what)
  assert.doesNotMatch(text, /marker|x-name|location/, what)
}

for (const [hook, prepare] of Object.entries(hooks)) {
  for (const whose of ["the application's own logger", 'no logger'])
    test(`what can not be sent or read is answered by the plain problem, with ${hook} and ${whose}`, async (t) => {
      const stream = lines()
      const logger = whose === 'no logger' ? false : { level: 'error', stream }
      const { app, port } = await listening(prepare, { logger })
      t.after(() => app.close())
      for (const [at, what] of Object.keys(internal).entries()) {
        for (const url of [`/${at}`, `/late/${at}`]) {
          stream.all.length = 0
          assertPlain((await sendRaw(port, request(`GET ${url}`), 2_000)).text, `${what}, ${url}`)
          if (logger !== false) assert.ok(stream.all.length > 0, `${what} is logged`)
        }
      }
    })
}

test('over HTTP/2 too', async (t) => {
  const app = await guarded({}, { http2: true } as never)
  // Node refuses fewer fields there.
  const thrown = Object.entries(internal).filter(([what]) => !what.includes('Node refuses'))
  for (const [at, [, answer]] of thrown.entries())
    app.get(`/${at}`, { config: { access: 'public' } }, async (_request, reply) => answer(reply))
  const session = http2.connect(await app.listen({ host: '127.0.0.1', port: 0 }))
  t.after(async () => {
    session.destroy()
    await app.close()
  })
  for (const [at, [what]] of thrown.entries()) {
    const stream = session.request({ ':path': `/${at}` })
    const headers = await new Promise<http2.IncomingHttpHeaders>((resolve) => stream.on('response', resolve))
    const text = (await stream.setEncoding('utf8').toArray()).join('')
    assert.equal(headers[':status'], 500, what)
    assert.equal(headers['content-type'], 'application/problem+json', what)
    assert.equal(headers['x-content-type-options'], 'nosniff', what)
    assert.deepEqual(JSON.parse(text), problemDocument('internal'), what)
  }
})

test('a hook that fails with every answer is not quoted', async (t) => {
  for (const hook of ['at once', 'late', 'by a field that Node refuses']) {
    const stream = lines()
    const { app, port } = await listening(
      (made) =>
        hook === 'at once'
          ? made.addHook('onSend', () => failing())
          : made.addHook('onSend', async (_request, reply) =>
              hook === 'late' ? failing() : void reply.header('x-name', 'marker ☃'),
            ),
      { logger: { level: 'error', stream } },
    )
    t.after(() => app.close())
    for (const url of ['/0', '/late/8', '/nowhere'])
      assertPlain((await sendRaw(port, request(`GET ${url}`), 2_000)).text, `${hook}, ${url}`)
    assert.ok(stream.all.length > 0)
  }
})

test('an answer that has begun is cut, and the process lives', async (t) => {
  const app = await guarded()
  t.after(() => app.close())
  app.get('/begun', { config: { access: 'public' } }, async (_request, reply) => {
    reply.raw.write('begun')
    throw new Error('marker')
  })
  app.get('/ok', { config: { access: 'public' } }, async () => 'ok')
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const { text } = await sendRaw(port, request('GET /begun'), 2_000)
  assert.doesNotMatch(text, /marker|\r\n0\r\n/)
  assert.deepEqual((await sendRaw(port, request('GET /ok'), 2_000)).statuses, [200])
})

test('an answer that is made before the door has spoken has the fields of every answer', async (t) => {
  const app = await guarded({ events: { counts: new Map(), publish: failing } as never })
  t.after(() => app.close())
  app.get('/x', async () => ({}))
  const answer = await app.inject('/x')
  assert.equal(answer.statusCode, 500)
  for (const [name, value] of Object.entries(securityHeaders)) assert.equal(answer.headers[name], value)
})

test('a 401 that somebody threw by its number has its challenge, as RFC 9110 asks', async () => {
  const app = await guarded()
  app.get('/x', { config: { access: 'public' } }, async () => {
    throw Object.assign(new Error('marker'), { statusCode: 401 })
  })
  const { statusCode, headers } = await app.inject('/x')
  assert.deepEqual([statusCode, headers['www-authenticate']], [401, 'Bearer'])
})
