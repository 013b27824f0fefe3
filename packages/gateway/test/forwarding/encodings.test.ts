import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readOperations } from '../../src/document/operations.ts'
import type { Part } from '../../src/document/pointers.ts'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const FORM = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data'
const tags = { type: 'array', items: { type: 'string', maxLength: 3 }, maxItems: 2 }
const item = { type: 'object', properties: { a: { type: 'integer', maximum: 9 } }, required: ['a'] }
const items = { type: 'array', items: item, maxItems: 2 }
const json = { contentType: 'application/json' }

const taking = (type: string, properties: object, encoding: object) => ({
  post: operation({
    requestBody: { required: true, content: { [type]: { schema: { type: 'object', properties }, encoding } } },
  }),
})
const document = documentOf({
  '/form': taking(
    FORM,
    { commas: tags, blanks: tags, each: tags, one: item, all: items },
    {
      ...{ commas: { explode: false }, blanks: { style: 'spaceDelimited', explode: false } },
      ...{ one: json, all: { contentType: 'application/json; charset=utf-8' } },
    },
  ),
  // As OpenAPI 3.1 §4.8.14.3 has it.
  '/parts': taking(
    MULTIPART,
    { image: {}, scan: { type: 'string' }, items, names: tags, note: { type: 'string', maxLength: 3 }, one: item },
    {
      image: { contentType: 'image/png, image/jpeg' },
      scan: { contentType: 'application/pdf' },
      ...{ names: json, note: { contentType: 'text/markdown' }, one: { contentType: 'application/json' } },
    },
  ),
})
type Form = readonly (readonly [string, string | Blob])[]

const settings = { access: { 'POST /form': 'public', 'POST /parts': 'public' } }

test('a list or an object of a form is read as its encoding says: each item is judged', async (t) => {
  const upstream = await startUpstream(t)
  const { address, gateway } = await startGateway(t, { upstream: upstream.address, document, settings })
  assert.deepEqual(gateway.document().refused, [])
  const send = async (body: string): Promise<number> =>
    (await call(address, 'POST', '/form', { body, headers: { 'content-type': FORM } })).status
  for (const body of [
    ...['commas=a,b,c', 'commas=a&commas=b', 'commas=long,a', 'blanks=a%20b%20c', 'blanks=long', 'each=long'],
    ...['each=a&each=b&each=c', 'one=%7B%22a%22%3A10%7D', 'one=%7B%22b%22%3A1%7D', 'one=x', 'one=%7B%7D&one=%7B%7D'],
    ...['all=%5B%7B%22a%22%3A10%7D%5D', 'all=%7B%22a%22%3A1%7D', 'one%5Ba%5D=1'],
  ])
    assert.equal(await send(body), 422, body)
  assert.equal(upstream.reached.length, 0)
  const passes = 'commas=a%2Cb&blanks=a%20b&each=a%2Cb&each=c&one=%7B%22a%22%3A1%7D&all=%5B%7B%22a%22%3A1%7D%5D'
  assert.equal(await send(passes), 200)
  assert.equal(upstream.reached[0]?.body.toString(), passes)
})

