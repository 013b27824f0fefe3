import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const binary = { schema: { type: 'string', format: 'binary' } }
const takes = (type: string) => operation({ requestBody: { required: true, content: { [type]: binary } } })
const document = documentOf({
  '/upload': { post: takes('application/octet-stream') },
  '/form': { post: takes('multipart/form-data') },
  '/a': { get: operation() },
})
const settings = { access: { 'POST /upload': 'public', 'POST /form': 'public', 'GET /a': 'public' } }
const env = { UPSTREAM_CONNECTIONS: '4', UPSTREAM_TIMEOUT_SECONDS: '4' }

const start = async (t: TestContext) => {
  const upstream = await startUpstream(t, (_request, response) => response.end('short'))
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  return { address, halves: () => upstream.reached.filter(({ complete }) => !complete).length }
}

interface Upload {
  readonly socket: Socket
  answer: string
}

const OCTETS = { path: '/upload', type: 'application/octet-stream', begin: '' }

/** Uploads `length` bytes: so many each `everyMs`. */
const upload = (
  t: TestContext,
  address: string,
  client: string,
  { bytes, everyMs, length }: { readonly bytes: number; readonly everyMs: number; readonly length: number },
  { path, type, begin } = OCTETS,
): Upload => {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  const one: Upload = { socket, answer: '' }
  socket
    .on('error', () => {})
    .on('data', (heard) => {
      one.answer += heard
    })
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${client}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n${begin}`,
  )
  let left = length - begin.length
  const drip = setInterval(() => {
    const now = Math.min(bytes, left)
    left -= now
    if (now > 0 && socket.writable && socket.writableLength === 0) socket.write('a'.repeat(now))
  }, everyMs)
  t.after(() => {
    clearInterval(drip)
    socket.destroy()
  })
  return one
}

const TRICKLE = { bytes: 1, everyMs: 500, length: 1_000_000 }
const ask = (address: string) => call(address, 'GET', '/a', { headers: { 'x-forwarded-for': '198.51.100.9' } })
const answered = (uploads: readonly Upload[]): readonly string[] =>
  uploads.map(({ answer }) => answer.slice(9, 12)).filter((status) => status !== '')

test('a client that uploads next to nothing can not keep the whole pool: the next one is answered', async (t) => {
  const { address, halves } = await start(t)
  const uploads = Array.from({ length: 4 }, () => upload(t, address, '198.51.100.1', TRICKLE))
  await sleep(3_000)
  // Nobody waits: nothing is cut.
  assert.deepEqual(answered(uploads), [])
  assert.equal((await ask(address)).text, 'short')
  assert.deepEqual(answered(uploads), ['408'])
  assert.match(uploads.map(({ answer }) => answer).join(''), /connection: close\r\n[\s\S]*request-timeout/i)
  assert.equal(halves(), 1)
})

test('nor can four such clients, each within its share, by a form of files either', async (t) => {
  const { address, halves } = await start(t)
  const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
  const form = { path: '/form', type: 'multipart/form-data; boundary=b', begin: head + 'a'.repeat(100_000) }
  const uploads = Array.from({ length: 4 }, (_, n) => upload(t, address, `198.51.100.${n + 1}`, TRICKLE, form))
  await sleep(3_000)
  assert.equal((await ask(address)).text, 'short')
  assert.deepEqual(answered(uploads), ['408'])
  assert.equal(halves(), 1)
})

test('uploads that get on are not cut, however many wait', async (t) => {
  const { address } = await start(t)
  const steady = { bytes: 8_192, everyMs: 250, length: 8_192 * 16 }
  const uploads = Array.from({ length: 4 }, () => upload(t, address, '198.51.100.1', steady))
  await sleep(500)
  assert.equal((await ask(address)).text, 'short')
  for (let waited = 0; answered(uploads).length < 4 && waited < 5_000; waited += 50) await sleep(50)
  assert.deepEqual(answered(uploads), ['200', '200', '200', '200'])
})

test('nor are those that the upstream does not read', async (t) => {
  const sockets: Socket[] = []
  const server = createServer((socket) => sockets.push(socket.pause().on('error', () => {}))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as { port: number }
  const { address } = await startGateway(t, { upstream: `http://127.0.0.1:${port}`, document, settings, env })
  const quick = { bytes: 1024 * 1024, everyMs: 10, length: 10_000_000 }
  const uploads = Array.from({ length: 4 }, () => upload(t, address, '198.51.100.1', quick))
  await sleep(2_300)
  const waiting = ask(address)
  await sleep(1_000)
  assert.deepEqual(answered(uploads), [])
  assert.equal((await waiting).status, 504)
  // It is the upstream that is late, and they are told so.
  assert.ok(!answered(uploads).includes('408'))
})
