import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readOperations } from '../../src/document/operations.ts'
import type { Part } from '../../src/document/pointers.ts'
import { fillTemplate, readTemplate } from '../../src/document/templates.ts'
import { documentOf, jsonBody, operation, parameter, startGateway, startUpstream } from '../rig.ts'

const read = (paths: object, more: object = {}) => readOperations(documentOf(paths, more) as Part)
const id = parameter('id', 'path', { type: 'integer' })

test('what can not be served is named with its reason, and does not exist', () => {
  const cases: readonly [object, RegExp][] = [
    [{ '/a/../b': { get: operation() } }, /^\/a\/\.\.\/b has a path segment/],
    [{ '/a//b': { get: operation() } }, /has a path segment/],
    [{ '/a%2fb': { get: operation() } }, /has a path segment/],
    [{ '/files/*': { get: operation() } }, /has a path segment/],
    [{ '/report.{format}': { get: operation({ parameters: [] }) } }, /has a path segment/],
    [{ 'a/b': { get: operation() } }, /does not begin with/],
    [{ '/a/{i\u001b[2Kd}': { get: operation() } }, /has a control character in its path/],
    [{ '/a/{x}  public\n{id}': { get: operation() } }, /has a control character in its path/],
    [{ '/a/{i\u202ed}': { get: operation() } }, /has a control character in its path/],
    [{ '/a/{id}/{id}': { get: operation({ parameters: [id] }) } }, /two values named id/],
    [{ '/a/{id}': { get: operation() } }, /GET \/a\/\{id\} does not describe \{id\}/],
    [{ '/a': { options: operation() } }, /OPTIONS \/a is not forwarded/],
    [{ '/a': { trace: operation() } }, /TRACE \/a is not forwarded/],
    [{ '/a': { search: operation() } }, /SEARCH \/a is not forwarded/],
    [{ '/a': { head: operation() } }, /HEAD \/a follows its GET/],
    [{ '/a': { get: operation(jsonBody({})) } }, /GET has not/],
    [{ '/a': { post: operation({ requestBody: { content: { '*/*': {} } } }) } }, /name the media types/],
    [
      {
        '/a': {
          post: operation({
            requestBody: {
              content: {
                'application/json; version=1': { schema: { type: 'string', maxLength: 5 } },
                'Application/JSON': { schema: { type: 'string' } },
              },
            },
          }),
        },
      },
      /takes a body of application\/json by two schemas/,
    ],
    [{ '/a': { get: { ...operation(), parameters: [parameter('f', 'query', { type: 'object' })] } } }, /style form/],
    [{ '/a': { $ref: 'http://127.0.0.1:1/a.json' } }, /not in this document/],
    [{ '/a': { post: operation(jsonBody({ $ref: 'b.json' })) } }, /not in this document/],
    [
      { '/a': { post: operation(jsonBody({ $ref: '#/components/schemas/A%B' })) } },
      /^POST \/a refers to #\/components\/schemas\/A%B, where a % is no escape: write it as %25$/,
    ],
  ]
  for (const [paths, reason] of cases) {
    const { served, refused } = read(paths)
    assert.deepEqual(served, [], JSON.stringify(paths))
    assert.equal(refused.length, 1)
    assert.match(refused[0] ?? '', reason)
  }
})

test('two paths of one shape are one path: the document is refused', () => {
  const one = (name: string) => operation({ parameters: [parameter(name, 'path', {})] })
  assert.throws(() => read({ '/a/{x}': { get: one('x') }, '/a/{y}': { get: one('y') } }), /GET \/a\/\{y\} and GET/)
  // Of two methods they are two operations.
  assert.equal(read({ '/a/{x}': { get: one('x') }, '/a/{y}': { delete: one('y') } }).served.length, 2)
})

test('a media type that is written twice with one schema is one', () => {
  const content = {
    'application/json': { schema: { type: 'string' } },
    'application/json; charset=utf-8': { schema: { type: 'string' } },
  }
  assert.equal(read({ '/a': { post: operation({ requestBody: { content } }) } }).served.length, 1)
})

test("an operation's parameters replace those of its path, and references are followed inside the document", () => {
  const { served } = read(
    {
      '/a/{id}': {
        parameters: [id, { $ref: '#/components/parameters/Page' }],
        get: operation({ parameters: [parameter('page', 'query', { type: 'boolean' })] }),
      },
    },
    { components: { parameters: { Page: parameter('page', 'query', { type: 'integer' }) } } },
  )
  const types = served[0]?.parameters.map(({ name, schema }) => [name, (schema as { type?: string }).type])
  assert.deepEqual(types, [
    ['id', 'integer'],
    ['page', 'boolean'],
  ])
})

