import assert from 'node:assert/strict'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { drain } from '../../src/adapters/fastify/index.ts'
import { guarded } from '../adapters/fastify/app.ts'

/** More than the buffers of a connection take. */
const LARGE = Buffer.alloc(24_000_000, 'a')

const serving = async () => {
  const app = await guarded()
  app.get('/large', { config: { access: 'public' } }, async (_request, reply) => reply.type('text/plain').send(LARGE))
  app.get('/quiet', { config: { access: 'public' } }, (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n')
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, port: (app.server.address() as AddressInfo).port }
}

/** Read at once; its type does not know that a connection takes a stream's options. */
const MUCH: object = { highWaterMark: 1_048_576 }

/** Asks, and reads some of the answer each time that it is told to. */
const asks = (port: number, target: string, version = '1.1') => {
  const socket = connect({ port, host: '127.0.0.1', ...MUCH })
  const seen = { bytes: 0, end: '' }
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    seen.end = String(code)
  })
  socket.on('end', () => {
    seen.end ||= 'end'
  })
  socket.on('readable', () => {})
  socket.write(`GET ${target} HTTP/${version}\r\nHost: a\r\n\r\n`)
  const read = (most: number): void => {
    const piece: Buffer | null = socket.read(Math.min(most, socket.readableLength))
    seen.bytes += piece?.length ?? 0
  }
  return { socket, seen, read }
}

/** What the server has of a client's connection. */
const servedTo = (accepted: readonly Socket[], client: Socket): Socket | undefined =>
  accepted.find(({ remotePort }) => remotePort === client.localPort)

test('a client that reads nothing loses its connection; one that reads slowly and one that waits for news do not', async (t) => {
  const { app, port } = await serving()
  const accepted: Socket[] = []
  app.server.on('connection', (socket) => accepted.push(socket))
  t.after(() => drain(app, 1_000))
  const never = [asks(port, '/large'), asks(port, '/large')]
  const slow = asks(port, '/large')
  const quiet = asks(port, '/quiet')
  const reading = setInterval(() => slow.read(65_536), 500)
  t.after(() => clearInterval(reading))
  // Before the application closes, which waits for them.
  for (const { socket } of [...never, slow, quiet]) t.after(() => socket.destroy())
  await delay(500)
  // Last: it takes the quota of all of them with it, and its refusals are what it does not read.
  const pipelined = connect(port, '127.0.0.1').on('error', () => {})
  t.after(() => pipelined.destroy())
  pipelined.pause().write('GET /none HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(5_000))
  await delay(1_000)
  const served = (clients: readonly Socket[]) => clients.map((client) => servedTo(accepted, client))
  const silent = served([...never.map(({ socket }) => socket), pipelined])
  const others = served([slow.socket, quiet.socket])
  const isOpen = (socket: Socket | undefined): boolean => socket?.destroyed === false
  assert.ok(silent.some(isOpen))
  // Looked at each half minute: what did not move between two looks is cut, so within a minute, and more where the machine is busy.
  for (let waited = 0; silent.some(isOpen) && waited < 180; waited += 1) await delay(500)
  assert.ok(!silent.some(isOpen))
  assert.ok(others.every(isOpen))
  assert.ok(slow.seen.end === '' && slow.seen.bytes < LARGE.length)
  assert.equal(quiet.seen.end, '')
})

for (const version of ['1.1', '1.0'])
  test(`a stop waits for an answer to HTTP/${version} that is on its way`, async () => {
    const { app, port } = await serving()
    const { seen, read, socket } = asks(port, '/large', version)
    await delay(300)
    const stopped = drain(app, 8_000)
    // By far more than the half second in which it goes on.
    const reading = setInterval(() => read(1_000_000), 50)
    await stopped
    for (let waited = 0; seen.end === '' && waited < 500; waited += 1) await delay(20)
    clearInterval(reading)
    assert.ok(seen.bytes > LARGE.length, `${seen.bytes} bytes`)
    assert.equal(seen.end, 'end')
    socket.destroy()
  })
