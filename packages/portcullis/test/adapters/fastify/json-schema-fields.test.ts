import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyServerOptions } from 'fastify'
import { guarded } from './app.ts'

const strict = { ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } } } as const
const number = { type: 'integer', minimum: 0, maximum: 5 }
const shared = { $id: 'shared', type: 'object', additionalProperties: false, properties: { inner: number } }

const body = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: number,
    'a/b~c': number,
    list: { type: 'array', maxItems: 5, items: { anyOf: [{ type: 'array', maxItems: 5, items: number }, number] } },
    record: {
      type: 'object',
      maxProperties: 5,
      additionalProperties: { type: 'object', properties: { name: number } },
    },
    patterned: { type: 'object', additionalProperties: false, patternProperties: { '^[a-z0-9]{1,9}$': number } },
    named: { type: 'object', maxProperties: 5, propertyNames: { maxLength: 6 }, additionalProperties: number },
    linked: { $ref: 'shared#' },
  },
}

const app = async () => {
  const made = await guarded({ mode: 'development', limits: { client: '1000/minute' } }, strict)
  made.addSchema(shared)
  made.post('/x', { config: { access: 'public' }, schema: { body } }, async () => ({}))
  made.get(
    '/q/:id',
    {
      config: { access: 'public' },
      schema: {
        params: { type: 'object', properties: { id: { type: 'string', maxLength: 6 } } },
        querystring: { type: 'object', additionalProperties: { type: 'string', maxLength: 6 } },
        headers: { type: 'object', properties: { 'X-Tenant': { type: 'string', maxLength: 6 } } },
      },
    },
    async () => ({}),
  )
  return made
}

test('a field that the schema names is named, and a key that somebody sent is not', async (t) => {
  const made = await app()
  t.after(() => made.close())
  for (const [payload, field] of [
    [{ name: 'marker' }, '/name'],
    [{ 'a/b~c': 'marker' }, '/a~1b~0c'],
    [{ marker: 1 }, ''],
    [{ list: [1, 'marker'] }, '/list/1'],
    [{ list: [1, [2, 'marker']] }, '/list/1'],
    [{ list: { 7: 1 } }, '/list'],
    [{ record: { marker: 1 } }, '/record/*'],
    [{ record: { marker: { name: 'x' } } }, '/record/*/name'],
    // A telephone number is no place in a list.
    [{ record: { '15551234': 'x' } }, '/record/*'],
    [{ patterned: { marker: 'x' } }, '/patterned/*'],
    [{ patterned: { 4711: 'x' } }, '/patterned/*'],
    [{ named: { markers: 1 } }, '/named'],
    [{ named: { marker: 'x' } }, '/named/*'],
    [{ linked: { inner: 'marker' } }, '/linked/inner'],
    [{ linked: { marker: 1 } }, '/linked'],
  ] as const) {
    const answer = await made.inject({ method: 'POST', url: '/x', payload })
    assert.equal(answer.statusCode, 422, answer.body)
    assert.doesNotMatch(answer.body, /marker|15551234|4711/)
    const fields: readonly string[] = answer.json().errors.map((error: { field: string }) => error.field)
    assert.ok(fields.includes(field), `${JSON.stringify(payload)}: ${fields}, not ${field}`)
  }
})

test('of a query, a path and header fields too', async (t) => {
  const made = await app()
  t.after(() => made.close())
  for (const [url, headers, place, field] of [
    ['/q/1?marker=1234567', {}, 'query', '/*'],
    ['/q/1234567', {}, 'path', '/id'],
    ['/q/1', { 'x-tenant': '1234567' }, 'header', '/x-tenant'],
  ] as const) {
    const answer = await made.inject({ url, headers })
    assert.equal(answer.statusCode, 422, answer.body)
    assert.doesNotMatch(answer.body, /marker/)
    assert.deepEqual(
      answer.json().errors.map((error: { in: string; field: string }) => [error.in, error.field]),
      [[place, field]],
    )
  }
  const answer = await made.inject({ method: 'POST', url: '/x', payload: { name: 'x' } })
  assert.equal(answer.json().errors[0].in, 'body')
})

