import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, documentOf, operation, parameter, session, startGateway, startUpstream } from './rig.ts'

const document = documentOf({ '/a': { get: operation() } })
const settings = { access: { 'GET /open': 'public' }, websockets: ['/ws', '/open'] }
const HANDSHAKE = [
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]

/** An upstream that takes every upgrade, and echoes. */
const startEcho = async (t: TestContext) => {
  const upstream = await startUpstream(t)
  const upgrades: { url: string | undefined; headers: Record<string, unknown> }[] = []
  upstream.server.on('upgrade', (request, socket: Socket) => {
    upgrades.push({ url: request.url, headers: request.headers })
    socket.on('error', () => {})
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: abc\r\nServer: inside\r\n\r\n',
    )
    socket.pipe(socket)
  })
  return { ...upstream, upgrades }
}

const open = async (t: TestContext, address: string, path: string, lines: readonly string[]) => {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  t.after(() => socket.destroy())
  socket.on('error', () => {})
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  return { socket, answer: answer.toString() }
}

test('an upgrade passes after the door has admitted it, both ways, with the identity', async (t) => {
  const upstream = await startEcho(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const { token, id } = await session(address)
  const { socket, answer } = await open(t, address, '/ws', [
    ...HANDSHAKE,
    `Authorization: Bearer ${token}`,
    'portcullis-subject: forged',
  ])
  assert.match(answer, /^HTTP\/1\.1 101 Switching Protocols\r\n/)
  assert.match(answer, /sec-websocket-accept: abc/)
  assert.ok(!answer.includes('inside'))
  socket.write('frame')
  const [echoed] = (await once(socket, 'data')) as [Buffer]
  assert.equal(echoed.toString(), 'frame')
  assert.equal(upstream.upgrades[0]?.url, '/ws')
  assert.equal(upstream.upgrades[0]?.headers['portcullis-subject'], id)
  assert.equal(upstream.upgrades[0]?.headers['authorization'], undefined)
})

test('an upgrade that the door refuses, of another origin, or of another path, never reaches the upstream', async (t) => {
  const upstream = await startEcho(t)
  const env = { CORS_ORIGINS: 'https://app.example.com' }
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  const { token } = await session(address)
  const bearer = `Authorization: Bearer ${token}`
  const refusals: readonly [string, readonly string[], RegExp][] = [
    ['/ws', HANDSHAKE, /^HTTP\/1\.1 401[\s\S]*unauthenticated/],
    ['/ws', [...HANDSHAKE, `Authorization: Bearer ${token}x`], /^HTTP\/1\.1 401/],
    ['/ws?x=1', [...HANDSHAKE, bearer], /^HTTP\/1\.1 422/],
    ['/ws/', [...HANDSHAKE, bearer], /^HTTP\/1\.1 404/],
    ['/open', [...HANDSHAKE, 'Origin: https://evil.example'], /^HTTP\/1\.1 403[\s\S]*origin-refused/],
    ['/absent', [...HANDSHAKE, bearer], /^HTTP\/1\.1 404/],
    ['/ws', ['Host: x', bearer], /^HTTP\/1\.1 400/],
    [
      '/ws',
      ['Host: x', bearer, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'],
      /^HTTP\/1\.1 400/,
    ],
  ]
  for (const [path, lines, expected] of refusals) assert.match((await open(t, address, path, lines)).answer, expected)
  assert.equal(upstream.upgrades.length, 0)
  const known = await open(t, address, '/open', [...HANDSHAKE, 'Origin: https://app.example.com'])
  assert.match(known.answer, /^HTTP\/1\.1 101/)
})

test("a path of WebSockets beside a template is reached by no rule but its own: HEAD and other spellings are not the template's", async (t) => {
  const upstream = await startEcho(t)
  const room = parameter('room', 'path', { type: 'string', maxLength: 20 })
  const { address, gateway } = await startGateway(t, {
    upstream: upstream.address,
    document: documentOf({ '/chat/{room}': { get: operation({ parameters: [room] }) } }),
    settings: {
      access: { 'GET /chat/{room}': 'public', 'GET /chat/admin': 'role admin' },
      websockets: ['/chat/admin'],
    },
  })
  assert.deepEqual(
    gateway.table().flatMap(({ path, ...entry }) => (path === '/chat/admin' ? entry : [])),
    [{ method: 'GET', access: 'role admin' }],
  )
  for (const method of ['GET', 'HEAD']) {
    assert.equal((await call(address, method, '/chat/admin')).status, 401, method)
    for (const path of ['/chat/ADMIN', '/chat/admin%3Bx', '/chat/%61dmin.json', '/chat/%2561dmin'])
      assert.notEqual((await call(address, method, path)).status, 200, `${method} ${path}`)
  }
  assert.deepEqual(upstream.reached, [])
  assert.equal((await call(address, 'HEAD', '/chat/lobby')).status, 200)
})

test('two paths of WebSockets that an upstream may take for one, or one and an operation, have one rule and limit', async (t) => {
  const start = (settings: object) => startGateway(t, { upstream: 'http://127.0.0.1:1', document, settings })
  const alike = /differ by a slash at the end or by the case of letters alone.*give both one rule and limit/
  await assert.rejects(start({ websockets: ['/sock', '/sock/'], access: { 'GET /sock': 'public' } }), alike)
  await assert.rejects(start({ websockets: ['/A'], limits: { 'GET /A': '5/minute' } }), alike)
  assert.ok((await start({ websockets: ['/sock', '/sock/'] })).address)
})

test('without websockets in the settings an Upgrade field is ignored', async (t) => {
  const upstream = await startEcho(t)
  const { address } = await startGateway(t, {
    upstream: upstream.address,
    document,
    settings: { access: { 'GET /a': 'public' } },
  })
  assert.match((await open(t, address, '/a', HANDSHAKE)).answer, /^HTTP\/1\.1 200/)
  assert.equal(upstream.upgrades.length, 0)
  assert.equal(upstream.reached[0]?.headers.upgrade, undefined)
})

test('nor is one of HTTP/1.0 passed on', async (t) => {
  const upstream = await startEcho(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  t.after(() => socket.destroy())
  socket.write(`GET /open HTTP/1.0\r\n${HANDSHAKE.join('\r\n')}\r\n\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  assert.match(answer.toString(), /^HTTP\/1\.1 400 /)
  assert.deepEqual(upstream.upgrades, [])
})

test('an upstream that refuses the upgrade, or is not there, is answered for', async (t) => {
  const upstream = await startUpstream(t, (_request, response) => response.writeHead(403).end('hunter2'))
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const refused = await open(t, address, '/open', HANDSHAKE)
  assert.match(refused.answer, /^HTTP\/1\.1 403/)
  assert.ok(!refused.answer.includes('hunter2'))
  const odd = await startUpstream(t, (_request, response) => response.writeHead(600).end('hunter2'))
  const strange = await startGateway(t, { upstream: odd.address, document, settings })
  assert.match((await open(t, strange.address, '/open', HANDSHAKE)).answer, /^HTTP\/1\.1 502/)
  const nobody = await startGateway(t, { upstream: 'http://127.0.0.1:9', document, settings })
  assert.match((await open(t, nobody.address, '/open', HANDSHAKE)).answer, /^HTTP\/1\.1 502/)
})

test('when one side goes, the other goes too, and a gateway that ends takes its WebSockets along', async (t) => {
  const upstream = await startEcho(t)
  const { address, gateway } = await startGateway(t, { upstream: upstream.address, document, settings })
  const behind: Socket[] = []
  upstream.server.on('upgrade', (_request, socket: Socket) => behind.push(socket))
  const first = await open(t, address, '/open', HANDSHAKE)
  first.socket.destroy()
  await once(behind[0] as Socket, 'close')
  const second = await open(t, address, '/open', HANDSHAKE)
  behind[1]?.destroy()
  await once(second.socket, 'close')
  const third = await open(t, address, '/open', HANDSHAKE)
  await Promise.all([once(third.socket, 'close'), gateway.close(0)])
})

test('a refused upgrade is over, also for a peer that never closes its side', async (t) => {
  const upstream = await startEcho(t)
  const env = { LIMIT_CLIENT: '3/minute' }
  const { address, gateway } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  const statuses = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const socket = connect({ port: Number(new URL(address).port), host: '127.0.0.1', allowHalfOpen: true })
      t.after(() => socket.destroy())
      const ended = once(socket, 'end')
      socket.write(`GET /ws HTTP/1.1\r\n${HANDSHAKE.map((line) => `${line}\r\n`).join('')}\r\n`)
      const [answer] = (await once(socket, 'data')) as [Buffer]
      await ended
      return answer.toString().slice(9, 12)
    }),
  )
  assert.deepEqual(statuses.toSorted(), [...Array(3).fill('401'), ...Array(5).fill('429')])
  const open = (): Promise<number> =>
    new Promise((resolve, reject) =>
      gateway.app.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
    )
  for (let tries = 0; (await open()) > 0 && tries < 100; tries += 1) await sleep(20)
  assert.equal(await open(), 0)
})

test('a handshake has one deadline, whatever drips from the upstream; and only a WebSocket is passed on as one', {
  timeout: 20_000,
}, async (t) => {
  const env = { UPSTREAM_TIMEOUT_SECONDS: '1' }
  const told = [
    'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
  ]
  const statuses: string[] = []
  for (const words of told) {
    const upstream = await startUpstream(t)
    upstream.server.on('upgrade', (_request, socket: Socket) => {
      socket.on('error', () => {})
      socket.write(words)
      const dripping = setInterval(() => socket.write(told[0] as string), 100)
      socket.once('close', () => clearInterval(dripping))
      if (words === told[1]) clearInterval(dripping)
    })
    const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
    statuses.push((await open(t, address, '/open', HANDSHAKE)).answer.slice(9, 12))
  }
  assert.deepEqual(statuses, ['504', '502'])
})
