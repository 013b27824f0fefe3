import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, documentOf, operation, session, startGateway, startUpstream } from '../rig.ts'

const upload = (type: string): object => ({
  requestBody: { required: true, content: { [type]: { schema: { type: 'string', format: 'binary' } } } },
})
const document = documentOf({
  '/events': { get: operation() },
  '/download': { get: operation() },
  '/upload': { post: operation(upload('application/octet-stream')) },
  '/form': { post: operation(upload('multipart/form-data')) },
})
const settings = { access: { 'GET /events': 'public', 'GET /download': 'public' } }
const OCTETS = { 'content-type': 'application/octet-stream' }

/** Waits, within two seconds, until something is so. */
const until = async (so: () => boolean): Promise<void> => {
  for (let waited = 0; !so(); waited += 10) {
    assert.ok(waited < 2_000, 'it did not happen in two seconds')
    await sleep(10)
  }
}

test('an event stream passes as it comes, its header before the first event, and ends when its client goes', async (t) => {
  let send: (event: string) => void = () => {}
  let gone = false
  const upstream = await startUpstream(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' }).flushHeaders()
    response.on('close', () => {
      gone = true
    })
    send = (event) => response.write(event)
  })
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const leaving = new AbortController()
  const response = await fetch(`${address}/events`, { signal: leaving.signal })
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  assert.equal(response.headers.get('cache-control'), 'no-cache')
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
  const reader = response.body?.getReader()
  for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
    send(event)
    const read = await reader?.read()
    assert.equal(Buffer.from(read?.value ?? []).toString(), event)
  }
  leaving.abort()
  await until(() => gone)
})

test('a large download is never held: an upstream waits for a client that reads slowly', async (t) => {
  const chunk = randomBytes(1024 * 1024)
  let written = 0
  const upstream = await startUpstream(t, async (_request, response) => {
    for (; written < 200 && !response.destroyed; written += 1) if (!response.write(chunk)) await once(response, 'drain')
    response.end()
  })
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  t.after(() => socket.destroy())
  socket.write('GET /download HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(socket, 'data')
  socket.pause()
  await sleep(300)
  const before = written
  await sleep(300)
  assert.equal(written, before, 'the upstream went on while nobody read')
  assert.ok(written < 100, `${written} MiB are on the way`)
  socket.resume()
  await until(() => written > before)
})

test('an upload passes as it comes, with its length when it has one', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document })
  const { token } = await session(address)
  const body = randomBytes(3 * 1024 * 1024)
  assert.equal((await call(address, 'POST', '/upload', { token, body, headers: OCTETS })).status, 200)
  assert.equal(upstream.reached[0]?.headers['content-length'], String(body.length))
  assert.ok(upstream.reached[0]?.body.equals(body))

  const form = new FormData()
  form.set('file', new Blob([body]), 'name.bin')
  assert.equal((await call(address, 'POST', '/form', { token, body: form })).status, 200)
  assert.match(upstream.reached[1]?.headers['content-type'] ?? '', /^multipart\/form-data; boundary=/)
  assert.ok(upstream.reached[1]?.body.includes(body))
})

test('an upload beyond the limit is refused at its header, or in the middle; then the upstream sees no whole body', async (t) => {
  const upstream = await startUpstream(t)
  const env = { UPLOAD_LIMIT: '100000' }
  const { address } = await startGateway(t, { upstream: upstream.address, document, env })
  const { token } = await session(address)
  const announced = await call(address, 'POST', '/upload', { token, body: randomBytes(100_001), headers: OCTETS })
  assert.equal(announced.status, 413)
  assert.equal(announced.body.type, 'urn:portcullis:problem:body-too-large')
  assert.equal(upstream.reached.length, 0)

  const parts = async function* () {
    for (let part = 0; part < 40; part += 1) yield randomBytes(10_000)
  }
  const chunked = await call(address, 'POST', '/upload', {
    token,
    body: parts() as unknown as ReadableStream,
    headers: OCTETS,
  }).catch((error: Error) => error)
  // The client may see the connection end before it has read the answer: it was still sending.
  if (!(chunked instanceof Error)) assert.equal(chunked.status, 413)
  await until(() => upstream.reached.length === 1)
  assert.equal(upstream.reached[0]?.complete, false)
})

test('a body that the route does not take never reaches the upstream', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document })
  const { token } = await session(address)
  const refusals: readonly [string, string, Record<string, string>, number, string][] = [
    ['GET', '/events', { 'content-type': 'application/json' }, 400, 'unexpected-body'],
    ['POST', '/upload', { 'content-type': 'application/json' }, 415, 'media-type-refused'],
    ['POST', '/upload', {}, 415, 'media-type-refused'],
    ['POST', '/upload', { 'content-type': 'text/plain' }, 415, 'media-type-refused'],
    ['POST', '/upload', { ...OCTETS, 'content-encoding': 'gzip' }, 415, 'media-type-refused'],
  ]
  for (const [method, path, headers, status, code] of refusals) {
    const { port } = new URL(address)
    const fields = Object.entries({ host: 'x', authorization: `Bearer ${token}`, 'content-length': '2', ...headers })
    const socket = connect(Number(port), '127.0.0.1')
    t.after(() => socket.destroy())
    socket.write(
      `${method} ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{}`,
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    assert.match(answer.toString(), new RegExp(`^HTTP/1.1 ${status}[\\s\\S]*${code}`))
  }
  assert.equal((await call(address, 'POST', '/upload', { token })).status, 422)
  assert.equal(upstream.reached.length, 0)
})
