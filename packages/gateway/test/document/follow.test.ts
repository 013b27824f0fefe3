import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { readAccess } from '../../src/access.ts'
import { followDocument } from '../../src/document/follow.ts'
import type { ReadDocument } from '../../src/document/source.ts'
import { readDocument } from '../../src/document/source.ts'
import { call, documentOf, folder, operation, session, startGateway, startUpstream } from '../rig.ts'

const one = documentOf({ '/a': { get: operation() } })
const two = documentOf({ '/a': { get: operation() }, '/b': { get: operation() } })

test('a new document is served at the next look, sessions go on, and one that can not be used changes nothing', async (t) => {
  const upstream = await startUpstream(t)
  const settings = { access: { 'GET /a': 'public' } }
  const { address, gateway, documentPath } = await startGateway(t, {
    upstream: upstream.address,
    document: one,
    settings,
  })
  const { token } = await session(address)
  const write = async (document: unknown): Promise<void> => {
    writeFileSync(documentPath, typeof document === 'string' ? document : JSON.stringify(document))
    await gateway.refresh()
  }
  assert.equal((await call(address, 'GET', '/b', { token })).status, 404)
  await write(two)
  assert.equal((await call(address, 'GET', '/b', { token })).status, 200)
  assert.equal((await call(address, 'GET', '/b')).status, 401)
  assert.equal((await call(address, 'GET', '/a')).status, 200)
  assert.deepEqual(gateway.counts(), { taken: 2, kept: 0 })

  const unusable: readonly [unknown, string][] = [
    ['{', 'not JSON'],
    [{ openapi: '2.0' }, 'another version'],
    [documentOf({ '/b': { get: operation() } }), 'without the route that the settings open'],
    [
      documentOf({ '/a': { get: operation() }, '/auth/login': { post: operation() } }),
      'with a route of the gateway’s own',
    ],
    [{ ...two, paths: { '/a': { get: 'x' } } }, 'not valid'],
  ]
  for (const [index, [document, why]] of unusable.entries()) {
    await write(document)
    assert.equal((await call(address, 'GET', '/b', { token })).status, 200, why)
    assert.deepEqual(gateway.counts(), { taken: 2, kept: index + 1 }, why)
  }
  await write(one)
  assert.equal((await call(address, 'GET', '/b', { token })).status, 404)
})

test('one that can not be used is not read anew at each look, but now and then', async (t) => {
  let document: object = one
  const asked: string[] = []
  const server = createServer((request, response) => {
    const text = JSON.stringify(document)
    const etag = `"${text.length}"`
    const { 'if-none-match': known } = request.headers
    asked.push(known === etag ? 'known' : 'read')
    if (known === etag) response.writeHead(304).end()
    else response.writeHead(200, { etag }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const place = `http://127.0.0.1:${(server.address() as AddressInfo).port}/openapi.json`
  const used: unknown[] = []
  const kept: string[] = []
  const following = followDocument({
    place,
    first: (await readDocument(place)) as ReadDocument,
    everyMs: 1_000_000,
    use: async (read) => {
      used.push(read.document)
      if ('/b' in (read.document['paths'] as object)) throw new Error('not here')
    },
    kept: (reason) => kept.push(reason),
  })
  t.after(following.stop)
  const looks = async (times: number): Promise<readonly string[]> => {
    asked.length = 0
    for (let time = 0; time < times; time += 1) await following.look()
    return asked
  }
  document = { ...one, paths: { '/a': { get: 'x' } } }
  assert.deepEqual(await looks(3), ['read', 'known', 'known'])
  document = two
  assert.deepEqual(await looks(3), ['read', 'known', 'known'])
  assert.deepEqual([used, kept.length], [[two], 2])
  // The machine may have stood still, and not the document have been wrong.
  assert.equal((await looks(20)).filter((one) => one === 'read').length, 1)
  assert.deepEqual([used, kept.length], [[two, two], 2])
  // What is served is not built again.
  document = one
  assert.deepEqual(await looks(2), ['read', 'known'])
  document = { ...one, info: { title: 'new', version: '2' } }
  assert.deepEqual(await looks(2), ['read', 'known'])
  assert.deepEqual(used, [two, two, document])
})

test('requests that are on their way while the document changes are answered', async (t) => {
  const upstream = await startUpstream(t, (_request, response) => setTimeout(() => response.end('{}'), 5))
  const settings = { access: { 'GET /a': 'public' } }
  const { address, gateway, documentPath } = await startGateway(t, {
    upstream: upstream.address,
    document: one,
    settings,
  })
  let done = false
  const asking = Array.from({ length: 4 }, async () => {
    const statuses: number[] = []
    while (!done) statuses.push((await call(address, 'GET', '/a')).status)
    return statuses
  })
  for (const document of [two, one, two, one]) {
    writeFileSync(documentPath, JSON.stringify(document))
    await gateway.refresh()
  }
  done = true
  const statuses = (await Promise.all(asking)).flat()
  assert.ok(statuses.length > 8)
  assert.deepEqual([...new Set(statuses)], [200])
  assert.deepEqual(gateway.counts(), { taken: 5, kept: 0 })
})

test('a document is read within bounds, from where it was said to be, and asked for once while it stays the same', async (t) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers['if-none-match'] ?? ''}`.trim())
    if (request.url === '/moved') response.writeHead(302, { location: '/openapi.json' }).end()
    else if (request.url === '/big') response.end(`{"openapi":"3.1.0","x":"${'x'.repeat(9 * 1024 * 1024)}"}`)
    else if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end()
    else if (request.url === '/openapi.json') response.writeHead(200, { etag: '"1"' }).end(JSON.stringify(one))
    else if (request.url === '/refers')
      response.end(
        JSON.stringify(
          documentOf({ '/a': { get: { ...operation(), parameters: [{ $ref: `http://127.0.0.1:${port}/inside` }] } } }),
        ),
      )
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  t.after(() => server.close())
  const at = (path: string): string => `http://127.0.0.1:${port}${path}`

  const first = await readDocument(at('/openapi.json'))
  assert.equal(first?.etag, '"1"')
  assert.equal(await readDocument(at('/openapi.json'), first), undefined)
  await assert.rejects(readDocument(at('/moved')), /answered 302/)
  await assert.rejects(readDocument(at('/big')), /more than 8388608 bytes/)
  await assert.rejects(readDocument(at('/absent')), /answered 404/)
  await assert.rejects(readDocument('http://127.0.0.1:9/openapi.json'), /can't be read: ECONNREFUSED/)
  await assert.rejects(readDocument('/nowhere/openapi.json'), /there is no file/)
  // What it refers to elsewhere is not read: neither while it is checked, nor afterwards (SSRF).
  await readDocument(at('/refers')).catch(() => undefined)
  assert.deepEqual(asked, ['/openapi.json', '/openapi.json "1"', '/moved', '/big', '/absent', '/refers'])
})

