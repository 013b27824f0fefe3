import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const document = documentOf({
  '/export': { get: operation() },
  '/events': { get: operation() },
  '/a': { get: operation() },
})
const settings = { access: { 'GET /export': 'public', 'GET /events': 'public', 'GET /a': 'public' } }
const env = { UPSTREAM_CONNECTIONS: '4', UPSTREAM_TIMEOUT_SECONDS: '4' }

const start = async (t: TestContext) => {
  const chunk = Buffer.alloc(1024 * 1024, 'a')
  let cut = 0
  const upstream = await startUpstream(t, async (request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) cut += 1
    })
    if (request.url === '/events') response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    else if (request.url === '/a') response.end('short')
    else {
      for (let part = 0; part < 48 && !response.destroyed; part += 1)
        if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')])
      response.end()
    }
  })
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  return { address, cut: () => cut }
}

/** Asks, and reads the beginning of the answer and then `everySecond` bytes each second. */
const open = async (
  t: TestContext,
  address: string,
  path: string,
  client: string,
  everySecond: number,
): Promise<void> => {
  const socket: Socket = connect(Number(new URL(address).port), '127.0.0.1')
  let due = 0
  socket.on('error', () => {})
  t.after(() => socket.destroy())
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${client}\r\n\r\n`)
  await once(socket, 'data')
  socket.on('data', (bytes) => {
    due -= bytes.length
    if (due <= 0) socket.pause()
  })
  const drip = setInterval(() => {
    due = everySecond
    socket.resume()
  }, 1_000)
  t.after(() => clearInterval(drip))
}

const SLOW = 8_192
const ask = (address: string) => call(address, 'GET', '/a', { headers: { 'x-forwarded-for': '198.51.100.9' } })

test('a client that reads slowly can not keep the whole pool: the next one is answered', async (t) => {
  const { address, cut } = await start(t)
  await Promise.all(Array.from({ length: 4 }, () => open(t, address, '/export', '198.51.100.1', SLOW)))
  await sleep(3_000)
  // Nobody waits: nothing is cut.
  assert.equal(cut(), 0)
  const { status, text } = await ask(address)
  assert.equal(status, 200)
  assert.equal(text, 'short')
  assert.equal(cut(), 1)
})

test('nor can four clients that read slowly, each within its share', async (t) => {
  const { address, cut } = await start(t)
  const clients = Array.from({ length: 4 }, (_, number) => `198.51.100.${number + 1}`)
  await Promise.all(clients.map((client) => open(t, address, '/export', client, SLOW)))
  await sleep(3_000)
  assert.equal((await ask(address)).status, 200)
  assert.equal(cut(), 1)
})

test('one that came before the readers were slow is answered as well', async (t) => {
  const { address, cut } = await start(t)
  await Promise.all(Array.from({ length: 4 }, () => open(t, address, '/export', '198.51.100.1', SLOW)))
  assert.equal((await ask(address)).status, 200)
  assert.equal(cut(), 1)
})

test('event streams that say nothing, and slow readers within their share, are never cut for it', async (t) => {
  const { address, cut } = await start(t)
  await Promise.all(Array.from({ length: 2 }, () => open(t, address, '/events', '198.51.100.1', 1_000)))
  await Promise.all([
    open(t, address, '/export', '198.51.100.2', SLOW),
    open(t, address, '/export', '198.51.100.3', SLOW),
  ])
  await sleep(3_000)
  assert.equal((await ask(address)).status, 504)
  assert.equal(cut(), 0)
})
