import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const document = documentOf({ '/a': { get: operation() } })
const settings = { access: { 'GET /ws': 'public' }, websockets: ['/ws'] }
const TAKEN = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'

test('one client opens no more than its quarter of WebSockets, and all together no more than requests may be', {
  timeout: 20_000,
}, async (t) => {
  const upstream = await startUpstream(t)
  let asked = 0
  upstream.server.on('upgrade', (_request, socket) => {
    asked += 1
    socket.on('error', () => {}).write(TAKEN)
    socket.resume().on('end', () => socket.destroy())
  })
  const env = { UPSTREAM_CONNECTIONS: '8' }
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  const open = async (client: number): Promise<{ readonly socket: Socket; readonly answer: string }> => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    t.after(() => socket.destroy())
    socket.on('error', () => {})
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.${client}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    return { socket, answer: answer.toString() }
  }
  const first = await open(1)
  assert.match(first.answer, /^HTTP\/1\.1 101/)
  assert.match((await open(1)).answer, /^HTTP\/1\.1 101/)
  assert.match((await open(1)).answer, /^HTTP\/1\.1 429[\s\S]*retry-after: 10\r\n[\s\S]*quota-exceeded/i)
  for (const client of [2, 2, 3, 3, 4, 4]) assert.match((await open(client)).answer, /^HTTP\/1\.1 101/)
  assert.match((await open(5)).answer, /^HTTP\/1\.1 503[\s\S]*retry-after: 10\r\n[\s\S]*unavailable/i)
  assert.equal(asked, 8)
  // One that ended has left its place.
  first.socket.destroy()
  await sleep(100)
  assert.match((await open(1)).answer, /^HTTP\/1\.1 101/)
})
