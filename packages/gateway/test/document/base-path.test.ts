import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beyondBasePath } from '../../src/document/base-path.ts'
import type { Part } from '../../src/document/pointers.ts'
import { documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const noted = (upstream: string, ...urls: readonly unknown[]): readonly string[] =>
  beyondBasePath({ servers: urls.map((url) => ({ url })) } as Part, new URL(upstream))

test('a document whose paths are below a base path that the upstream is not asked under is named, and what to write', () => {
  const below = (asked: string, meant: string) => [
    `servers of the document has its paths under /v1, and --upstream under ${asked}: if the backend has them there too, write --upstream ${meant}`,
  ]
  for (const url of ['https://api.example.com/v1', '/v1', '/v1/', 'v1'])
    assert.deepEqual(noted('http://127.0.0.1:8000', url), below('/', 'http://127.0.0.1:8000/v1'), url)
  assert.deepEqual(noted('http://127.0.0.1:8000/v2/', '/v1'), below('/v2', 'http://127.0.0.1:8000/v1'))
  for (const url of ['https://api.example.com', '/', 'https://{host}/v1', 'http://[', 7, undefined])
    assert.deepEqual(noted('http://127.0.0.1:8000', url), [], String(url))
  assert.deepEqual(noted('http://127.0.0.1:8000/v1', '/v1/'), [])
  assert.deepEqual(noted('http://127.0.0.1:8000', 'https://api.example.com/v1', 'http://localhost:8000'), [])
  assert.deepEqual(beyondBasePath({}, new URL('http://127.0.0.1:8000')), [])
})

test('the start says it', async (t) => {
  const { address } = await startUpstream(t)
  const document = documentOf({ '/a': { get: operation() } }, { servers: [{ url: 'https://api.example.com/v1' }] })
  const { gateway } = await startGateway(t, { upstream: address, document })
  assert.match(gateway.document().shadowed.join('\n'), /write --upstream http:\/\/127\.0\.0\.1:\d+\/v1$/)
})

test('a value that is written as Express writes it is said to be a text', async (t) => {
  const { address } = await startUpstream(t)
  const paths = { '/a/:id/b': { get: operation() }, '/a/x:batch': { get: operation() } }
  const { gateway } = await startGateway(t, { upstream: address, document: documentOf(paths) })
  assert.deepEqual(gateway.document().shadowed, ['GET /a/:id/b has :id as a text: write {id} for a value'])
})
