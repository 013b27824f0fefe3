import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, jsonBody, operation, parameter, startGateway, startUpstream } from '../rig.ts'

const slug = { type: 'string', pattern: '^([a-z0-9]+-?)+$' }
const short = { type: 'string', maxLength: 60 }
const EVIL = `${'a'.repeat(34)}!`
const object = (properties: object) => ({ type: 'object', properties })
const body = (type: string, schema: object) => ({ requestBody: { required: true, content: { [type]: { schema } } } })
const names = Array.from({ length: 40 }, (_, at) => `field${at}`)
const fields = object(Object.fromEntries(names.map((name) => [name, { anyOf: [slug, short] }])))

const document = documentOf({
  '/tags': { post: operation(jsonBody(object({ tags: { type: 'array', items: { anyOf: [slug, short] } } }))) },
  '/name': { post: operation(jsonBody(object({ name: { ...short, not: { pattern: '([a-z0-9]+_?)+\\.exe$' } } }))) },
  '/form': { post: operation(body('application/x-www-form-urlencoded', fields)) },
  '/parts': { post: operation(body('multipart/form-data', fields)) },
  '/query': { get: operation({ parameters: names.map((name) => parameter(name, 'query', { not: slug })) }) },
})
const settings = {
  access: {
    ...Object.fromEntries(['tags', 'name', 'form', 'parts'].map((name) => [`POST /${name}`, 'public'])),
    'GET /query': 'public',
  },
}

test('a value that takes a pattern too long ends its call, early and once, and reaches nobody', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const evil = names.map((name): [string, string] => [name, EVIL])
  const parts = new FormData()
  for (const [name, value] of evil) parts.append(name, value)
  const form = 'application/x-www-form-urlencoded'
  const calls: readonly (readonly [
    place: string,
    method: string,
    path: string,
    options: Parameters<typeof call>[3],
  ])[] = [
    ['body', 'POST', '/tags', { json: { tags: Array(1_700).fill(EVIL) } }],
    ['body', 'POST', '/name', { json: { name: `${'a'.repeat(36)}!evil.exe` } }],
    ['body', 'POST', '/form', { body: `${new URLSearchParams(evil)}`, headers: { 'content-type': form } }],
    ['body', 'POST', '/parts', { body: parts }],
    ['query', 'GET', `/query?${new URLSearchParams(evil)}`, {}],
  ]
  for (const [place, method, path, options] of calls) {
    const began = performance.now()
    const answer = await call(address, method, path, options)
    const took = performance.now() - began
    assert.equal(answer.status, 422, path)
    assert.equal(answer.body.errors[0].in, place)
    assert.equal(answer.body.errors[0].problem, 'took too long to check')
    assert.ok(!answer.text.includes('aaa'), path)
    // 40 values of 50 ms each would be two seconds, and the list of tags over a minute.
    assert.ok(took < 1_000, `${path}: ${took} ms`)
  }
  assert.deepEqual(upstream.reached, [])
  const honest: readonly (readonly [path: string, options: Parameters<typeof call>[3]])[] = [
    ['/tags', { json: { tags: Array(1_700).fill('a-tag') } }],
    ['/name', { json: { name: 'report.pdf' } }],
    ['/form', { body: 'field0=a-b&field1=c', headers: { 'content-type': form } }],
  ]
  for (const [path, options] of honest) assert.equal((await call(address, 'POST', path, options)).status, 200, path)
  assert.equal(upstream.reached.length, honest.length)
})
