import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { call, documentOf, operation, startGateway } from '../rig.ts'
import { rawUpstream } from '../upstreams/raw.ts'

test('an idle connection is let go before gunicorn would close it: a request on one that is being closed is a 502', async (t) => {
  const sockets: Socket[] = []
  const { origin } = await rawUpstream(t, (socket) => {
    sockets.push(socket)
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  })
  const document = documentOf({ '/a': { get: operation() } })
  const settings = { access: { 'GET /a': 'public' } }
  const { address } = await startGateway(t, { upstream: origin, document, settings })
  for (let asked = 0; asked < 2; asked += 1) assert.equal((await call(address, 'GET', '/a')).status, 200)
  const [socket, again] = sockets
  assert.equal(socket, again)
  const answered = performance.now()
  await once(socket as Socket, 'end')
  assert.ok(performance.now() - answered < 1_900, `${performance.now() - answered} ms`)
})
