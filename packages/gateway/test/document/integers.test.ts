import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readingsOf } from '../../src/document/integers.ts'
import { call, documentOf, jsonBody, operation, parameter, startGateway } from '../rig.ts'
import { recordingUpstream } from '../upstreams/recording.ts'

const read = (text: string): readonly unknown[] => readingsOf(Buffer.from(text), JSON.parse(text)).values

test('a whole number that no double is, is read as both of those around it', () => {
  for (const [text, ...values] of [
    ['9007199254740991', 2 ** 53 - 1],
    ['9007199254740992', 2 ** 53],
    ['9007199254740993', 2 ** 53, 2 ** 53 + 2],
    ['9007199254740995', 2 ** 53 + 2, 2 ** 53 + 4],
    ['-9007199254740993', -(2 ** 53) - 2, -(2 ** 53)],
    ['9007199254740993.0', 2 ** 53, 2 ** 53 + 2],
    ['9007199254740993.9', 2 ** 53, 2 ** 53 + 2],
    ['9.007199254740993e15', 2 ** 53, 2 ** 53 + 2],
    ['90071992547409930E-1', 2 ** 53, 2 ** 53 + 2],
    ['9223372036854775807', 2 ** 63 - 1024, 2 ** 63],
    ['-9223372036854775808', -(2 ** 63)],
    ['-9223372036854775809', -(2 ** 63) - 2048, -(2 ** 63)],
    ['1e22', 1e22],
    ['1e99', 1e99],
    ['123456789e3', 123_456_789_000],
    ['0.12345678901234566', 0.12345678901234566],
    ['"é \\" 9007199254740993"', 'é " 9007199254740993'],
    ['"9007199254740993"', '9007199254740993'],
  ] as const)
    assert.deepEqual(read(text), values, text)
  assert.deepEqual(read('{"a":[9007199254740993,1,"x"],"b":{"c":-9007199254740993}}'), [
    { a: [2 ** 53, 1, 'x'], b: { c: -(2 ** 53) - 2 } },
    { a: [2 ** 53 + 2, 1, 'x'], b: { c: -(2 ** 53) } },
  ])
})

/** Of each schema what it takes, and what it would take if it were rounded first. */
const BODIES: Readonly<
  Record<string, readonly [schema: object, passes: readonly string[], refuses: readonly string[]]>
> = {
  '/maximum': [
    { type: 'integer', maximum: 2 ** 53 },
    ['9007199254740992', '-9007199254740993', '7'],
    ['9007199254740993', '9007199254740993.0', '9.007199254740993e15'],
  ],
  '/minimum': [{ type: 'integer', minimum: -(2 ** 53) }, ['-9007199254740992'], ['-9007199254740993']],
  '/enum': [{ enum: [2 ** 53, 7] }, ['9007199254740992', '7'], ['9007199254740993']],
  '/int64': [
    { type: 'integer', format: 'int64' },
    ['9223372036854775807', '-9223372036854775808', '1234567890123456789'],
    ['9223372036854775808', '-9223372036854775809', '18446744073709551616', '1e19', '9223372036854775808.0'],
  ],
  // Which Springdoc writes, and JSON.parse makes 2^63 of.
  '/longest': [{ type: 'integer', maximum: 2 ** 63 }, ['9223372036854775807'], ['9223372036854775808']],
  '/longest-unsigned': [{ type: 'integer', maximum: 2 ** 64 }, ['18446744073709551615'], ['18446744073709551616']],
  // As .NET describes it, which reads a number from a text too.
  '/either': [
    { type: ['integer', 'string'], pattern: '^-?(?:0|[1-9]\\d*)$', maximum: 2 ** 53 },
    ['9007199254740992'],
    ['9007199254740993'],
  ],
  '/even': [
    { type: 'integer', multipleOf: 2 },
    ['9007199254740992', '-9007199254740994', '18446744073709551614', '4'],
    ['9007199254740993', '-9007199254740993', '18446744073709551615', '3'],
  ],
  '/tens': [
    { type: 'integer', multipleOf: 10 },
    ['99999999999999990', '9007199254740990', '9223372036854775800', '20'],
    ['99999999999999999', '99999999999999984', '9223372036854775807', '9007199254740991'],
  ],
  '/tens-either': [
    { type: ['integer', 'string'], pattern: '^-?(?:0|[1-9]\\d*)$', multipleOf: 10 },
    ['99999999999999990'],
    ['99999999999999999'],
  ],
  '/tens-inside': [
    { type: 'array', items: { type: 'object', properties: { a: { type: 'integer', multipleOf: 10 } } } },
    ['[{"a":99999999999999990}]'],
    ['[{"a":10},{"a":99999999999999999}]'],
  ],
  '/list': [{ type: 'array', items: { type: 'integer', maximum: 2 ** 53 } }, ['[1,2]'], ['[1,9007199254740993]']],
}

