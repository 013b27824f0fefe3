import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { finished } from 'node:stream/promises'
import { test } from 'node:test'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { request, sendRaw } from '../../attacks/raw-socket.ts'
import { guarded } from './app.ts'

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown

const open = { config: { access: 'public' } } as const

const listening = async (t: { after(end: () => unknown): void }, handler: Handler) => {
  const app: FastifyInstance = await guarded()
  /** Of each answer that is out: whether its request is closed. */
  const ended: boolean[] = []
  app.addHook('onResponse', async (asked) => ended.push(asked.raw.closed))
  t.after(() => app.close())
  app.get('/', open, async (asked, reply) => handler(asked, reply))
  app.get('/closed', async () => 'never')
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, port: (app.server.address() as AddressInfo).port, ended }
}

test('a request without a body ends with its answer, one that may have a body does not', async (t) => {
  const { app, port, ended } = await listening(t, () => 'done')
  await sendRaw(port, request('GET /'))
  await sendRaw(port, request('GET /closed'))
  await sendRaw(port, request('GET /', ['Content-Length: 0']))
  await app.inject('/')
  assert.deepEqual(ended, [true, true, false, false])
})

test('whoever waits for the end or the close of a request is told, also when he comes behind the answer', async (t) => {
  const heard: string[] = []
  const listen = (asked: FastifyRequest): void => {
    for (const event of ['end', 'close'] as const) asked.raw.once(event, () => heard.push(event))
  }
  const { port } = await listening(t, async (asked, reply) => {
    if (asked.headers['x-when'] === 'before') listen(asked)
    else await null
    reply.send('done')
    if (asked.headers['x-when'] === 'after') listen(asked)
    return reply
  })
  for (const when of ['before', 'after']) {
    await sendRaw(port, request('GET /', [`X-When: ${when}`]))
    assert.deepEqual(heard.splice(0), ['end', 'close'], when)
  }
})

test('a request that was answered is not aborted, and can be', { timeout: 10_000 }, async (t) => {
  const aborted: boolean[] = []
  const { app, port } = await listening(t, (asked, reply) => {
    const large = asked.headers['x-large'] !== undefined
    reply.send(large ? 'x'.repeat(40_000_000) : 'small')
    aborted.push((asked.raw as unknown as { signal: AbortSignal }).signal.aborted)
    if (large) setTimeout(() => asked.raw.destroy(), 30)
    return reply
  })
  await sendRaw(port, request('GET /'))
  assert.deepEqual(aborted, [false])
  const slow = connect(port, '127.0.0.1')
  slow.write('GET / HTTP/1.1\r\nHost: a\r\nX-Large: 1\r\n\r\n')
  slow.pause()
  const [socket] = (await once(app.server, 'connection')) as [Socket]
  await once(socket, 'close')
  slow.destroy()
})

test('a stream of events learns that its reader has gone', { timeout: 10_000 }, async (t) => {
  const { promise: gone, resolve } = Promise.withResolvers<void>()
  const { port } = await listening(t, (asked, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
    reply.raw.write('data: 1\n\n')
    asked.raw.on('close', resolve)
  })
  const reader = connect(port, '127.0.0.1')
  reader.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await once(reader, 'data')
  reader.destroy()
  await gone
})

test('a body that is not there can be read, before the answer and after it', { timeout: 10_000 }, async (t) => {
  const { promise: read, resolve, reject } = Promise.withResolvers<number>()
  const { port } = await listening(t, async (asked, reply) => {
    if (asked.headers['x-when'] === 'before') {
      let chunks = 0
      for await (const _ of asked.raw) chunks += 1
      return reply.send(String(chunks))
    }
    reply.send('done')
    finished(asked.raw).then(async () => {
      let chunks = 0
      for await (const _ of asked.raw) chunks += 1
      resolve(chunks)
    }, reject)
    return reply
  })
  const { text } = await sendRaw(port, request('GET /', ['X-When: before']))
  assert.match(text, /\r\n\r\n0$/)
  await sendRaw(port, request('GET /'))
  assert.equal(await read, 0)
})

test('a connection carries on, whatever was answered on it', async (t) => {
  const { app, port } = await listening(t, (asked, reply) => {
    if (asked.headers['x-late'] === undefined) return reply.send('x')
    return new Promise((resolve) => setImmediate(() => resolve(reply.send('late'))))
  })
  app.server.keepAliveTimeout = 50
  const get = 'GET / HTTP/1.1\r\nHost: a\r\n'
  const refused = 'GET /closed HTTP/1.1\r\nHost: a\r\n\r\n'
  const withBody = `${get}Content-Length: 3\r\n\r\nabc`
  const round = `${get}\r\n${get}X-Late: 1\r\n\r\n${refused}${withBody}${get}\r\n`
  const { text } = await sendRaw(port, round.repeat(20), 1_000)
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
  assert.deepEqual(statuses, Array(20).fill([200, 200, 401, 400, 200]).flat())
})
