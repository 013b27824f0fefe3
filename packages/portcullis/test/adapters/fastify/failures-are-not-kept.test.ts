import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import type { FastifyReply } from 'fastify'
import { Problem } from '../../../src/adapters/fastify/index.ts'
import { securityHeaders } from '../../../src/response/index.ts'
import { request, sendRaw } from '../../attacks/raw-socket.ts'
import { guarded } from './app.ts'

/** What a handler says of its answer before it fails. */
const OF_SUCCESS: Readonly<Record<string, string>> = {
  'Cache-Control': 'public, max-age=3600',
  'CDN-Cache-Control': 'max-age=3600',
  'Cloudflare-CDN-Cache-Control': 'max-age=3600',
  'Surrogate-Control': 'max-age=3600',
  'X-Accel-Expires': '3600',
  Expires: 'Fri, 01 Jan 2100 00:00:00 GMT',
  Pragma: 'cache',
  Age: '1',
  ETag: '"a"',
  'Last-Modified': 'Fri, 01 Jan 2021 00:00:00 GMT',
  'Accept-Ranges': 'bytes',
  Location: '/elsewhere',
  'Content-Encoding': 'gzip',
  'Content-Disposition': 'attachment; filename="☃"',
  'Content-Range': 'bytes 0-1/9',
  'Content-Language': 'de',
  'Content-Security-Policy': 'default-src *',
  'Transfer-Encoding': 'chunked',
}

const fails: Readonly<Record<string, (reply: FastifyReply) => unknown>> = {
  '500': () => {
    throw new Error('marker')
  },
  '404': () => {
    throw new Problem('not-found')
  },
  '409': () => {
    throw Object.assign(new Error('marker'), { statusCode: 409 })
  },
}

const set = (reply: FastifyReply): FastifyReply => {
  reply.raw.setHeader('ETag', '"raw"')
  reply.raw.setHeader('X-Raw', 'kept')
  return reply.headers(OF_SUCCESS).header('set-cookie', ['a=1', 'b=2']).header('x-own', 'kept')
}

test('a problem is sent without what the handler had said of its success', async (t) => {
  const app = await guarded()
  t.after(() => app.close())
  for (const [status, fail] of Object.entries(fails))
    app.get(`/${status}`, { config: { access: 'public' } }, async (_request, reply) => fail(set(reply)))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  for (const status of Object.keys(fails)) {
    const { text, statuses } = await sendRaw(port, request(`GET /${status}`), 2_000)
    assert.deepEqual(statuses, [Number(status)])
    const [head = '', body = ''] = text.split('\r\n\r\n')
    for (const name of Object.keys(OF_SUCCESS)) {
      const lines = head.match(new RegExp(`^${name}: .*`, 'gim')) ?? []
      const doors = securityHeaders[name.toLowerCase()]
      assert.equal(lines.length, doors === undefined ? 0 : 1, `${status}: ${name}`)
      if (doors !== undefined) assert.equal(lines[0], `${name.toLowerCase()}: ${doors}`)
    }
    assert.match(head, /^cache-control: no-store$/m)
    for (const kept of ['set-cookie: a=1', 'set-cookie: b=2', 'x-own: kept', 'X-Raw: kept'])
      assert.ok(head.toLowerCase().includes(kept.toLowerCase()), kept)
    assert.match(head, new RegExp(`^content-length: ${Buffer.byteLength(body)}$`, 'm'))
    assert.equal(JSON.parse(body).status, Number(status))
  }
})

test('a stream that fails before its first byte too', async (t) => {
  const app = await guarded()
  t.after(() => app.close())
  app.get('/x', { config: { access: 'public' } }, async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=3600').header('content-encoding', 'gzip')
    return new Readable({
      read() {
        this.destroy(new Error('marker'))
      },
    })
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { text } = await sendRaw((app.server.address() as AddressInfo).port, request('GET /x'), 2_000)
  assert.match(text, /^HTTP\/1\.1 500 [\s\S]*\r\ncache-control: no-store\r\n/)
  assert.doesNotMatch(text, /max-age=3600|gzip/)
})

test('what a Problem brings itself is sent', async (t) => {
  const app = await guarded()
  t.after(() => app.close())
  app.get('/x', { config: { access: 'public' } }, async () => {
    throw new Problem('not-found', {}, { 'cache-control': 'max-age=5', connection: 'close' })
  })
  const { headers } = await app.inject('/x')
  assert.equal(headers['cache-control'], 'max-age=5')
  assert.equal(headers.connection, 'close')
})
