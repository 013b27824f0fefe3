import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { readDocument } from '../../src/document/source.ts'
import { documentOf, operation } from '../rig.ts'

const document = documentOf({ '/a': { get: operation() } })
const json = JSON.stringify(document)

/** The address of a server that says this in that content coding, whatever it was asked for. */
const served = async (t: TestContext, path: string, bytes: Buffer, coding: string): Promise<string> => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-encoding': coding })
    response.end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
}

test('a document that a server compresses unasked is read', async (t) => {
  const answers: readonly (readonly [path: string, bytes: Buffer, coding: string])[] = [
    ['/openapi.json', gzipSync(json), 'gzip'],
    ['/openapi.json', brotliCompressSync(json), 'br'],
    ['/openapi.json', deflateSync(json), 'Deflate'],
    ['/openapi.yaml', gzipSync(json), 'gzip'],
  ]
  for (const [path, bytes, coding] of answers) {
    const read = await readDocument(await served(t, path, bytes, coding))
    assert.deepEqual(read?.document, document, `${path} ${coding}`)
  }
})

test('one whose coding is unknown or broken, or that is too long without it, is said to be so', async (t) => {
  const tooLong = gzipSync(Buffer.alloc(8 * 1024 * 1024 + 1, ' '))
  const answers: readonly (readonly [bytes: Buffer, coding: string])[] = [
    [Buffer.from(json), 'compress'],
    [Buffer.from(json), 'gzip'],
    [gzipSync(gzipSync(json)), 'gzip, gzip'],
    [tooLong, 'gzip'],
  ]
  for (const [bytes, coding] of answers)
    await assert.rejects(
      readDocument(await served(t, '/openapi.json', bytes, coding)),
      /content coding can't be read, or it has more than 8388608 bytes/,
      coding,
    )
})
