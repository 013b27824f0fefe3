import assert from 'node:assert/strict'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { guarded } from '../adapters/fastify/app.ts'

const GOOD = 'GET /open HTTP/1.1\r\nHost: a\r\n\r\n'

/** Sends a request, and another on the same connection when the first is answered; gives back all that came. */
const inTurn = (port: number, second: string): Promise<string> =>
  new Promise((resolve) => {
    let heard = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(GOOD)).setEncoding('latin1')
    socket.on('data', (piece: string) => {
      if (heard === '') socket.write(second, 'latin1')
      heard += piece
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(heard))
  })

for (const [what, second, status] of [
  ['too many fields', `GET /open HTTP/1.1\r\nHost: a\r\nCookie: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['a broken field', 'GET /open HTTP/1.1\r\nHost: a\r\nno field\r\n\r\n', 400],
  ['a method that nobody knows', 'BREW /open HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a beginning that never ends', 'GET /open HTTP/1.1\r\nHost: a\r\nX: ', 408],
] as const)
  test(`the second request on a connection gets a problem too: ${what}`, async (t) => {
    const app = await guarded()
    app.get('/open', { config: { access: 'public' } }, async () => ({}))
    await app.listen({ host: '127.0.0.1', port: 0 })
    t.after(() => app.close())
    const heard = await inTurn((app.server.address() as AddressInfo).port, second)
    assert.match(heard, new RegExp(`^HTTP/1\\.1 200 [\\s\\S]*HTTP/1\\.1 ${status} [\\s\\S]*application/problem\\+json`))
    assert.match(heard, /"type":"urn:portcullis:problem:[\w-]+"/)
    // RFC 9110 §6.6.1: a server that has a clock says when it refused.
    const [, date = ''] = /\r\ndate: (.*)\r\n/.exec(heard.slice(heard.lastIndexOf('HTTP/1.1'))) ?? []
    assert.ok(Math.abs(Date.now() - Date.parse(date)) < 10_000, date)
  })

test('into an answer that has begun no refusal is written', async (t) => {
  const app = await guarded()
  app.get('/open', { config: { access: 'public' } }, (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-length': 10 }).write('begun')
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const heard = await inTurn((app.server.address() as AddressInfo).port, 'no request\r\n\r\n')
  assert.match(heard, /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nbegun$/)
})