test('it is compared exactly, and goes on as it was written', async (t) => {
  const upstream = await recordingUpstream(t)
  const { address } = await startGateway(t, {
    upstream: upstream.origin,
    document: documentOf(
      Object.fromEntries(
        Object.entries(BODIES).map(([path, [schema]]) => [path, { post: operation(jsonBody(schema)) }]),
      ),
    ),
    settings: { access: Object.fromEntries(Object.keys(BODIES).map((path) => [`POST ${path}`, 'public'])) },
  })
  const headers = { 'content-type': 'application/json' }
  for (const [path, [, passes, refuses]] of Object.entries(BODIES)) {
    upstream.clear()
    for (const body of refuses) assert.equal((await call(address, 'POST', path, { body, headers })).status, 422, body)
    assert.equal(upstream.requests.length, 0)
    for (const body of passes) assert.equal((await call(address, 'POST', path, { body, headers })).status, 200, body)
    assert.deepEqual(
      upstream.requests.map(({ body }) => body.toString()),
      passes,
    )
  }
})

test('in JSON of a parameter, and of a part of a form, as well', async (t) => {
  const upstream = await recordingUpstream(t)
  const schema = { type: 'object', properties: { a: { type: 'integer', maximum: 2 ** 53 } } }
  const form = { type: 'object', properties: { part: schema } }
  const { address } = await startGateway(t, {
    upstream: upstream.origin,
    document: documentOf({
      '/query': {
        get: operation({ parameters: [{ name: 'j', in: 'query', content: { 'application/json': { schema } } }] }),
      },
      '/form': { post: operation({ requestBody: { content: { 'multipart/form-data': { schema: form } } } }) },
    }),
    settings: { access: { 'GET /query': 'public', 'POST /form': 'public' } },
  })
  for (const [digits, status] of [
    ['9007199254740992', 200],
    ['9007199254740993', 422],
  ] as const) {
    const json = `{"a":${digits}}`
    const body = new FormData()
    body.set('part', json)
    assert.equal((await call(address, 'GET', `/query?j=${encodeURIComponent(json)}`)).status, status)
    assert.equal((await call(address, 'POST', '/form', { body })).status, status)
  }
})