test('what a schema takes from one that the application shares is audited like its own', async () => {
  const made = await guarded({}, strict)
  const text = { type: 'string' }
  const parts = { line: text, short: { type: 'string', maxLength: 9 } }
  made.addSchema({ $id: 'parts', definitions: parts })
  made.addSchema({
    ...shared,
    $id: 'https://a.example/b~c',
    $defs: parts,
    properties: { own: { $ref: '#/$defs/line' } },
  })
  made.addSchema(shared)
  const post = (path: string, body: object) => made.post(path, { schema: { body } }, async () => ({}))
  const object = (properties: object) => ({ type: 'object', additionalProperties: false, properties })
  post('/bounded', { $ref: 'shared#' })
  post('/without-hash', object({ a: { $ref: 'shared' }, b: { $ref: 'parts#/definitions/short' } }))
  post('/open', object({ a: { $ref: 'parts#/definitions/line' } }))
  post('/open-within', { $ref: 'https://a.example/b~c#' })
  const faults = await made.ready().then(
    () => assert.fail('it started'),
    (error: Error & { faults: readonly string[] }) => error.faults.map((one) => one.replace(/ \(to accept.*/, '')),
  )
  assert.deepEqual(faults, [
    'POST /open body/a: is a string without maxLength',
    'POST /open-within body/own: is a string without maxLength',
  ])
})

const flag = { type: 'boolean' }
const word = { type: 'string', maxLength: 9 }
const members = {
  number,
  flag,
  nothing: { ...number, type: ['integer', 'null'] },
  level: { enum: [1, 2] },
  one: { const: 1 },
  either: { anyOf: [number, { allOf: [flag] }] },
  both: { allOf: [word, number] },
  linked: { $ref: '#/definitions/number' },
  flags: { type: 'array', maxItems: 3, items: flag },
}
const fitting = {
  word,
  wordOrNumber: { type: ['string', 'integer'], maxLength: 9, minimum: 0, maximum: 9 },
  level: { enum: [1, 'one'] },
  either: { oneOf: [number, word] },
  wordOrWords: { anyOf: [word, { type: 'array', maxItems: 3, items: word }] },
  never: false,
}

const faultsOf = async (schema: object, path = '/o', server: FastifyServerOptions = strict) => {
  const made = await guarded({}, server)
  made.addSchema({ $id: 'count', ...number })
  made.get(path, { schema }, async () => ({}))
  return made.ready().then(
    () => [],
    (error: Error & { faults: readonly string[] }) => error.faults.map((one) => one.replace(/ \(to accept.*/, '')),
  )
}

const object = (properties: object) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  definitions: { number },
})

test('what no text fits is told of a path, a query and header fields where nothing is converted: each request would be refused', async () => {
  const told =
    "takes no text, and there is nothing else to send: a path, a query and header fields hold text: write type: 'string' with a maxLength and a pattern"
  for (const [name, member] of [...Object.entries(members), ['shared', { $ref: 'count#' }]] as const)
    for (const [part, place, path] of [
      ['params', 'params', `/o/:${name}`],
      ['querystring', 'query', '/o'],
      ['headers', 'headers', '/o'],
    ] as const)
      assert.deepEqual(await faultsOf({ [part]: object({ [name]: member }) }, path), [
        `GET ${path} ${place}/${name}: ${told}`,
      ])
})

test('of a query that takes a list alone too: a list of one item comes as text', async () => {
  const words = object({ words: { type: 'array', maxItems: 3, items: word } })
  assert.deepEqual(await faultsOf({ querystring: words }), [
    "GET /o query/words: takes a list alone, and of one that has a single item there is but a text: write anyOf: [{ type: 'string', maxLength, pattern }, { type: 'array', maxItems, items }]",
  ])
  assert.match((await faultsOf({ headers: words })).join(), /headers\/words: takes no text/)
})

test('not told: what text may fit, what its validator converts, what a validator of its own checks', async () => {
  assert.deepEqual(await faultsOf({ querystring: object(fitting) }), [])
  const bounded = object({ number, words: { type: 'array', maxItems: 3, items: word } })
  assert.deepEqual(await faultsOf({ querystring: bounded }, '/o', {}), [])
  const made = await guarded({}, strict)
  made.get('/o', { schema: { querystring: bounded }, validatorCompiler: () => () => true }, async () => ({}))
  await made.ready()
})