test('a part is a file, a text or JSON as its encoding says, and each of a list of objects is JSON', async (t) => {
  const upstream = await startUpstream(t)
  const { address, gateway } = await startGateway(t, { upstream: upstream.address, document, settings })
  assert.deepEqual(gateway.document().refused, [])
  const file = new Blob(['content'], { type: 'image/png' })
  const send = async (parts: Form): Promise<number> => {
    const body = new FormData()
    for (const [name, value] of parts) {
      if (typeof value === 'string') body.append(name, value)
      else body.append(name, value, 'a.png')
    }
    return (await call(address, 'POST', '/parts', { body })).status
  }
  const one = '{"a":1}'
  const each = (...texts: readonly string[]): Form => texts.map((text) => ['items', text])
  const refused: readonly Form[] = [
    [['image', 'text']],
    [['scan', 'text']],
    [['note', file]],
    [['note', 'long']],
    [['items', file]],
    each('{"a":10}'),
    each(`[${one},{"a":10}]`),
    each('{"a":1},{"a":1}'),
    each('x'),
    each(one, '{"b":1}'),
    each(one, one, one),
    each(`[${one}]`, `[${one}]`),
    [['names', '["long"]']],
    [['names', '["a","b","c"]']],
    [['names', 'a']],
  ]
  for (const form of refused) assert.equal(await send(form), 422, JSON.stringify(form))
  assert.equal(upstream.reached.length, 0)
  const taken: readonly Form[] = [
    each(one, one),
    [...each(`[${one},${one}]`), ['names', '["a","b"]']],
    [
      ['names', '"a"'],
      ['names', '"b"'],
    ],
    [
      ['image', file],
      ['scan', file],
      ['note', 'abc'],
      ['one', one],
    ],
  ]
  for (const form of taken) assert.equal(await send(form), 200, JSON.stringify(form))
  const told = /name="items"\r\nContent-Type: application\/json\r\n\r\n\{"a":1\}\r\n/
  assert.match(upstream.reached[0]?.body.toString() ?? '', told)
})

test('what an encoding makes of a field so that it can not be judged is not served', () => {
  for (const [type, encoding, reason] of [
    [FORM, { one: { style: 'deepObject', explode: true } }, 'takes one in the style deepObject, which is not served'],
    [MULTIPART, { one: { contentType: 'image/png' } }, 'takes one as an object that is no JSON, which is not served'],
    [
      FORM,
      { one: { contentType: 'application/xml' } },
      'takes one as an object in the style form, which is not served',
    ],
  ] as const) {
    const { refused } = readOperations(documentOf({ '/x': taking(type, { one: item }, encoding) }) as Part)
    assert.deepEqual(refused, [`POST /x ${reason}`])
  }
})

test('a form that can not be judged is left out beside a type that can, and named', async (t) => {
  const upstream = await startUpstream(t)
  const flat = { type: 'object', properties: { a: { type: 'string', maxLength: 3 } } }
  const deep = { type: 'object', properties: { one: item } }
  const body = (...types: readonly (readonly [string, object])[]) => ({
    requestBody: { required: true, content: Object.fromEntries(types.map(([type, schema]) => [type, { schema }])) },
  })
  const paths = {
    '/a': { post: operation(body([FORM, deep], [MULTIPART, { type: 'object' }], ['application/json', deep])) },
    '/b': { post: operation(body([FORM, flat], [MULTIPART, { oneOf: [flat] }])) },
    // Nobody would look at what is sent as the other.
    '/c': { post: operation(body([FORM, deep], ['application/octet-stream', {}])) },
  }
  const { address, gateway } = await startGateway(t, {
    upstream: upstream.address,
    document: documentOf(paths),
    settings: { access: { 'POST /a': 'public', 'POST /b': 'public' } },
  })
  const listed = 'takes a multipart form whose parts it does not list, which is not served'
  assert.deepEqual(gateway.document().refused, [
    `POST /a as ${FORM} takes one as an object in the style form, which is not served`,
    `POST /a as ${MULTIPART} ${listed}`,
    `POST /b as ${MULTIPART} takes a multipart form with oneOf at its top, which is not served`,
    'POST /c takes one as an object in the style form, which is not served',
  ])
  const form = new FormData()
  form.append('a', 'b')
  const headers = { 'content-type': FORM }
  assert.equal((await call(address, 'POST', '/a', { json: { one: { a: 10 } } })).status, 422)
  for (const unjudged of [
    { body: 'one=1', headers },
    { body: form },
    { body: '{}', headers: { 'content-type': 'text/plain; x="a+json"' } },
  ])
    assert.equal((await call(address, 'POST', '/a', unjudged)).status, 415)
  assert.equal((await call(address, 'POST', '/b', { body: form })).status, 415)
  assert.equal((await call(address, 'POST', '/b', { body: 'a=long', headers })).status, 422)
  assert.equal(upstream.reached.length, 0)
  assert.equal((await call(address, 'POST', '/a', { json: { one: { a: 9 } } })).status, 200)
  assert.equal((await call(address, 'POST', '/b', { body: 'a=abc', headers })).status, 200)
})