test('in a path, a query, a header, a cookie and a form as well, and in the lists and objects of these', async (t) => {
  const upstream = await recordingUpstream(t)
  const { address } = await startGateway(t, {
    upstream: upstream.origin,
    document: documentOf(
      Object.fromEntries(
        Object.entries(BODIES).map(([path, [schema]]) => [
          `${path}/{id}`,
          {
            parameters: [parameter('id', 'path', schema)],
            get: operation({
              parameters: [
                parameter('q', 'query', schema),
                parameter('list', 'query', { type: 'array', items: schema }),
                parameter('f', 'query', { type: 'object', properties: { a: schema } }, { style: 'deepObject' }),
                parameter('X-Id', 'header', schema),
                parameter('id', 'cookie', schema),
              ],
            }),
            post: operation({
              requestBody: {
                content: Object.fromEntries(
                  ['application/x-www-form-urlencoded', 'multipart/form-data'].map((type) => [
                    type,
                    { schema: { type: 'object', properties: { a: schema } } },
                  ]),
                ),
              },
            }),
          },
        ]),
      ),
    ),
    settings: {
      access: Object.fromEntries(
        Object.keys(BODIES).flatMap((path) => ['GET', 'POST'].map((method) => [`${method} ${path}/{id}`, 'public'])),
      ),
    },
  })
  for (const [path, [schema, passes, refuses]] of Object.entries(BODIES)) {
    if ('items' in schema) continue
    // One that passes in the path.
    const other = `${path}/${passes[0]}`
    const asForm = (digits: string): FormData => {
      const form = new FormData()
      form.set('a', digits)
      return form
    }
    const answers = async (digits: string): Promise<readonly number[]> =>
      (
        await Promise.all([
          call(address, 'GET', `${path}/${digits}`),
          call(address, 'GET', `${other}?q=${digits}`),
          call(address, 'GET', `${other}?list=${passes[0]}&list=${digits}`),
          call(address, 'GET', `${other}?f[a]=${digits}`),
          call(address, 'GET', other, { headers: { 'x-id': digits } }),
          call(address, 'GET', other, { headers: { cookie: `id=${digits}` } }),
          call(address, 'POST', other, { body: new URLSearchParams({ a: digits }) }),
          call(address, 'POST', other, { body: asForm(digits) }),
        ])
      ).map(({ status }) => status)
    for (const digits of passes) assert.deepEqual(await answers(digits), Array(8).fill(200), `${path} ${digits}`)
    upstream.clear()
    for (const digits of refuses) assert.deepEqual(await answers(digits), Array(8).fill(422), `${path} ${digits}`)
    assert.equal(upstream.requests.length, 0)
  }
})

test('ids next to each other are two, and one of them twice is not', async (t) => {
  const ids = { type: 'array', uniqueItems: true, items: { type: 'integer', format: 'int64' } }
  const parts = {
    type: 'array',
    uniqueItems: true,
    items: { type: 'object', properties: { id: { type: 'integer' }, a: {} } },
  }
  const upstream = await recordingUpstream(t)
  const { address } = await startGateway(t, {
    upstream: upstream.origin,
    document: documentOf({
      '/ids': { get: operation({ parameters: [parameter('id', 'query', ids)] }), post: operation(jsonBody(ids)) },
      '/parts': { post: operation(jsonBody(parts)) },
    }),
    settings: { access: { 'GET /ids': 'public', 'POST /ids': 'public', 'POST /parts': 'public' } },
  })
  const headers = { 'content-type': 'application/json' }
  for (const [first, second, status] of [
    ['1234567890123456789', '1234567890123456790', 200],
    ['1234567890123456789', '1234567890123456789', 422],
    ['9007199254740992', '9007199254740993', 200],
    ['9007199254740993', '9007199254740993.0', 422],
  ] as const) {
    if (!second.includes('.'))
      assert.equal((await call(address, 'GET', `/ids?id=${first}&id=${second}`)).status, status, second)
    const body = `[${first},${second}]`
    assert.equal((await call(address, 'POST', '/ids', { body, headers })).status, status, second)
    const nested = `[{"id":${first},"a":[1]},{"a":[1],"id":${second}}]`
    assert.equal((await call(address, 'POST', '/parts', { body: nested, headers })).status, status, second)
  }
})

test('names with escapes are read as they are, whatever was sent before', () => {
  // V8 compares such a name, as it is written, with that of an earlier text at its place.
  for (const [before, text] of [
    ['{"n":9007199254740993,"before":1,"\\\\u00":1}', '{"n":9007199254740993,"before":1,"\\u0072ole":1}'],
    ['{"n":9007199254740993,"beside":1,"\\\\":1}', '{"n":9007199254740993,"beside":1,"\\u0061":1}'],
  ] as const) {
    read(before)
    for (const value of read(text)) assert.match(Object.keys(value as object).join(), /,(?:role|a)$/)
  }
})
