import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const document = documentOf({ '/events': { get: operation() }, '/a': { get: operation() } })
const settings = { access: { 'GET /events': 'public', 'GET /a': 'public' } }
const env = { UPSTREAM_CONNECTIONS: '4', UPSTREAM_TIMEOUT_SECONDS: '3' }
const OTHER = { headers: { 'x-forwarded-for': '198.51.100.9' } }

const start = async (t: TestContext) => {
  const upstream = await startUpstream(t, (request, response) => {
    if (request.url === '/events') response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    else response.end('short')
  })
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  const cut: string[] = []
  const events = async (client: string): Promise<void> => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    t.after(() => socket.destroy())
    socket.on('error', () => {}).on('close', () => cut.push(client))
    socket.write(`GET /events HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${client}\r\n\r\n`)
    await once(socket, 'data')
  }
  return { address, events, cut }
}

test('one client can not have every connection with event streams: what lasts is within its quarter', {
  timeout: 40_000,
}, async (t) => {
  const { address, events, cut } = await start(t)
  for (let n = 0; n < 4; n += 1) await events('198.51.100.1')
  await sleep(10_100)
  // Nobody waits: nothing is cut.
  assert.deepEqual(cut, [])
  assert.equal((await call(address, 'GET', '/a', OTHER)).text, 'short')
  assert.deepEqual(cut, ['198.51.100.1'])
})

test('those of several clients, each within its quarter, last', { timeout: 40_000 }, async (t) => {
  const { address, events, cut } = await start(t)
  for (let n = 0; n < 4; n += 1) await events(`198.51.100.${n}`)
  await sleep(10_100)
  assert.equal((await call(address, 'GET', '/a', OTHER)).status, 504)
  assert.deepEqual(cut, [])
})
