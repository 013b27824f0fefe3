import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const octets = {
  requestBody: { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
}
const document = documentOf({ '/up': { post: operation(octets) }, '/a': { get: operation() } })
const settings = { access: { 'GET /a': 'public' } }
const LENGTH = 1_000_000

test('a client that is refused while it sends hears so: its connection is not reset, and what stands behind is not asked', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const socket = connect({ port: Number(new URL(address).port), host: '127.0.0.1', allowHalfOpen: true })
  const closed = once(socket, 'close')
  t.after(() => socket.destroy())
  const errors: Error[] = []
  socket.on('error', (error) => errors.push(error))
  const heard: Buffer[] = []
  socket.on('data', (chunk: Buffer) => heard.push(chunk))
  const half = Buffer.alloc(LENGTH / 2)
  socket.write(
    `POST /up HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: ${LENGTH}\r\n\r\n`,
  )
  socket.write(half)
  await once(socket, 'end')
  assert.match(Buffer.concat(heard).toString(), /^HTTP\/1\.1 401 /)
  // What is on its way meanwhile; a connection that was closed would answer it by a reset.
  socket.write(half.subarray(1))
  await sleep(100)
  socket.write(Buffer.concat([half.subarray(0, 1), Buffer.from('GET /a HTTP/1.1\r\nHost: a\r\n\r\n')]))
  socket.end()
  await closed
  assert.deepEqual(errors, [])
  assert.deepEqual(upstream.reached, [])
})
