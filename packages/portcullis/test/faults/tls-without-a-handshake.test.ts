import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { test } from 'node:test'
import { guarded } from '../adapters/fastify/app.ts'

/** Connects, sends the beginning of a ClientHello, then a byte now and then or nothing; answers after how many seconds it was cut. */
const neverShaken = (port: number, dribbles: boolean): Promise<number> =>
  new Promise((resolve) => {
    const started = performance.now()
    let more: NodeJS.Timeout | undefined
    const socket = connect(port, '127.0.0.1', () => {
      if (!dribbles) return
      socket.write(Buffer.from([22, 3, 1, 2, 0, 1, 0, 1]))
      more = setInterval(() => socket.write(Buffer.from([0])), 500)
    })
    // Ours, so that a server that waits for minutes fails and does not hang.
    const enough = setTimeout(() => socket.destroy(), 12_000)
    socket.on('error', () => {})
    socket.resume().on('close', () => {
      clearInterval(more)
      clearTimeout(enough)
      resolve((performance.now() - started) / 1000)
    })
  })

const SERVERS = { 'HTTP/1.1': {}, 'HTTP/2': { http2: true }, both: { http2: true, allowHTTP1: true } }

for (const [name, { http2 = false, ...tls }] of Object.entries(SERVERS) as [string, { http2?: boolean }][])
  test(`a client of TLS (${name}) that does no handshake keeps its connection for seconds, not minutes`, async (t) => {
    const app = await guarded({}, { https: tls, ...(http2 ? { http2 } : {}) } as object)
    await app.listen({ host: '127.0.0.1', port: 0 })
    t.after(() => app.close())
    const { port } = app.server.address() as AddressInfo
    for (const seconds of await Promise.all([neverShaken(port, false), neverShaken(port, true)]))
      assert.ok(seconds > 4 && seconds < 10, `${seconds} s`)
  })

test('the time for it that an application gives its server stays', async (t) => {
  const app = await guarded({}, { https: { handshakeTimeout: 300 } } as object)
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const seconds = await neverShaken((app.server.address() as AddressInfo).port, false)
  assert.ok(seconds < 3, `${seconds} s`)
})
