import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { guarded } from '../adapters/fastify/app.ts'
import { request, sendRaw } from './raw-socket.ts'

test('thousands of small fields do not push out the one that the trusted proxy adds at the end', async (t) => {
  const app = await guarded({ trustedProxies: ['127.0.0.1'] })
  app.get('/who', { config: { access: 'public' } }, async (one) => one.client.address)
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const { port } = app.server.address() as AddressInfo
  for (const count of [0, 99, 150, 1_999, 2_500, 3_500]) {
    const fields = [...Array.from({ length: count }, () => 'a:'), 'X-Forwarded-For: 203.0.113.9']
    const { text, statuses } = await sendRaw(port, request('GET /who', fields))
    assert.deepEqual(statuses, [200], `${count} fields`)
    assert.match(text, /203\.0\.113\.9$/, `with ${count} fields before it the proxy's word was dropped`)
  }
})

test('nor do they push out a second Authorization field', async (t) => {
  const app = await guarded()
  app.get('/x', async () => ({}))
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const { accessToken } = await app.portcullis.sessions.open('bob', { client: '', label: '' })
  const session = `Authorization: Bearer ${accessToken}`
  assert.deepEqual((await sendRaw(port, request('GET /x', [session]))).statuses, [200])
  assert.deepEqual(
    (
      await sendRaw(
        port,
        request('GET /x', [session, ...Array.from({ length: 2_500 }, () => 'a:'), 'Authorization: Bearer x']),
      )
    ).statuses,
    [401],
  )
})
