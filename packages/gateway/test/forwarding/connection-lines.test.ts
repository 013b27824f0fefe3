import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, operation, startGateway } from '../rig.ts'
import { rawUpstream } from '../upstreams/raw.ts'

test('an answer passes whose server says Connection in a line of its own beside the application, and no field that either names', async (t) => {
  let status = 200
  const upstream = await rawUpstream(t, (socket) => {
    const lines = [
      `HTTP/1.1 ${status} Said`,
      'Connection: keep-alive, X-First',
      'Content-Type: application/json',
      'Content-Length: 12',
      'X-First: 1',
      'X-Second: 2',
      'X-Third: 3',
      'connection: X-SECOND , close',
    ]
    socket.end(`${lines.join('\r\n')}\r\n\r\n{"id":"abc"}`)
  })
  const { address } = await startGateway(t, {
    upstream: upstream.origin,
    document: documentOf({ '/a': { get: operation() } }),
    settings: { access: { 'GET /a': 'public' } },
  })
  for (status of [200, 404]) {
    const answer = await call(address, 'GET', '/a')
    assert.equal(answer.status, status)
    assert.deepEqual(answer.body, { id: 'abc' })
    const said = ['x-first', 'x-second', 'x-third'].map((name) => answer.headers.get(name))
    assert.deepEqual(said, [null, null, '3'])
  }
})
