import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, documentOf, operation, startGateway, startUpstream } from './rig.ts'

const document = documentOf({ '/a': { get: operation() } })
const settings = { access: { 'GET /ws': 'public', 'GET /a': 'public' }, websockets: ['/ws'] }
const UPGRADE = 'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
const TAKEN = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'

/** @param take what the upstream does with an upgrade */
const start = async (t: TestContext, take: (socket: Duplex) => void) => {
  const upstream = await startUpstream(t)
  const open = new Set<Duplex>()
  let asked = 0
  upstream.server.on('upgrade', (_request, socket) => {
    asked += 1
    open.add(socket)
    socket.on('error', () => {}).on('close', () => open.delete(socket))
    // It is told of an end only while it reads.
    socket.resume().on('end', () => socket.destroy())
    take(socket)
  })
  t.after(() => {
    for (const socket of open) socket.destroy()
  })
  const { address, gateway } = await startGateway(t, { upstream: upstream.address, document, settings })
  return { address, server: gateway.app.server, open, asked: () => asked }
}

const ask = async (t: TestContext, address: string): Promise<Socket> => {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  socket.on('error', () => {})
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  socket.write(UPGRADE)
  await sleep(50)
  return socket
}

test('a WebSocket whose client went while the door waited is not opened', async (t) => {
  const { address, server, asked } = await start(t, (socket) => socket.write(TAKEN))
  // As if the door asked a store that answers when the client has gone.
  const [take] = server.listeners('upgrade') as ((raw: IncomingMessage, socket: Duplex, head: Buffer) => void)[]
  server.removeAllListeners('upgrade').on('upgrade', (raw, socket, head) => {
    socket.on('error', () => {}).once('close', () => setTimeout(() => take?.(raw, socket, head), 20))
  })
  for (let n = 0; n < 4; n += 1) (await ask(t, address)).resetAndDestroy()
  await sleep(300)
  assert.equal(asked(), 0)
  assert.equal((await call(address, 'GET', '/a')).status, 200)
})

test('nor is one kept whose client went before the upstream had taken it', async (t) => {
  const { address, open, asked } = await start(t, (socket) => setTimeout(() => socket.write(TAKEN), 200))
  for (let n = 0; n < 4; n += 1) (await ask(t, address)).resetAndDestroy()
  for (let waited = 0; (asked() < 4 || open.size > 0) && waited < 3_000; waited += 10) await sleep(10)
  assert.deepEqual([asked(), open.size], [4, 0])
})

test('a WebSocket whose client has ended it leaves its place, though the upstream never closes', {
  timeout: 20_000,
}, async (t) => {
  const upstream = await startUpstream(t)
  const open = new Set<Duplex>()
  upstream.server.on('upgrade', (_request, socket) => {
    open.add(socket)
    // It reads, and answers an end with nothing.
    socket.on('error', () => {}).on('close', () => open.delete(socket))
    Object.assign(socket.resume(), { allowHalfOpen: true }).write(TAKEN)
  })
  t.after(() => {
    for (const socket of open) socket.destroy()
  })
  const env = { UPSTREAM_CONNECTIONS: '4' }
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  const isTaken = async (): Promise<boolean> => {
    const [answer] = (await once(await ask(t, address), 'data')) as [Buffer]
    return answer.toString().startsWith('HTTP/1.1 101')
  }
  const first = await ask(t, address)
  assert.equal(await isTaken(), false)
  first.end()
  for (let waited = 0; !(await isTaken()); waited += 500) {
    assert.ok(waited < 10_000, 'its place is still taken')
    await sleep(500)
  }
})
