import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { documentOf, jsonBody, operation, startGateway, startUpstream } from '../rig.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const octets = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
const document = documentOf({
  '/events': { get: operation() },
  '/json': { post: operation(jsonBody({ type: 'object', properties: { s: { type: 'string' } } })) },
  '/upload': { post: operation({ requestBody: { content: octets } }) },
})
const settings = { access: { 'GET /events': 'public', 'POST /json': 'public', 'POST /upload': 'public' } }
const env = { UPSTREAM_CONNECTIONS: '1' }

const CLIENTS = 10

/** bytes of the heap that a request holds which has sent so many chunks of a byte, and not their end */
const heldBy = async (
  t: Parameters<typeof startUpstream>[0],
  path: string,
  type: string,
  chunks: number,
): Promise<number> => {
  const upstream = await startUpstream(t, () => {})
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  const open = async (bytes: string) => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    t.after(() => socket.destroy())
    await once(socket, 'connect')
    socket.on('error', () => {}).write(bytes)
    return socket
  }
  // The one connection of the upstream is taken: what else there is waits for it.
  await open('GET /events HTTP/1.1\r\nHost: a\r\n\r\n')
  while (upstream.reached.length === 0) await sleep(10)
  collect()
  const before = process.memoryUsage().heapUsed
  const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`
  const bytes = head + '1\r\nx\r\n'.repeat(chunks)
  await Promise.all(Array.from({ length: CLIENTS }, () => open(bytes)))
  let held = Number.NaN
  // Until no more is read.
  for (let last = Number.NaN; !(Math.abs(held - last) < 500_000); ) {
    await sleep(1_000)
    collect()
    last = held
    held = process.memoryUsage().heapUsed - before
  }
  return held / CLIENTS
}

test('a body in chunks of a byte each is held as its bytes: each as a piece of its own, a few hundred clients would end the process', {
  timeout: 30_000,
}, async (t) => {
  const bytes = await heldBy(t, '/json', 'application/json', 60_000)
  assert.ok(bytes < 500_000, `${bytes} bytes of the heap`)
})

test('so is one of an upload that waits for the upstream', { timeout: 60_000 }, async (t) => {
  const bytes = await heldBy(t, '/upload', 'application/octet-stream', 250_000)
  assert.ok(bytes < 4_000_000, `${bytes} bytes of the heap`)
})
