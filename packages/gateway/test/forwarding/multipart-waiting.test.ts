import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const schema = {
  type: 'object',
  properties: {
    texts: { type: 'array', items: { type: 'string', maxLength: 65_000 }, maxItems: 1_000 },
    files: { type: 'array', items: { type: 'string', format: 'binary' } },
  },
}
const document = documentOf({
  '/events': { get: operation() },
  '/form': { post: operation({ requestBody: { required: true, content: { 'multipart/form-data': { schema } } } }) },
})
const settings = { access: { 'GET /events': 'public', 'POST /form': 'public' } }

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const memory = (): number => {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const say = (t: TestContext, address: string, bytes: string | Buffer) => {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  t.after(() => socket.destroy())
  socket.on('error', () => {}).write(bytes)
  return socket
}

const TEXT = 'name="texts"'
const FILE = 'name="files"; filename="a"'
for (const [what, name] of [
  ['texts', TEXT],
  ['short files', FILE],
] as const)
  test(`a form of ${what} waits with its client while the upstream takes none of it`, {
    timeout: 30_000,
  }, async (t) => {
    const upstream = await startUpstream(t, (_request, response) => response.writeHead(200).flushHeaders())
    const env = { UPSTREAM_CONNECTIONS: '1', UPSTREAM_TIMEOUT_SECONDS: '20' }
    const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
    await once(say(t, address, 'GET /events HTTP/1.1\r\nHost: x\r\n\r\n'), 'data')
    const part = `--b\r\nContent-Disposition: form-data; ${name}\r\n\r\n${'a'.repeat(60_000)}\r\n`
    const body = `${part.repeat(160)}--b--\r\n`
    const request = Buffer.from(
      `POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    const before = memory()
    const forms = Array.from({ length: 16 }, () => say(t, address, request))
    await sleep(4_000)
    const held = memory() - before
    assert.ok(held < 30_000_000, `${held} bytes of 16 forms are held`)
    for (const form of forms) form.destroy()
    await sleep(500)
    const left = memory() - before
    assert.ok(left < 5_000_000, `${left} bytes are held for clients that have gone`)
  })

test('of a long form of texts and files each part arrives, in its order', { timeout: 30_000 }, async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const form = new FormData()
  for (let n = 0; n < 100; n += 1) {
    form.append('texts', String(n).repeat(n % 3 === 0 ? 10_000 : 1))
    if (n % 5 === 0) form.append('files', new Blob([String(n).repeat(n % 10 === 0 ? 100_000 : 1)]), `${n}`)
  }
  const { status, text } = await call(address, 'POST', '/form', { body: form })
  assert.equal(status, 200, text)
  const reached = upstream.reached[0]
  const type = reached?.headers['content-type'] ?? ''
  const arrived = await new Response(new Uint8Array(reached?.body ?? []), {
    headers: { 'content-type': type },
  }).formData()
  const read = (one: FormData) =>
    Promise.all([...one].map(async ([name, value]) => [name, typeof value === 'string' ? value : await value.text()]))
  assert.deepEqual(await read(arrived), await read(form))
})
