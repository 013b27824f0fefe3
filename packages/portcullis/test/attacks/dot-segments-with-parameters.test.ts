import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import Fastify from 'fastify'
import { portcullis } from '../../src/adapters/fastify/index.ts'
import { generateSecret } from '../../src/layers/sessions/index.ts'
import { request, sendRaw } from './raw-socket.ts'

test('a dot segment with matrix parameters is one: no route takes it for a value', async (t) => {
  const app = Fastify()
  await app.register(portcullis, { mode: 'development', sessions: { secret: generateSecret() }, identify: () => null })
  const taken: string[] = []
  app.get<{ Params: { id: string } }>(
    '/items/:id/notes',
    {
      config: { access: 'public' },
      schema: { params: { type: 'object', properties: { id: { type: 'string', maxLength: 50 } } } },
    },
    async ({ params }) => taken.push(params.id),
  )
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const asked = async (id: string): Promise<readonly number[]> =>
    (await sendRaw(port, request(`GET /items/${id}/notes`))).statuses
  for (const id of ['..;', '..;x=1', '.;', '..%3B', '..%3bx', '.%3B']) assert.deepEqual(await asked(id), [400], id)
  assert.deepEqual(taken, [])
  for (const id of ['a;x', 'a..;x', '...;', '..a;', ';..']) assert.deepEqual(await asked(id), [200], id)
})
