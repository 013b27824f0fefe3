import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const binary = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
const document = documentOf({
  '/upload': { post: operation({ requestBody: { required: true, content: binary } }) },
  '/a': { get: operation() },
})
const settings = { access: { 'POST /upload': 'public', 'GET /a': 'public' } }
const env = { UPSTREAM_CONNECTIONS: '4', UPSTREAM_TIMEOUT_SECONDS: '3' }

/** An upload that gets on by just as much as makes it none of the slow ones. */
const upload = async (t: TestContext, address: string, client: string, ended: string[]): Promise<void> => {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  socket.on('error', () => {}).on('data', (answer) => ended.push(String(answer).slice(9, 12)))
  await once(socket, 'connect')
  socket.write(
    `POST /upload HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${client}\r\nContent-Type: application/octet-stream\r\nContent-Length: 10000000\r\n\r\n`,
  )
  const more = setInterval(() => socket.writable && socket.write('a'.repeat(4_096)), 500)
  t.after(() => {
    clearInterval(more)
    socket.destroy()
  })
}

for (const [name, clients, status, cut] of [
  ['one client can not have every connection with uploads that get on', 1, 200, ['408']],
  ['those of several clients, each within its quarter, last', 4, 504, []],
] as const)
  test(name, { timeout: 40_000 }, async (t) => {
    const upstream = await startUpstream(t, (_request, response) => response.end('short'))
    const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
    const ended: string[] = []
    for (let n = 0; n < 4; n += 1) await upload(t, address, `198.51.100.${n % clients}`, ended)
    await sleep(10_300)
    // Nobody waits: nothing is cut.
    assert.deepEqual(ended, [])
    const { status: answered } = await call(address, 'GET', '/a', { headers: { 'x-forwarded-for': '198.51.100.9' } })
    assert.equal(answered, status)
    assert.deepEqual(ended, cut)
  })
