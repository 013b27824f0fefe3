import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { call, documentOf, jsonBody, operation, parameter, session, startGateway, startUpstream } from '../rig.ts'

const binary = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
const document = documentOf({
  '/events': { get: operation() },
  '/a': { get: operation({ parameters: [parameter('by', 'query', { type: 'string' })] }) },
  '/json': { post: operation(jsonBody({ type: 'object', properties: { s: { type: 'string', maxLength: 65_000 } } })) },
  '/upload': { post: operation({ requestBody: { required: true, content: binary } }) },
})
const settings = { access: { 'GET /events': 'public', 'GET /a': 'public', 'POST /json': 'public' } }
const env = { UPSTREAM_CONNECTIONS: '1', UPSTREAM_TIMEOUT_SECONDS: '2' }

/** A gateway whose one connection is an event stream's, until `free`. */
const start = async (t: TestContext) => {
  let stream: ServerResponse | undefined
  const upstream = await startUpstream(t, (request, response) => {
    if (request.url === '/events') {
      stream = response
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    } else response.end('short')
  })
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  const events = await say(t, address, 'GET /events HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(events, 'data')
  const urls = (): readonly string[] => upstream.reached.map(({ url }) => url)
  return { address, urls, free: () => stream?.end() }
}

const say = async (t: TestContext, address: string, bytes: string): Promise<Socket> => {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  socket.on('error', () => {})
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  socket.write(bytes)
  return socket
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

test('an upload that waits for a connection is late like any other request, and is not sent when its session has ended', {
  timeout: 20_000,
}, async (t) => {
  const { address, urls, free } = await start(t)
  const { token } = await session(address)
  const waiting = call(address, 'POST', '/upload', {
    token,
    body: 'abc',
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sleep(100)
  await call(address, 'POST', '/auth/logout', { token })
  assert.equal((await waiting).status, 504)
  free()
  assert.equal((await call(address, 'GET', '/a')).text, 'short')
  assert.deepEqual(urls(), ['/events', '/a'])
})

test('what waits for a connection when its client goes is forgotten, and not sent', { timeout: 20_000 }, async (t) => {
  const { address, urls, free } = await start(t)
  const body = JSON.stringify({ s: 'a'.repeat(65_000) })
  const head = (path: string, type: string): string =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`
  collect()
  const before = process.memoryUsage().arrayBuffers
  for (let round = 0; round < 10; round += 1) {
    const gone = await Promise.all(
      Array.from({ length: 40 }, () => say(t, address, head('/json', 'application/json') + body)),
    )
    await sleep(100)
    for (const socket of gone) socket.resetAndDestroy()
  }
  await sleep(200)
  collect()
  await sleep(50)
  const held = process.memoryUsage().arrayBuffers - before
  assert.ok(held < 10_000_000, `${held} bytes are held for 400 clients that have gone`)
  free()
  assert.equal((await call(address, 'GET', '/a')).text, 'short')
  assert.deepEqual(urls(), ['/events', '/a'])
})

test('behind the requests of one client another one comes next', { timeout: 20_000 }, async (t) => {
  const { address, urls, free } = await start(t)
  const ask = (client: string, query: string): Promise<Socket> =>
    say(t, address, `GET /a?by=${query} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${client}\r\n\r\n`)
  const sockets: Socket[] = []
  for (const query of ['noisy1', 'noisy2', 'noisy3']) sockets.push(await ask('203.0.113.9', query))
  sockets.push(await ask('203.0.113.10', 'other'))
  await sleep(200)
  const answered = Promise.all(sockets.map((socket) => once(socket, 'data')))
  free()
  await answered
  assert.deepEqual(urls(), ['/events', '/a?by=noisy1', '/a?by=other', '/a?by=noisy2', '/a?by=noisy3'])
})
