import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { securityHeaders } from '../../../src/response/index.ts'
import { bearer, guarded } from './app.ts'

test('a time that is over while the door waits is answered with the fields of every answer', async (t) => {
  const { promise: late, resolve } = Promise.withResolvers<null>()
  const app = await guarded({ identify: () => late }, { handlerTimeout: 20 })
  t.after(() => app.close())
  // With an error handler of the application's own, too.
  app.get('/x', { errorHandler: (_error, _request, reply) => void reply.code(503).send('own') }, async () => ({}))
  app.get('/y', async () => ({}))
  const headers = await bearer(app, 'ada')
  for (const url of ['/x', '/y']) {
    const answer = await app.inject({ url, headers })
    assert.equal(answer.statusCode, 503, url)
    for (const [name, value] of Object.entries(securityHeaders)) assert.equal(answer.headers[name], value, url)
  }
  resolve(null)
})

test('a request on a connection that is in use while the application closes gets the fields too', async (t) => {
  for (const closing of [true, false]) {
    const { promise: slow, resolve } = Promise.withResolvers<string>()
    const app = await guarded({}, { return503OnClosing: closing })
    t.after(() => app.close())
    app.get('/slow', { config: { access: 'public' } }, async () => slow)
    app.get('/x', { config: { access: 'public' } }, async () => 'x')
    await app.listen({ host: '127.0.0.1', port: 0 })
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk
    })
    const arrived = once(app.server, 'request')
    socket.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
    await arrived
    const closed = app.close()
    await setTimeout(20)
    const second = once(app.server, 'request')
    socket.write('GET /x HTTP/1.1\r\nHost: a\r\n\r\n')
    await second
    resolve('slow')
    await Promise.all([closed, once(socket, 'close')])
    const [, , answer = ''] = text.split('HTTP/1.1 ')
    assert.equal(answer.slice(0, 3), closing ? '503' : '200')
    if (closing) {
      assert.match(answer, /\r\ncontent-type: application\/problem\+json\r\n/)
      assert.match(answer, /\r\nretry-after: 1\r\n/)
      assert.match(answer, /\r\nconnection: close\r\n/i)
      assert.match(answer, /\r\n\r\n\{"type":"urn:portcullis:problem:unavailable",.*\}$/)
    }
    for (const [name, value] of Object.entries(securityHeaders))
      assert.equal(answer.split(`${name}: ${value}\r\n`).length, 2, name)
  }
})
