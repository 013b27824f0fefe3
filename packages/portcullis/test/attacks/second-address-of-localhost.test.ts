import assert from 'node:assert/strict'
import dns from 'node:dns'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { drain, noBody, serverBounds } from '../../src/adapters/fastify/index.ts'
import { serversOf } from '../../src/adapters/fastify/servers.ts'
import { guarded } from '../adapters/fastify/app.ts'
import { request, sendRaw } from './raw-socket.ts'

const ADDRESSES = ['127.0.0.1', '127.0.0.2']

/** Listens on a localhost of two addresses, as on most machines: Fastify makes a server for each, and shows the first. */
const listening = async (t: TestContext, app: FastifyInstance): Promise<number> => {
  const lookUp = (host: string, _options: object, found: (error: null, addresses: object[]) => void): void =>
    found(
      null,
      (host === 'localhost' ? ADDRESSES : [host]).map((address) => ({ address, family: 4 })),
    )
  t.mock.method(dns, 'lookup', lookUp as never)
  t.after(() => app.close())
  await app.listen({ port: 0 })
  assert.equal(app.addresses().length, 2)
  return (app.server.address() as AddressInfo).port
}

test('every address of localhost has the bounds, and answers alike', async (t) => {
  const app = await guarded()
  app.post('/x', { schema: { body: noBody } }, async () => ({}))
  const port = await listening(t, app)
  for (const server of serversOf(app)) {
    for (const [name, bound] of Object.entries(serverBounds)) assert.equal(Reflect.get(server, name), bound, name)
  }
  const asked = async (bytes: string): Promise<void> => {
    const [one, other] = await Promise.all(ADDRESSES.map((host) => sendRaw(port, bytes, 2_000, host)))
    const timeless = (text = ''): string => text.replace(/^(?:date|ratelimit): .*$/gim, '')
    assert.equal(timeless(other?.text), timeless(one?.text), bytes)
    assert.match(one?.text ?? '', /^HTTP\/1\.1 4.*application\/problem\+json/s, bytes)
  }
  await asked('GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n')
  await asked('GET / HTTP/1.1\r\nConnection: close\r\n\r\n')
  await asked(request('POST /x', ['Expect: 100-continue', 'Content-Length: 5']))
  await asked(request('GET /', ['Expect: foo']))
  await asked('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
})

test('a drain ends the connections of every address', async (t) => {
  const app = await guarded()
  app.get('/x', { config: { access: 'public' } }, async () => ({}))
  const port = await listening(t, app)
  const draining = drain(app, 5_000)
  const answers = await Promise.all(
    ADDRESSES.map((host) => sendRaw(port, 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n', 2_000, host)),
  )
  for (const { text } of answers) assert.match(text, /^HTTP\/1\.1 200 .*connection: close/is)
  await draining
})
