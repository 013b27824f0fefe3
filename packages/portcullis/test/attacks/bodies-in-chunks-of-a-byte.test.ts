import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { z } from 'zod'
import { gatheredBytes } from '../../src/layers/validation/index.ts'
import { guarded } from '../adapters/fastify/app.ts'
import { request, sendRaw } from './raw-socket.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const listening = async (t: { after(end: () => Promise<void>): void }): Promise<number> => {
  const app = await guarded()
  const schema = { body: z.object({ s: z.string().max(70_000) }) }
  app.post('/a', { config: { access: 'public' }, schema }, async (call) => ({
    length: (call.body as { s: string }).s.length,
  }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(async () => {
    app.server.closeAllConnections()
    await app.close()
  })
  return (app.server.address() as AddressInfo).port
}

const CHUNKED = ['Content-Type: application/json', 'Transfer-Encoding: chunked']
const inBytes = (text: string): string => [...text].map((letter) => `1\r\n${letter}\r\n`).join('')

test('a body in chunks of a byte each is held as its bytes: each as a piece of its own, a few hundred strangers would end the process', {
  timeout: 60_000,
}, async (t) => {
  const port = await listening(t)
  const clients = 10
  collect()
  const before = process.memoryUsage().heapUsed
  for (let n = 0; n < clients; n += 1) {
    const socket = connect(port, '127.0.0.1')
    t.after(() => socket.destroy())
    await once(socket, 'connect')
    socket.on('error', () => {}).write(request('POST /a', CHUNKED) + '1\r\nx\r\n'.repeat(60_000))
  }
  let held = Number.NaN
  // Until no more is read, and before the time of a request is over.
  for (let last = Number.NaN; !(Math.abs(held - last) < 500_000); ) {
    await sleep(1_000)
    collect()
    last = held
    held = process.memoryUsage().heapUsed - before
  }
  assert.ok(held / clients < 500_000, `${held / clients} bytes of the heap for a client`)
})

test('it is the body that it is, and refused where it is longer than its route takes', async (t) => {
  const port = await listening(t)
  const body = JSON.stringify({ s: 'lamp'.repeat(1_000) })
  const taken = await sendRaw(port, request('POST /a', CHUNKED, `${inBytes(body)}0\r\n\r\n`), 2_000)
  assert.deepEqual(taken.statuses, [200])
  assert.match(taken.text, /\{"length":4000\}/)
  const long = JSON.stringify({ s: 'x'.repeat(65_536) })
  const refused = await sendRaw(port, request('POST /a', CHUNKED, `${inBytes(long)}0\r\n\r\n`), 2_000)
  assert.deepEqual(refused.statuses, [413])
  assert.match(refused.text, /urn:portcullis:problem:body-too-large/)
})

test('pieces of every size are what they were, in their order, and what was taken is not there again', () => {
  const gathered = gatheredBytes()
  const pieces = [1, 0, 4_096, 3, 1, 70_000, 2].map((length, at) => Buffer.alloc(length, 97 + at))
  for (const rest of [pieces, pieces.slice(2), pieces.slice(0, 1)]) {
    const lengths = rest.map((piece) => gathered.add(piece))
    const whole = Buffer.concat(rest)
    assert.equal(lengths.at(-1), whole.length)
    assert.deepEqual(gathered.take(), whole)
    assert.equal(gathered.take().length, 0)
  }
})