test('a document in YAML is read from an address too, asked for once and where it is', async (t) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/moved.yaml') response.writeHead(302, { location: '/openapi.yaml' }).end()
    else response.end('openapi: 3.1.0\ninfo: { title: t, version: "1" }\npaths:\n  /a: { get: { responses: {} } }\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const at = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  for (const path of ['/openapi.yaml', '/openapi.yml?v=1'])
    assert.deepEqual(Object.keys((await readDocument(at(path)))?.document ?? {}), ['openapi', 'info', 'paths'])
  await assert.rejects(readDocument(at('/moved.yaml')), /answered 302/)
  assert.deepEqual(asked, ['/openapi.yaml', '/openapi.yml?v=1', '/moved.yaml'])
})

test('a document that can not be read is said to be so with the place, and nothing of what stands there', async (t) => {
  const cwd = folder(t)
  for (const [name, text, said] of [
    [
      'a.json',
      '{\n  "openapi": "3.1.0",\n}',
      'it is no JSON (line 3, column 1); YAML is known by its name, .yaml or .yml',
    ],
    ['b.json', 'openapi: 3.1.0', 'it is no JSON; YAML is known by its name, .yaml or .yml'],
    ['c.json', '[]', 'it is no JSON object'],
    [
      'd.json',
      '{"openapi":"3.1.0","paths":{"/a":{"get":{}},"/\\u0061":{}}}',
      'it has "/a" twice in one object, where only the last would count',
    ],
    ['a.yaml', 'openapi: 3.1.0\npaths: {/a/{id}: {}}', 'it is no YAML object (line 2, column 12)'],
    ['b.yaml', 'words', 'it is no YAML object'],
  ] as const) {
    writeFileSync(join(cwd, name), text)
    await assert.rejects(readDocument(join(cwd, name)), { message: said })
  }
  await assert.rejects(readDocument(cwd), { message: 'it is a folder' })
  await assert.rejects(
    readDocument('/openapi.json'),
    /there is no file of that name; an address is written whole: http/,
  )
})

test('a byte order mark in front of a document, or of gateway.json, is passed over', async (t) => {
  const place = folder(t)
  const path = join(place, 'openapi.json')
  const document = documentOf({ '/a': { get: operation() } })
  writeFileSync(path, `\ufeff${JSON.stringify(document)}`)
  assert.deepEqual((await readDocument(path))?.document, document)
  writeFileSync(path, '\ufeff{"access":{"GET /a":"public"}}')
  assert.deepEqual([...readAccess(path).rules.keys()], ['GET /a'])
})

test('a method that OpenAPI does not know is named, and the document that has it is read: NestJS writes one of @All()', async (t) => {
  const upstream = await startUpstream(t)
  for (const openapi of ['3.0.0', '3.1.0']) {
    const { address, gateway } = await startGateway(t, {
      upstream: upstream.address,
      document: { ...documentOf({ '/a': { get: operation(), search: operation() } }), openapi },
      settings: { access: { 'GET /a': 'public' } },
    })
    assert.deepEqual(gateway.document().refused, ['SEARCH /a is not forwarded'])
    assert.equal((await call(address, 'GET', '/a')).status, 200)
  }
})
