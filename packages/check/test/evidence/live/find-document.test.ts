import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { planLive, runLive } from '../../../src/evidence/live/index.ts'
import { judgeLive } from '../../../src/rules/live/index.ts'
import { DOCUMENT } from './backend.ts'

test('a document that is shown as documentation is the one that routes are compared with', async () => {
  for (const place of ['/openapi.json', '/swagger.json', '/api-docs', '/api-docs.json', '/v3/api-docs', '/doc']) {
    const server = createServer((request, response) =>
      request.url === place ? response.end(JSON.stringify(DOCUMENT)) : response.writeHead(404).end(),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}`
    const plan = await planLive({ url, allowWrites: false, iOwnThisHost: false })
    const seen = judgeLive(await runLive(plan))
    server.close()
    const said = (id: string) => seen.find((one) => one.id === id)?.summary ?? ''
    assert.equal(said('docs-exposed'), `documentation answers without a token: ${place}`)
    assert.doesNotMatch(said('declared-but-open'), /no OpenAPI document/, place)
  }
})

test('a document that is too long to be read is told from none', async (t) => {
  const long = { openapi: '3.1.0', info: { title: 'x'.repeat(300_000) }, paths: DOCUMENT.paths }
  const server = createServer((request, response) =>
    request.url === '/openapi.json' ? response.end(JSON.stringify(long)) : response.writeHead(404).end(),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const seen = judgeLive(await runLive(await planLive({ url, allowWrites: false, iOwnThisHost: false })))
  for (const id of ['declared-but-open', 'undocumented-routes'])
    assert.equal(
      seen.find((one) => one.id === id)?.summary,
      'the OpenAPI document at /openapi.json is over 256 KiB and was not read: give it as a file, with --openapi',
    )
})

test('a document that is sent compressed, though nobody asked for it, is read', async () => {
  const document = JSON.stringify(DOCUMENT)
  for (const [encoding, body, found] of [
    ['gzip', gzipSync(document), true],
    ['deflate', deflateSync(document), true],
    ['br', brotliCompressSync(document), true],
    ['gzip', Buffer.from(document), true],
    ['gzip', gzipSync(Buffer.alloc(64 * 1024 * 1024)), false],
  ] as const) {
    const server = createServer((request, response) =>
      request.url === '/openapi.json'
        ? response.writeHead(200, { 'content-encoding': encoding }).end(body)
        : response.writeHead(404).end(),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const plan = await planLive({ url, allowWrites: false, iOwnThisHost: false })
    server.close()
    assert.equal(plan.draft.document !== undefined, found, encoding)
  }
})
