import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, beforeEach, test } from 'node:test'
import { recordingUpstream } from '../upstreams/recording.ts'
import { assertProblem, openScene, reachedLines } from './scene.ts'
import { readAnswers, send } from './wire.ts'

const UPLOAD_LIMIT = 200_000

const upstream = await recordingUpstream({ after })
const { port, token } = await openScene(upstream.origin, { UPLOAD_LIMIT: String(UPLOAD_LIMIT) })
beforeEach(() => upstream.clear())

const head = (line: string, lines: readonly string[]): string =>
  [`${line} HTTP/1.1`, 'Host: a', `Authorization: Bearer ${token}`, ...lines, '', ''].join('\r\n')
const json = 'Content-Type: application/json'
const octets = 'Content-Type: application/octet-stream'
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`
const many = (count: number, size: number): string => chunk('x'.repeat(size)).repeat(count)

const REFUSED: readonly (readonly [name: string, status: number, bytes: string])[] = [
  ['a field of 17 KiB', 431, head('GET /items', [`X-A: ${'a'.repeat(17 * 1024)}`])],
  ['a name of 17 KiB', 431, head('GET /items', [`${'a'.repeat(17 * 1024)}: b`])],
  [
    '10,000 fields',
    431,
    head(
      'GET /items',
      Array.from({ length: 10_000 }, (_, at) => `X-${at}: a`),
    ),
  ],
  [
    '10,000 fields of one name',
    431,
    head(
      'GET /items',
      Array.from({ length: 10_000 }, () => 'a: b'),
    ),
  ],
  ['a target of 17 KiB', 431, head(`GET /items?q=${'a'.repeat(17 * 1024)}`, [])],
  ['a cookie of 17 KiB', 431, head('GET /items', [`Cookie: a=${'b'.repeat(17 * 1024)}`])],
  ['a length beyond the limit of JSON', 413, head('POST /items', [json, 'Content-Length: 65537'])],
  ['a length of a terabyte', 413, head('POST /items', [json, 'Content-Length: 1099511627776'])],
  ['chunks of JSON beyond the limit', 413, head('POST /items', [json, 'Transfer-Encoding: chunked']) + many(66, 1_000)],
  [
    'a chunk of a terabyte',
    413,
    `${head('POST /items', [json, 'Transfer-Encoding: chunked'])}10000000000\r\n${'x'.repeat(70_000)}`,
  ],
  ['a length beyond the limit of uploads', 413, head('POST /upload', [octets, `Content-Length: ${UPLOAD_LIMIT + 1}`])],
  ['JSON of 33 levels', 400, deep(33)],
  ['JSON of 20,000 levels', 400, deep(20_000)],
  [
    'a body with a coding',
    415,
    `${head('POST /items', [json, 'Content-Encoding: gzip', 'Content-Length: 20'])}${'x'.repeat(20)}`,
  ],
  [
    'chunk extensions of 20 KiB',
    400,
    `${head('POST /items', [json, 'Transfer-Encoding: chunked'])}f;${'a'.repeat(20_000)}\r\n`,
  ],
]

function deep(levels: number): string {
  const body = `{"name":${'['.repeat(levels)}${']'.repeat(levels)}}`
  return head('POST /items', [json, `Content-Length: ${body.length}`]) + body
}

for (const [name, status, bytes] of REFUSED)
  test(`refused by ${status}, and nothing reaches the upstream: ${name}`, async () => {
    const [answer] = await send(port, bytes)
    assertProblem(answer, [status], name)
    assert.deepEqual(reachedLines(upstream), [])
    assert.deepEqual(upstream.bytes(), [])
  })

test('an upload up to the limit passes, chunked or not', async () => {
  const body = 'x'.repeat(UPLOAD_LIMIT)
  const [plain] = await send(port, head('POST /upload', [octets, `Content-Length: ${UPLOAD_LIMIT}`]) + body)
  assert.equal(plain?.status, 200)
  const [chunked] = await send(
    port,
    `${head('POST /upload', [octets, 'Transfer-Encoding: chunked'])}${many(200, 1_000)}0\r\n\r\n`,
  )
  assert.equal(chunked?.status, 200)
  assert.deepEqual(
    upstream.requests.map((request) => [request.complete, request.body.length]),
    [
      [true, UPLOAD_LIMIT],
      [true, UPLOAD_LIMIT],
    ],
  )
})

test('a chunked upload beyond the limit is cut at the upstream, and is never a whole one there', async () => {
  const bytes = head('POST /upload', [octets, 'Transfer-Encoding: chunked']) + many(250, 1_000)
  const [answer] = await send(port, bytes)
  assertProblem(answer, [413], 'upload')
  await settled(() => upstream.requests.length === 1)
  assert.equal(upstream.requests[0]?.complete, false)
  assert.ok((upstream.requests[0]?.body.length ?? 0) <= UPLOAD_LIMIT)
})

test('an upload that ends in the middle is never a whole one at the upstream', async () => {
  for (const framing of ['Content-Length: 1000', 'Transfer-Encoding: chunked']) {
    upstream.clear()
    const socket = connect(port, '127.0.0.1')
    socket.write(
      head('POST /upload', [octets, framing]) + (framing.startsWith('T') ? chunk('x'.repeat(500)) : 'x'.repeat(500)),
    )
    await settled(() => upstream.bytes().join('').includes('xxx'))
    socket.destroy()
    await settled(() => upstream.requests.length === 1)
    assert.equal(upstream.requests[0]?.complete, false, framing)
  }
})

test('the header block that is just within its bound passes', async () => {
  const lines = Array.from({ length: 150 }, (_, at) => `X-Field-${at}: ${'a'.repeat(50)}`)
  const [answer] = await send(port, head('GET /items', lines))
  assert.equal(answer?.status, 200)
  const names = upstream.requests[0]?.rawHeaders.filter((name) => name.toLowerCase().startsWith('x-field-'))
  assert.equal(names?.length, 150)
})

test('a caller that is refused is not read on: its connection ends', async () => {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.setEncoding('latin1').on('data', (piece: string) => {
    heard += piece
  })
  socket.on('error', () => {})
  const ended = new Promise((resolve) => socket.once('close', resolve))
  socket.write(head('POST /items', [json, 'Content-Length: 1099511627776']))
  const pump = (): void => void (socket.writable && socket.write('x'.repeat(65_536), () => setTimeout(pump, 5)))
  pump()
  await ended
  assert.equal(readAnswers(heard, true)[0]?.status, 413)
})

/** Waits until something is so: at most five seconds. */
async function settled(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !isSo(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(isSo(), 'it did not come to that')
}
