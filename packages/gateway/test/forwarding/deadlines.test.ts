import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createServer } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, LATE, whyNone } from '../../src/forwarding/failures.ts'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const document = documentOf({ '/a': { get: operation() } })
const settings = { access: { 'GET /a': 'public' } }

/** An upstream that says what it is told to, byte by byte. */
const startRaw = async (t: TestContext, answer: (socket: Socket, request: string) => void) => {
  const sockets: Socket[] = []
  let requests = 0
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      requests += 1
      answer(socket, bytes.toString())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as { port: number }
  return { address: `http://127.0.0.1:${port}`, sockets, requests: () => requests }
}

const FAST = { UPSTREAM_TIMEOUT_SECONDS: '1', UPSTREAM_CONNECT_SECONDS: '1', UPSTREAM_IDLE_SECONDS: '1' }

test('an upstream that is not there is 502', async (t) => {
  const { address } = await startGateway(t, { upstream: 'http://127.0.0.1:9', document, settings })
  const { status, body, headers } = await call(address, 'GET', '/a')
  assert.equal(status, 502)
  assert.equal(body.type, 'urn:portcullis:problem:bad-gateway')
  assert.equal(headers.get('retry-after'), '1')
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
})

test('an answer that can not be one is 502, nothing of it is passed on, and nothing is asked twice', async (t) => {
  const answers: readonly string[] = [
    '',
    'SSH-2.0-OpenSSH\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nsecret',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nsecret',
    `HTTP/1.1 200 OK\r\nX-Big: ${'secret'.repeat(3_000)}\r\n\r\n`,
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nsecret',
    'HTTP/1.1 200 OK\r\nContent-Le',
  ]
  for (const answer of answers) {
    const upstream = await startRaw(t, (socket) => socket.end(answer))
    const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env: FAST })
    const { status, text } = await call(address, 'GET', '/a')
    assert.equal(status, 502, answer.slice(0, 60))
    assert.ok(!text.includes('secret'))
    assert.equal(upstream.requests(), 1, answer.slice(0, 60))
  }
})

test('an upstream that does not answer in time is 504, and its connection is not used again', async (t) => {
  const upstream = await startRaw(t, (socket, request) => {
    if (upstream.requests() > 1)
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${request.length > 0 ? 'ok' : ''}`)
  })
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env: FAST })
  const { status, body } = await call(address, 'GET', '/a')
  assert.equal(status, 504)
  assert.equal(body.type, 'urn:portcullis:problem:gateway-timeout')
  // The late answer to the first must not become the answer to the second.
  upstream.sockets[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret')
  assert.equal((await call(address, 'GET', '/a')).text, 'ok')
  assert.equal(upstream.sockets.length, 2)
})

test('half an answer cuts the connection of its client: it is never padded, nor ended as if it were whole', async (t) => {
  const halves = [
    'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nZZ\r\n',
  ]
  for (const half of halves) {
    const upstream = await startRaw(t, (socket) => socket.end(half))
    const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env: FAST })
    await assert.rejects(call(address, 'GET', '/a'), half)
  }
})

test('an answer that pauses for too long in the middle cuts the connection', async (t) => {
  const upstream = await startRaw(t, (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env: FAST })
  await assert.rejects(call(address, 'GET', '/a'))
})

test('of many requests at once, some of which break, each gets its own answer or none', async (t) => {
  const upstream = await startRaw(t, (socket, request) => {
    const name = /^GET \/a\?n=(\w+)/.exec(request)?.[1] ?? ''
    if (Number(name) % 3 === 0) socket.resetAndDestroy()
    else if (Number(name) % 3 === 1) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`)
    else socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n${name}`)
  })
  const numbered = documentOf({
    '/a': { get: operation({ parameters: [{ name: 'n', in: 'query', schema: { type: 'integer' } }] }) },
  })
  const env = { UPSTREAM_CONNECTIONS: '8' }
  const { address } = await startGateway(t, { upstream: upstream.address, document: numbered, settings, env })
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) => call(address, 'GET', `/a?n=${n}`).catch(() => undefined)),
  )
  for (const [n, answer] of answers.entries()) {
    if (n % 3 === 0) assert.equal(answer?.status, 502, String(n))
    else if (n % 3 === 1) assert.equal(answer?.text, String(n))
    else assert.equal(answer, undefined, String(n))
  }
})

test('a connection that the upstream closes after its answer is not used again', async (t) => {
  const upstream = await startRaw(t, (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  for (let n = 0; n < 20; n += 1) assert.equal((await call(address, 'GET', '/a')).text, 'ok')
})

test('what an upstream says beyond its answer reaches nobody where no connection is used twice', async (t) => {
  const upstream = await startRaw(t, (socket, request) => {
    const name = /^GET \/a\?n=(\w+)/.exec(request)?.[1] ?? ''
    const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`
    socket.write(answer)
    setTimeout(() => socket.write(answer), 5)
  })
  const numbered = documentOf({
    '/a': { get: operation({ parameters: [{ name: 'n', in: 'query', schema: { type: 'integer' } }] }) },
  })
  const env = { UPSTREAM_REUSE: 'no' }
  const { address } = await startGateway(t, { upstream: upstream.address, document: numbered, settings, env })
  for (let n = 10; n < 40; n += 1) assert.equal((await call(address, 'GET', `/a?n=${n}`)).text, String(n))
  assert.equal(upstream.sockets.length, 30)
})

