import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { securityHeaders } from '../../../src/response/index.ts'
import { request, sendRaw } from '../../attacks/raw-socket.ts'
import { guarded } from './app.ts'

const OWN = { 'Cache-Control': 'max-age=1', 'Content-Security-Policy': "default-src 'self'", Vary: 'Accept' }

/** The arguments of writeHead behind the status, as wrappers hand them on. */
const calls: readonly (readonly unknown[])[] = [
  [OWN],
  [OWN, undefined],
  [OWN, null],
  [undefined, OWN],
  [null, OWN],
  ['Fine', OWN],
  [Object.entries(OWN).flat(), undefined],
  [undefined, Object.entries(OWN)],
]

const without: readonly (readonly unknown[])[] = [
  [],
  [undefined],
  [undefined, undefined],
  ['Fine'],
  ['Fine', undefined],
]

const linesOf = (text: string, name: string): readonly string[] =>
  (text.split('\r\n\r\n', 1)[0] ?? '').match(new RegExp(`(?<=^${name}: ).*`, 'gim')) ?? []

for (const more of [false, true]) {
  test(`a raw head is read as Node reads it, ${more ? 'beside a field that is set' : 'alone'}`, async (t) => {
    const app = await guarded({ cors: { origins: ['https://a.example'] } })
    t.after(() => app.close())
    for (const [at, rest] of [...calls, ...without].entries())
      app.get(`/${at}`, { config: { access: 'public' } }, async (_request, reply) => {
        reply.hijack()
        if (more) reply.raw.setHeader('X-More', '1')
        Reflect.apply(reply.raw.writeHead, reply.raw, [200, ...rest])
        reply.raw.end('raw')
      })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    for (const [at, rest] of [...calls, ...without].entries()) {
      const { text } = await sendRaw(port, request(`GET /${at}`, ['Origin: https://a.example']), 2_000)
      const what = JSON.stringify(rest)
      const own = at < calls.length
      assert.ok(text.startsWith(`HTTP/1.1 200 ${rest[0] === 'Fine' ? 'Fine' : 'OK'}\r\n`), what)
      assert.deepEqual(linesOf(text, 'cache-control'), [own ? OWN['Cache-Control'] : 'no-store'], what)
      assert.deepEqual(
        linesOf(text, 'content-security-policy'),
        [own ? OWN['Content-Security-Policy'] : securityHeaders['content-security-policy']],
        what,
      )
      assert.deepEqual(linesOf(text, 'vary'), [own ? 'Accept, Origin' : 'Origin'], what)
      assert.deepEqual(linesOf(text, 'access-control-allow-origin'), ['https://a.example'], what)
      assert.deepEqual(linesOf(text, 'x-more'), more ? ['1'] : [], what)
    }
  })
}
