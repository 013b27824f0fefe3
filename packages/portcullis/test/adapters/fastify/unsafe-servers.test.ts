import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { request, sendRaw } from '../../attacks/raw-socket.ts'
import { guarded } from './app.ts'

/** Two readings of where the body ends: a proxy that goes by the length takes what follows for the next request. */
const SMUGGLED = request(
  'POST /orders',
  ['Content-Type: application/json', 'Content-Length: 5', 'Transfer-Encoding: chunked'],
  '7\r\n{"a":1}\r\n0\r\n\r\n',
)

const parser = (insecureHTTPParser: boolean) => ({ http: { insecureHTTPParser } }) as object

const taking = async (app: FastifyInstance): Promise<FastifyInstance> => {
  const body = z.strictObject({ a: z.int().min(0).max(9) })
  app.post('/orders', { config: { access: 'public' }, schema: { body } }, async () => ({}))
  return app
}

test('a server whose parser was made lenient is refused, as a Node is that was started so', async (t) => {
  await assert.rejects(
    async () => (await guarded({}, parser(true))).ready(),
    /insecureHTTPParser.* requests be smuggled/,
  )
  const both = { http2: true, https: { allowHTTP1: true, insecureHTTPParser: true } } as object
  await assert.rejects(async () => (await guarded({}, both)).ready(), /insecureHTTPParser/)

  const strict = await taking(await guarded({}, parser(false)))
  await strict.listen({ port: 0 })
  t.after(() => strict.close())
  assert.deepEqual((await sendRaw((strict.server.address() as AddressInfo).port, SMUGGLED)).statuses, [400])
})

test('so is one that speaks TLS which is broken', async () => {
  const tls = (minVersion: string) => ({ https: { minVersion } }) as object
  await assert.rejects(async () => (await guarded({}, tls('TLSv1.1'))).ready(), /minVersion.* TLS that is broken/)
  await (await guarded({}, tls('TLSv1.2'))).ready()
})

test('in development they start, as an unsafe Node does', async () => {
  await (await guarded({ mode: 'development' }, parser(true))).ready()
})
