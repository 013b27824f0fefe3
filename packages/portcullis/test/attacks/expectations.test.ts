import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { guarded } from '../adapters/fastify/app.ts'
import { request, sendRaw } from './raw-socket.ts'

const ODD = ['Expect: 200-ok']

test('who asks for what nobody does here is counted, and asked for a session, like everybody', async (t) => {
  const app = await guarded({ limits: { client: '3/minute' } })
  app.get('/open', { config: { access: 'public' } }, async () => ({}))
  app.get('/closed', async () => ({}))
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const seen: number[] = []
  for (const path of ['/open', '/closed', '/none', '/open'])
    seen.push(...(await sendRaw(port, request(`GET ${path}`, ODD))).statuses)
  assert.deepEqual(seen, [417, 401, 401, 429])
})

test('HTTP/1.0 knows no expectations', async (t) => {
  const app = await guarded()
  app.get('/open', { config: { access: 'public' } }, async () => ({}))
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const { text } = await sendRaw(
    (app.server.address() as AddressInfo).port,
    'GET /open HTTP/1.0\r\nExpect: 200-ok\r\n\r\n',
  )
  assert.match(text, /^HTTP\/1\.1 200 /)
})
