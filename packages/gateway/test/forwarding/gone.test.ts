import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const binary = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
const document = documentOf({
  '/export': { get: operation() },
  '/upload': { post: operation({ requestBody: { required: true, content: binary } }) },
  '/a': { get: operation() },
})
const settings = { access: { 'GET /export': 'public', 'POST /upload': 'public', 'GET /a': 'public' } }
const env = { UPSTREAM_CONNECTIONS: '4', UPSTREAM_TIMEOUT_SECONDS: '2' }

/** More than the system keeps on its way, from the upstream to a client that reads nothing. */
const EXPORT = Buffer.alloc(64 * 1024 * 1024)

const start = async (t: TestContext) => {
  let open = 0
  const upstream = await startUpstream(t, (request, response) => {
    open += 1
    response.on('close', () => {
      open -= 1
    })
    response.end(request.url === '/export' ? EXPORT : 'short')
  })
  const { address, gateway } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  return { address, gateway, reached: upstream.reached, open: () => open }
}

/** As if the door asked a store that answers when the client has gone: from here on, for all but /a. */
const holdDoor = ({ gateway: { app } }: Awaited<ReturnType<typeof start>>): void => {
  const [take] = app.server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[]
  app.server.removeAllListeners('request').on('request', (request, response) => {
    if (request.url === '/a') take?.(request, response)
    else request.socket.once('close', () => setTimeout(() => take?.(request, response), 20))
  })
}

const say = async (t: TestContext, address: string, bytes: string): Promise<Socket> => {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  socket.on('error', () => {})
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  socket.write(bytes)
  await sleep(50)
  return socket
}

/** Waits, within five seconds, until something is so. */
const until = async (so: () => boolean): Promise<void> => {
  for (let waited = 0; !so(); waited += 10) {
    assert.ok(waited < 5_000, 'it did not happen in five seconds')
    await sleep(10)
  }
}

const GET = 'GET /export HTTP/1.1\r\nHost: x\r\n\r\n'
const POST =
  'POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 100\r\n\r\nabc'

for (const [name, bytes] of [
  ['a request', GET],
  ['an upload', POST],
] as const)
  test(`${name} whose client went while the door waited is not sent on`, async (t) => {
    const scene = await start(t)
    holdDoor(scene)
    for (let n = 0; n < 4; n += 1) (await say(t, scene.address, bytes)).resetAndDestroy()
    await sleep(200)
    assert.equal((await call(scene.address, 'GET', '/a')).text, 'short')
    assert.deepEqual(
      scene.reached.map(({ url }) => url),
      ['/a'],
    )
  })

test('answers that wait behind another of their connection end with it, whatever ends it', async (t) => {
  const { address, open } = await start(t)
  const socket = await say(t, address, GET.repeat(4))
  await until(() => open() === 4)
  await sleep(50)
  socket.write('CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(socket.resume(), 'close')
  await until(() => open() === 0)
  assert.equal((await call(address, 'GET', '/a')).text, 'short')
})
