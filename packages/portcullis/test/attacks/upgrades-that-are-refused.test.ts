import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { bearer, guarded } from '../adapters/fastify/app.ts'

const upgrade = (path: string, fields: readonly string[] = []): string =>
  `${[`GET ${path} HTTP/1.1`, 'Host: a', 'Connection: Upgrade', 'Upgrade: websocket', ...fields].join('\r\n')}\r\n\r\n`

/** An application whose upgrades are routed as @fastify/websocket does it, on a socket. */
const listening = async (t: TestContext) => {
  const app = await guarded({ unsafeAllowUpgradeListeners: true, limits: { client: '5/minute' } })
  const sockets: Socket[] = []
  app.server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => socket.destroy())
    sockets.push(socket)
    const response = new ServerResponse(request)
    try {
      response.assignSocket(socket)
      app.routing(request, response)
    } catch {
      // As there: it is logged.
    }
  })
  app.get('/socket', async (request, reply) => {
    reply.hijack()
    request.raw.socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\nready')
  })
  app.get('/slow', { config: { access: 'public' } }, async () => {
    await sleep(50)
    return 'slow'
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.after(async () => {
    for (const socket of sockets) socket.destroy()
    await app.close()
  })
  const { port } = app.server.address() as AddressInfo
  /** Sends, and never ends its own side. */
  const send = (text: string): Socket => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    t.after(() => socket.destroy())
    socket.on('error', () => {})
    socket.write(text)
    return socket
  }
  return { app, send }
}

/** What comes until the server closes; rejects when it does not. */
const untilClosed = async (socket: Socket): Promise<string> => {
  let text = ''
  socket.on('data', (data) => {
    text += data
  })
  await once(socket, 'end', { signal: AbortSignal.timeout(5_000) }).catch((cause) => {
    throw new Error(`it stays open after: ${text}`, { cause })
  })
  return text
}

test('a refused upgrade keeps no connection, though its client holds on to it; nor does one over its limit', async (t) => {
  const { send } = await listening(t)
  const statuses: string[] = []
  for (let turn = 0; turn < 7; turn += 1) {
    const text = await untilClosed(send(upgrade(turn === 1 ? '/nowhere' : '/socket')))
    statuses.push(text.slice(9, 12))
    assert.match(text, /^connection: close\r$/im)
  }
  assert.deepEqual(statuses, ['401', '401', '401', '401', '401', '429', '429'])
})

test('an upgrade that is admitted goes on', async (t) => {
  const { app, send } = await listening(t)
  const { authorization } = await bearer(app, 'bob')
  const socket = send(upgrade('/socket', [`Authorization: ${authorization}`]))
  let text = ''
  for await (const data of socket) {
    text += data
    if (text.endsWith('ready')) break
  }
  assert.match(text, /^HTTP\/1\.1 101 /)
})

test('an upgrade behind a request that is not answered yet is closed, and never routed', async (t) => {
  const { send } = await listening(t)
  assert.equal(await untilClosed(send(`GET /slow HTTP/1.1\r\nHost: a\r\n\r\n${upgrade('/socket')}`)), '')
})
