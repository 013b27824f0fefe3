import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import Fastify from 'fastify'
import { portcullis } from '../../src/adapters/fastify/index.ts'
import { generateSecret } from '../../src/layers/sessions/index.ts'
import { sendRaw } from './raw-socket.ts'

test('a host is a name or an address and a port, and says nothing else to who splits what a proxy makes of it', async (t) => {
  const app = Fastify()
  await app.register(portcullis, { mode: 'development', sessions: { secret: generateSecret() }, identify: () => null })
  const hosts: string[] = []
  app.get('/public', { config: { access: 'public' } }, async (request) => hosts.push(request.host))
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const asked = async (host: string): Promise<readonly number[]> =>
    (await sendRaw(port, `GET /public HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).statuses
  for (const host of [
    ...['a;for=6.6.6.6', 'a,for=6.6.6.6', 'a;proto=https', 'a,evil.example', "a'b", 'a&b', 'a=b', 'a%3Bfor', 'a$b'],
    ...['a:b', 'a:80:80', '::1', '[::1', '::1]', '[a;b]', '[]', 'a[::1]', 'a:123456'],
  ])
    assert.deepEqual(await asked(host), [400], host)
  assert.deepEqual(hosts, [])
  const fine = ['a', 'api.example.com', 'API.example.com.:8080', 'xn--caf-dma.example', 'my_service:80', '127.0.0.1:1']
  for (const host of [...fine, '[::1]', '[::ffff:127.0.0.1]:8080', 'a:'])
    assert.deepEqual(await asked(host), [200], host)
  assert.equal(hosts.length, fine.length + 3)
})
