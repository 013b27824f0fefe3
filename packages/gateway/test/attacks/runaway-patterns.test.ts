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

test('alternatives within alternatives end their call too, and a discriminator is looked at before its branch', async (t) => {
  const child = (name: string) => ({ $ref: `#/components/schemas/${name}` })
  const branch = (kind: string, of: string) => ({
    type: 'object',
    required: ['kind'],
    properties: { child: child(of), kind: { type: 'string', enum: [kind] } },
  })
  const unions = (extra: object, of: string) => ({ oneOf: [child(`A${of}`), child(`B${of}`)], ...extra })
  const recursive = {
    ...documentOf({
      '/plain': { post: operation(jsonBody(child('Plain'))) },
      '/tagged': { post: operation(jsonBody(child('Tagged'))) },
    }),
    components: {
      schemas: {
        Plain: { anyOf: [child('APlain'), child('BPlain')] },
        APlain: object({ child: child('Plain'), a: short }),
        BPlain: object({ child: child('Plain'), b: short }),
        Tagged: unions({ discriminator: { propertyName: 'kind', mapping: { a: 'ATagged', b: 'BTagged' } } }, 'Tagged'),
        ATagged: branch('a', 'Tagged'),
        BTagged: branch('b', 'Tagged'),
      },
    },
  }
  const upstream = await startUpstream(t)
  const open = { access: { 'POST /plain': 'public', 'POST /tagged': 'public' } }
  const { address } = await startGateway(t, { upstream: upstream.address, document: recursive, settings: open })
  const nested = (depth: number, level: object, leaf: object): object =>
    depth === 0 ? leaf : { child: nested(depth - 1, level, leaf), ...level }
  const began = performance.now()
  const answer = await call(address, 'POST', '/plain', { json: nested(30, {}, { child: 1 }) })
  assert.deepEqual([answer.status, answer.body.errors[0].problem], [422, 'took too long to check'])
  // Without a clock it takes an hour.
  assert.ok(performance.now() - began < 2_000)
  const honest = await call(address, 'POST', '/plain', { json: nested(4, {}, { a: 'x' }) })
  assert.equal(honest.status, 200, honest.text)
  const deep = await call(address, 'POST', '/tagged', { json: nested(25, { kind: 'b' }, { kind: 'a' }) })
  assert.equal(deep.status, 200, deep.text)
})

test('a form of thousands of pairs of one name is judged in time that grows with it', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const sent = async (pairs: number): Promise<number> => {
    const began = performance.now()
    const answer = await call(address, 'POST', '/form', {
      body: Array(pairs).fill('a').join('&'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    assert.equal(answer.status, 422)
    return performance.now() - began
  }
  await sent(1_000)
  const [few, many] = [await sent(4_000), await sent(32_000)]
  // Eight times as many: by their square, sixty times as long (5 s).
  assert.ok(many < few * 30 + 200, `${few} ms, ${many} ms`)
})