test('operations beside a reference of their path item are there: they would be reached by the template of another path', () => {
  const shared = { get: operation(), put: operation() }
  const paths = {
    '/users/me': { $ref: '#/components/pathItems/Shared', get: operation(), delete: operation() },
    '/users/own': { $ref: '#/components/pathItems/Shared', parameters: [] },
    '/users/{id}': { get: operation({ parameters: [id] }), delete: operation({ parameters: [id] }) },
    '/users/all': { $ref: '#/components/pathItems/Ring' },
  }
  const { served, refused } = read(paths, {
    components: {
      pathItems: {
        Shared: { $ref: '#/components/pathItems/Last', ...shared },
        Last: { parameters: [] },
        Ring: paths['/users/all'],
      },
    },
  })
  assert.deepEqual(
    served.map(({ method, template }) => `${method} ${template.text}`),
    ['PUT /users/me', 'DELETE /users/me', 'GET /users/{id}', 'DELETE /users/{id}'],
  )
  assert.deepEqual(refused, [
    'GET /users/me stands in its path item and in what that refers to as well',
    '/users/own has parameters in its path item and in what that refers to as well',
    '/users/all refers in a circle',
  ])
  for (const name of ['me', 'own', 'all']) assert.equal(served[2]?.takesAnother?.({ id: name }), true, name)
})

test('what the document says of its security is shown', () => {
  const declared = (security: unknown, more: object = {}) =>
    read({ '/a': { get: operation(security === undefined ? {} : { security }) } }, more).served[0]?.declared
  assert.equal(declared(undefined), 'open')
  assert.equal(declared([]), 'open')
  assert.equal(declared([{ Key: [], Bearer: [] }, {}]), 'Key and Bearer or open')
  assert.equal(declared(undefined, { security: [{ Bearer: [] }] }), 'Bearer')
})

test('a path is written anew from its values, in one spelling', () => {
  const template = readTemplate('/a:b/{user-id}/c')
  assert.equal(template.url, '/a::b/:p1/c')
  assert.equal(fillTemplate(template, { p1: 'ä;b?c/d e' }), '/a:b/%C3%A4%3Bb%3Fc%2Fd%20e/c')
  for (const [path, url] of [
    ['/a/{p2}/{a-b}', '/a/:p2/:p2_'],
    ['/{a-b}/{p0}/{p0_}', '/:p0__/:p0/:p0_'],
  ] as const)
    assert.equal(readTemplate(path).url, url)
  assert.equal(readTemplate('/items/').url, '/items/')
  assert.equal(readTemplate('/').url, '/')
})

test('a path that stands behind one that matches it too is named: the upstream may go by the order', () => {
  const valued = operation({ parameters: [id] })
  const behind = read({ '/users/{id}': { get: valued, delete: valued }, '/users/me': { get: operation() } })
  assert.equal(behind.served.length, 3)
  assert.equal(behind.shadowed.length, 1)
  assert.match(behind.shadowed[0] ?? '', /^GET \/users\/me stands behind \/users\/\{id\}/)
  for (const paths of [
    { '/users/me': { get: operation() }, '/users/{id}': { get: valued } },
    { '/users/{id}': { get: valued }, '/users/me/notes': { get: operation() } },
    { '/users/{id}': { delete: valued }, '/users/me': { get: operation() } },
  ])
    assert.deepEqual(read(paths).shadowed, [], JSON.stringify(paths))
})

test('a document without an operation that is served is said to be one', async (t) => {
  const upstream = await startUpstream(t)
  const shadowed = async (document: object, settings: object = {}): Promise<readonly string[]> =>
    (await startGateway(t, { upstream: upstream.address, document, settings })).gateway.document().shadowed
  const said = ['the document has no operation that is served, and nothing reaches the backend']
  const none = { ...documentOf({}), openapi: '3.0.3' }
  assert.deepEqual(await shadowed(none), said)
  const one = documentOf({ '/a': { get: operation() } })
  assert.deepEqual(await shadowed(one, { hide: ['GET /a'] }), said)
  assert.deepEqual(await shadowed(none, { websockets: ['/live'] }), [])
  assert.deepEqual(await shadowed(one), [])
})
