import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'
import { send as wired } from './wire.ts'

const document = documentOf({ '/late': { get: operation() }, '/a': { get: operation() } })
const settings = { access: { 'GET /late': 'public', 'GET /a': 'public', 'GET /ws': 'public' }, websockets: ['/ws'] }
const UPGRADE = 'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

const start = async (t: TestContext) => {
  let upgrades = 0
  const upstream = await startUpstream(t, (request, response) =>
    request.url === '/late' ? setTimeout(() => response.end('late'), 200) : response.end('short'),
  )
  upstream.server.on('upgrade', (_request, socket) => {
    upgrades += 1
    socket.destroy()
  })
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  return { address, upstream, upgrades: () => upgrades }
}

/** Sends both, `apart` ms after one another or in one write; fulfilled when the gateway has ended the connection. */
const send = async (t: TestContext, address: string, first: string, then: string, apart = 0): Promise<void> => {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  const closed = once(socket, 'close')
  t.after(() => socket.destroy())
  socket.on('error', () => {})
  socket.resume().write(apart === 0 ? first + then : first)
  await sleep(apart)
  if (apart > 0) socket.write(then)
  await closed
}

const LATE = 'GET /late HTTP/1.1\r\nHost: x\r\n\r\n'

test('an upgrade behind a request that is unanswered ends its connection, and nothing else', {
  timeout: 20_000,
}, async (t) => {
  const { address, upstream, upgrades } = await start(t)
  for (const first of [
    'GET /nope HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n',
    LATE,
  ])
    await send(t, address, first, UPGRADE)
  const before = upstream.reached.length
  await send(t, address, LATE.repeat(3), UPGRADE, 100)
  assert.equal(upstream.reached.length, before + 3)
  assert.equal(upgrades(), 0)
  // The answers come for a connection that is gone.
  await sleep(400)
  assert.equal((await call(address, 'GET', '/a')).text, 'short')
})

test('one behind another upgrade is never looked at', { timeout: 20_000 }, async (t) => {
  const { address, upgrades } = await start(t)
  await send(t, address, UPGRADE, UPGRADE)
  assert.equal(upgrades(), 1)
  assert.equal((await call(address, 'GET', '/a')).text, 'short')
})

test('an upgrade that is not followed ends its connection: of what came with it Node reads no more', {
  timeout: 20_000,
}, async (t) => {
  const { address, upstream } = await start(t)
  const port = Number(new URL(address).port)
  const behind = 'GET /late HTTP/1.1\r\nHost: x\r\n\r\n'
  for (const [path, status] of [
    ['/a', 200],
    ['/nope', 401],
  ] as const)
    for (const protocol of ['websocket', 'h2c', 'x']) {
      const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`
      const answers = await wired(port, head + behind, { expected: 2 })
      assert.deepEqual(
        answers.map((answer) => [answer.status, answer.headers['connection']]),
        [[status, 'close']],
        `${path} ${protocol}`,
      )
    }
  assert.ok(upstream.reached.every(({ url }) => url === '/a'))
})