test('an upload may take longer than the answer to it; the answer may not', async (t) => {
  const upload = documentOf({
    '/u': { post: operation({ requestBody: { required: true, content: { 'application/octet-stream': {} } } }) },
  })
  const upstream = await startUpstream(t, (_request, response, body) => {
    if (body.length < 100) response.end('whole')
  })
  const { address } = await startGateway(t, {
    upstream: upstream.address,
    document: upload,
    settings: { access: { 'POST /u': 'public' } },
    env: FAST,
  })
  const slowly = async function* (parts: number, size: number) {
    for (let part = 0; part < parts; part += 1) {
      yield Buffer.alloc(size)
      await sleep(400)
    }
  }
  const post = (parts: number, size: number) =>
    call(address, 'POST', '/u', {
      body: slowly(parts, size) as unknown as ReadableStream,
      headers: { 'content-type': 'application/octet-stream' },
    })
  assert.equal((await post(4, 10)).text, 'whole')
  assert.equal((await post(1, 200)).status, 504)
})

test('an answer that begins before its upload ends has no deadline but its own', async (t) => {
  const upload = documentOf({
    '/u': { post: operation({ requestBody: { required: true, content: { 'application/octet-stream': {} } } }) },
  })
  const upstream = await startRaw(t, (socket, request) => {
    if (request.startsWith('POST')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab')
    if (!request.includes('end')) return
    // Longer than an answer may take to begin.
    setTimeout(() => socket.write('c'), 700)
    setTimeout(() => socket.write('d'), 1_400)
  })
  const { address } = await startGateway(t, {
    upstream: upstream.address,
    document: upload,
    settings: { access: { 'POST /u': 'public' } },
    // Only the beginning of an answer is short of time here: each part has ample.
    env: { ...FAST, UPSTREAM_IDLE_SECONDS: '10' },
  })
  const body = async function* () {
    yield Buffer.from('begin')
    await sleep(300)
    yield Buffer.from('end')
  }
  const { text } = await call(address, 'POST', '/u', {
    body: body() as unknown as ReadableStream,
    headers: { 'content-type': 'application/octet-stream' },
  })
  assert.equal(text, 'abcd')
})

test('a refusal whose words do not come in time is answered without them', { timeout: 20_000 }, async (t) => {
  const upstream = await startRaw(t, (socket) => {
    socket.write('HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n')
    const drip = setInterval(() => socket.write(' '), 100)
    socket.once('close', () => clearInterval(drip))
  })
  const env = { UPSTREAM_TIMEOUT_SECONDS: '1', UPSTREAM_IDLE_SECONDS: '10' }
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  const before = performance.now()
  const { status, body } = await call(address, 'GET', '/a')
  assert.equal(status, 404)
  assert.equal(body.type, 'urn:portcullis:problem:not-found')
  assert.ok(performance.now() - before < 5_000)
  // It is let go.
  for (let waited = 0; upstream.sockets[0]?.destroyed === false; waited += 10) {
    assert.ok(waited < 2_000, 'the upstream still drips')
    await sleep(10)
  }
})

test('a log has a code of its own for what no library found', () => {
  const none = [whyNone(999, {}), whyNone(200, { 'transfer-encoding': 'gzip, chunked' })]
  assert.deepEqual(
    [LATE, ...none].map((error) => codeOf(error as Error)),
    ['ANSWER_TIMEOUT', 'ANSWER_STATUS', 'ANSWER_CODING'],
  )
})
