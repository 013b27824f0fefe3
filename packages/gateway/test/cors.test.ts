import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { readSettings } from '../src/settings.ts'
import { call, documentOf, operation, parameter, startGateway, startUpstream } from './rig.ts'

const ORIGIN = 'https://app.example.com'
const header = (name: string) =>
  operation({ parameters: [parameter(name, 'header', { type: 'string', maxLength: 9 })] })
const documentWith = (name: string): object => documentOf({ '/a': { get: header(name) }, '/b': { get: header('X-B') } })
const settings = { access: { 'GET /a': 'public' }, hide: ['GET /b'] }
const env = { CORS_ORIGINS: ORIGIN, CORS_ALLOWED_HEADERS: 'If-Match', CORS_EXPOSED_HEADERS: 'X-Total-Count, ETag' }

test('pages of a listed origin may send what the document describes and what is named, and read what is named', async (t) => {
  const upstream = await startUpstream(t, (_request, response) => {
    response.writeHead(200, { 'x-total-count': '7', 'access-control-expose-headers': 'X-Secret' }).end()
  })
  const document = documentWith('X-Tenant')
  const { address, gateway, documentPath } = await startGateway(t, {
    upstream: upstream.address,
    document,
    settings,
    env,
  })
  const asked = async (origin: string): Promise<readonly string[]> => {
    const headers = { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'x-tenant' }
    const answer = await call(address, 'OPTIONS', '/a', { headers })
    return answer.headers.get('access-control-allow-headers')?.split(', ') ?? []
  }
  assert.deepEqual(await asked(ORIGIN), ['Authorization', 'Content-Type', 'x-tenant', 'If-Match'])
  assert.deepEqual(await asked('https://evil.example'), [])
  const answer = await call(address, 'GET', '/a', { headers: { origin: ORIGIN, 'x-tenant': 'a' } })
  const exposed = answer.headers.get('access-control-expose-headers')?.split(', ')
  assert.deepEqual(exposed, ['RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Total-Count', 'ETag'])
  assert.equal(upstream.reached[0]?.headers['x-tenant'], 'a')
  // With a new document what it describes; what no field can be called is nothing.
  writeFileSync(documentPath, JSON.stringify(documentWith('X-Other')))
  await gateway.refresh()
  assert.equal((await asked(ORIGIN))[2], 'x-other')
  writeFileSync(documentPath, JSON.stringify(documentWith('x, *')))
  await gateway.refresh()
  assert.deepEqual(await asked(ORIGIN), ['Authorization', 'Content-Type', 'If-Match'])
})

test('a wildcard is no name, and stops the start', () => {
  for (const name of ['CORS_ALLOWED_HEADERS', 'CORS_EXPOSED_HEADERS'])
    assert.throws(
      () => readSettings({ UPSTREAM: 'http://127.0.0.1:1', [name]: '*' }, true),
      new RegExp(`${name}.*wildcard`),
    )
})
