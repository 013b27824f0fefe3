import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { after, beforeEach, test } from 'node:test'
import { boundedBody } from '../../src/forwarding/uploads.ts'
import { send } from '../attacks/wire.ts'
import { documentOf, operation, startGateway } from '../rig.ts'

const file = { type: 'string', format: 'binary' }
const form = { type: 'object', properties: { file } }
let pieces: Buffer[] = []
const upstream = createServer((request, response) => {
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => response.end('ok'))
})
await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
after(() => upstream.close())
const content = { 'application/octet-stream': { schema: file }, 'multipart/form-data': { schema: form } }
const { address } = await startGateway({ after } as never, {
  upstream: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`,
  document: documentOf({ '/up': { post: operation({ requestBody: { content } }) } }),
  settings: { access: { 'POST /up': 'public' } },
})
beforeEach(() => {
  pieces = []
})

/** Sends a body in chunks of these sizes, in turn. */
const post = async (type: string, body: string, sizes: readonly number[]): Promise<number | undefined> => {
  const chunks: string[] = []
  for (let at = 0, turn = 0; at < body.length; turn += 1) {
    const chunk = body.slice(at, at + (sizes[turn % sizes.length] ?? 1))
    chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    at += chunk.length
  }
  const head = `POST /up HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`
  const [answer] = await send(Number(new URL(address).port), `${head}${chunks.join('')}0\r\n\r\n`)
  return answer?.status
}

const text = Array.from({ length: 5_000 }, (_, index) => String.fromCharCode(97 + (index % 26))).join('')

test('small pieces that come together go on as one, since each costs a write and an event of the upstream', async () => {
  const raw = Object.assign(new PassThrough(), { complete: true })
  const passed: Buffer[] = []
  const body = boundedBody(raw as never, 1_000_000).on('data', (piece: Buffer) => passed.push(piece))
  for (const letter of text) raw.write(letter)
  raw.end()
  await once(body, 'end')
  assert.equal(Buffer.concat(passed).toString(), text)
  assert.ok(passed.length < 100, String(passed.length))
})

test('what is beyond the limit does not pass, however small its pieces are', async () => {
  const raw = Object.assign(new PassThrough(), { complete: true })
  const body = boundedBody(raw as never, 1_000).resume()
  for (const letter of text.slice(0, 1_001)) raw.write(letter)
  const [error] = await once(body, 'error').catch((reason: unknown) => [reason])
  assert.equal((error as { status?: number }).status, 413)
})

test('what is left of a body that has come whole is thrown away when nobody wants it: the next request is behind it', {
  timeout: 10_000,
}, async () => {
  const raw = Object.assign(new PassThrough(), { complete: true })
  const body = boundedBody(raw as never, 1_000_000)
  for (let n = 0; n < 10; n += 1) raw.write(Buffer.alloc(20_000))
  raw.end()
  await new Promise((done) => setImmediate(done))
  body.destroy()
  await once(raw, 'end')
})

test('chunks of a byte each are the body that they are, of a file in a form too', async () => {
  assert.equal(await post('application/octet-stream', text, [1]), 200)
  assert.equal(Buffer.concat(pieces).toString(), text)
  const body = `--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n${text}\r\n--b--\r\n`
  assert.equal(await post('multipart/form-data; boundary=b', body, [1]), 200)
  assert.ok(Buffer.concat(pieces).includes(text))
})

test('large and small ones keep their order', async () => {
  const long = text.repeat(20)
  assert.equal(await post('application/octet-stream', long, [1, 5_000, 4_095, 4_096, 2, 16_384]), 200)
  assert.equal(Buffer.concat(pieces).toString(), long)
})
