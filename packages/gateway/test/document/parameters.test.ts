import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from 'portcullis/fastify'
import { targetCheck } from '../../src/document/calls.ts'
import { readOperations } from '../../src/document/operations.ts'
import type { Part } from '../../src/document/pointers.ts'
import { validator } from '../../src/document/validator.ts'
import { documentOf, operation, parameter } from '../rig.ts'

/** What an operation with these parameters makes of a query: the target that it sends on, or the fields it refuses. */
const judge = (parameters: readonly object[], more: { path?: string } = {}) => {
  const path = more.path ?? '/a'
  const { served } = readOperations(documentOf({ [path]: { get: operation({ parameters }) } }) as Part)
  const check = targetCheck(served[0] as (typeof served)[number], validator())
  return (query: string, headers: Record<string, string> = {}, params: Record<string, string> = {}): string => {
    try {
      return check({ params, query, headers })
    } catch (error) {
      assert.ok(error instanceof Problem, String(error))
      return `${error.status} ${[...new Set(error.document.errors?.map(({ field }) => field))].join(' ')}`.trim()
    }
  }
}

const query = (name: string, schema: object, more: object = {}): object => parameter(name, 'query', schema, more)

test('a number and a boolean have one spelling each', () => {
  const send = judge([query('n', { type: 'integer' }), query('x', { type: 'number' }), query('b', { type: 'boolean' })])
  for (const good of ['n=0', 'n=-7', 'n=9007199254740993', 'x=1.5', 'x=-0.25', 'x=0.0000001', 'b=true', 'b=false'])
    assert.equal(send(good), `/a?${good}`)
  for (const bad of ['n=01', 'n=%2B1', 'n=1.0', 'n=1e3', 'n=', 'n=%201', 'n=1_000', 'n=0x1', 'n=-0'])
    assert.equal(send(bad), '422 /n', bad)
  for (const bad of [
    'x=1.50',
    'x=0.00000010',
    'x=0.0',
    'x=-0.0',
    'x=9007199254740992.5',
    'x=.5',
    'x=NaN',
    'x=Infinity',
    'x=1e400',
  ])
    assert.equal(send(bad), '422 /x', bad)
  for (const bad of ['b=True', 'b=1', 'b=on', 'b=yes', 'b=null']) assert.equal(send(bad), '422 /b', bad)
})

test('a name that is not known, or stands twice, is refused', () => {
  const send = judge([query('n', { type: 'integer' })])
  assert.equal(send(''), '/a')
  assert.equal(send('m=1'), '422')
  assert.equal(send('n=1&n=2'), '422 /n')
  assert.equal(send('n[]=1'), '422')
  assert.equal(send('n=1&__proto__=x'), '422')
})

test('a query with two readings is refused', () => {
  const send = judge([query('q', { type: 'string' })])
  for (const bad of ['q=%', 'q=%zz', 'q=%ff', 'q=%00', '=x', 'q=a&&q']) assert.match(send(bad), /^4(00|22)/, bad)
  // A separator to one server is a letter to another: it is sent on as a letter.
  assert.equal(send('q=a;q=b'), '/a?q=a%3Bq%3Db')
  assert.equal(send('q=a+b%20c'), '/a?q=a%20b%20c')
  assert.equal(send('%71=x'), '/a?q=x')
})

test('lists by style and explode', () => {
  const items = { type: 'array', items: { type: 'integer' }, maxItems: 3 }
  const send = judge([
    query('r', items),
    query('c', items, { explode: false }),
    query('p', items, { style: 'pipeDelimited', explode: false }),
    query('t', { type: 'array', items: { type: 'string' } }),
  ])
  assert.equal(send('r=1&r=2'), '/a?r=1&r=2')
  assert.equal(send('r=1'), '/a?r=1')
  assert.equal(send('c=1,2'), '/a?c=1%2C2')
  assert.equal(send('p=1|2'), '/a?p=1%7C2')
  assert.equal(send('t=1&t=x'), '/a?t=1&t=x')
  for (const [bad, field] of [
    ['r=1&r=x', '/r/1'],
    ['r=1&r=2&r=3&r=4', '/r'],
    ['c=1,2&c=3', '/c'],
    ['c=1,x', '/c/1'],
  ] as const)
    assert.equal(send(bad), `422 ${field}`, bad)
})

test('a list of blanks or pipes that is exploded has each item in a parameter of its own', () => {
  const items = { type: 'array', items: { type: 'string', enum: ['x', 'y'] } }
  for (const style of ['pipeDelimited', 'spaceDelimited']) {
    const send = judge([query('p', items, { style, explode: true })])
    assert.equal(send('p=x&p=y'), '/a?p=x&p=y', style)
    // A server that reads it as the document says would have one item of a value that nothing allows.
    for (const bad of ['p=x|y', 'p=x%20y']) assert.equal(send(bad), '422 /p/0', `${style} ${bad}`)
  }
})

test('a value in a path that has its name or a dot before it is not served', () => {
  for (const style of ['matrix', 'label'])
    for (const schema of [{ type: 'integer' }, { type: 'string' }, { type: 'array' }]) {
      const parameters = [parameter('id', 'path', schema, { style })]
      const { served, refused } = readOperations(documentOf({ '/a/{id}': { get: operation({ parameters }) } }) as Part)
      assert.equal(served.length, 0)
      assert.deepEqual(refused, [`GET /a/{id} takes id in the style ${style}, which is not served`])
    }
})

test('an object in brackets, and JSON in a parameter', () => {
  const send = judge([
    query(
      'f',
      { type: 'object', properties: { n: { type: 'integer' }, s: { type: 'string' } } },
      { style: 'deepObject' },
    ),
    { name: 'j', in: 'query', content: { 'application/json': { schema: { type: 'object', properties: { a: {} } } } } },
  ])
  assert.equal(send('f[n]=1&f[s]=x'), '/a?f%5Bn%5D=1&f%5Bs%5D=x')
  assert.equal(send('j=%7B%22a%22%3A1%7D'), '/a?j=%7B%22a%22%3A1%7D')
  for (const bad of ['f[n]=x', 'f[m]=1', 'f[n]=1&f[n]=2', 'f=1', 'f[n][m]=1']) assert.match(send(bad), /^422/, bad)
  for (const bad of ['j=1', 'j={', 'j=%7B%22b%22%3A1%7D', 'j=%7B%22a%22%3A1,%22a%22%3A2%7D'])
    assert.equal(send(bad), '422 /j', bad)
})

test('a member of an object that is not listed, or by an alternative alone, is what is said of it, and its name is not repeated', () => {
  const send = (schema: object) => judge([query('f', { type: 'object', ...schema }, { style: 'deepObject' })])
  for (const rest of [{ additionalProperties: { maxLength: 3 } }, { patternProperties: { '^x': { maxLength: 3 } } }]) {
    const said = send({ properties: { n: { maximum: 5 } }, ...rest })
    for (const good of ['f[x]=123', 'f[x]=abc', 'f[n]=5']) assert.match(said(good), /^\/a\?/, good)
    // As a number or a boolean it would be within any length.
    for (const bad of ['f[x]=12345', 'f[x]=true', 'f[x]=abcd']) assert.equal(said(bad), '422 /f/*', bad)
    assert.equal(said('f[n]=6'), '422 /f/n')
  }
  const either = send({ anyOf: [{ properties: { a: { maxLength: 3 } } }, { properties: { b: { maximum: 5 } } }] })
  for (const good of ['f[a]=123', 'f[b]=5']) assert.match(either(good), /^\/a\?/, good)
  for (const [bad, field] of [
    ['f[a]=12345', '/f/a'],
    ['f[b]=6', '/f/b'],
    ['f[b]=x', '/f/b'],
  ] as const)
    assert.equal(either(bad), `422 ${field}`, bad)
  const crossed = send({
    oneOf: [
      { properties: { a: { type: 'integer' }, b: { type: 'string', maxLength: 0 } } },
      { properties: { a: { type: 'string' } } },
    ],
  })
  assert.match(crossed('f[a]=7'), /^\/a\?/)
})

test('members in brackets that are lists or objects are named: they have no spelling there', () => {
  const tags = { type: 'array', items: { type: 'string' } }
  const properties = {
    ...{ a: { type: 'string' }, tags, near: { anyOf: [{ type: 'object' }, { type: 'null' }] } },
    ...{ either: { anyOf: [tags, { type: 'string' }] }, free: {} },
  }
  const parameters = [query('f', { type: 'object', properties }, { style: 'deepObject' })]
  const { served, refused } = readOperations(documentOf({ '/a': { get: operation({ parameters }) } }) as Part)
  assert.equal(served.length, 1)
  assert.deepEqual(
    refused,
    ['tags', 'near'].map((one) => `GET /a takes f[${one}] as a list or an object, which can't be sent in brackets`),
  )
})

const PAGEABLE = {
  type: 'object',
  properties: {
    page: { type: 'integer', minimum: 0, format: 'int32' },
    size: { type: 'integer', minimum: 1, format: 'int32' },
    sort: { type: 'array', items: { type: 'string', maxLength: 9 } },
    total: { type: 'integer', readOnly: true },
  },
}

test('an object that lists its members has each of them in the query, as Springdoc writes a Pageable', () => {
  for (const more of [{ required: true }, {}, { style: 'form', explode: true }]) {
    const send = judge([query('q', { type: 'string' }), query('pageable', PAGEABLE, more)])
    assert.equal(send('page=0&size=20&sort=name,asc&sort=id&q=x'), '/a?page=0&size=20&sort=name%2Casc&sort=id&q=x')
    assert.equal(send(''), '/a')
    for (const [bad, field] of [
      ['page=-1', '/page'],
      ['size=0', '/size'],
      ['page=x', '/page'],
      ['page=1&page=2', '/page'],
      ['sort=0123456789', '/sort/0'],
      ['total=1', ''],
      ['pageable=1', ''],
      ['pageable[page]=1', ''],
    ] as const)
      assert.equal(send(bad), `422 ${field}`.trim(), bad)
  }
  const send = judge([query('f', { allOf: [PAGEABLE, { required: ['page'] }] }, { required: true })])
  assert.equal(send('page=1'), '/a?page=1')
  assert.equal(send('size=1'), '422 /page')
})

test('one of which more is said than its members is not served', () => {
  const refused = (...parameters: readonly object[]): string =>
    readOperations(documentOf({ '/a': { get: operation({ parameters }) } }) as Part).refused.join()
  const one = (more: object, said: object = {}): string => refused(query('f', { ...PAGEABLE, ...more }, said))
  assert.equal(one({}), '')
  for (const more of [
    { additionalProperties: true },
    { additionalProperties: { type: 'string' } },
    { properties: {} },
    { minProperties: 1 },
    { oneOf: [{ required: ['page'] }, { required: ['size'] }] },
    { dependentRequired: { page: ['size'] } },
    { type: ['object', 'string'] },
    { properties: { in: { type: 'object', properties: { a: {} } } } },
  ])
    assert.match(
      one(more),
      /^GET \/a takes \w+ as an object in the style form, which is not served$/,
      JSON.stringify(more),
    )
  assert.match(one({}, { explode: false }), /in the style form/)
  assert.match(one({ required: ['page'] }), /takes f as an object that may be left out and has members that may not/)
  assert.match(refused(query('f', PAGEABLE), query('size', {})), /takes size twice in its query/)
})

test('required, optional, and alternatives', () => {
  const send = judge([
    query('must', { type: 'string', minLength: 1 }, { required: true }),
    query('maybe', { anyOf: [{ type: 'integer' }, { type: 'null' }] }),
    query('either', { anyOf: [{ type: 'integer' }, { type: 'string', enum: ['all'] }] }),
  ])
  assert.equal(send('must=x&maybe=1&either=all'), '/a?must=x&maybe=1&either=all')
  assert.equal(send(''), '422 /must')
  assert.equal(send('must='), '422 /must')
  assert.equal(send('must=x&maybe=null'), '422 /maybe')
  assert.equal(send('must=x&either=some'), '422 /either')
})

test('header fields and cookies that the document names are checked, the others are not', () => {
  const send = judge([
    parameter('X-Page', 'header', { type: 'integer' }, { required: true }),
    parameter('X-Tags', 'header', { type: 'array', items: { type: 'string', enum: ['a', 'b'] } }),
    parameter('theme', 'cookie', { type: 'string', enum: ['dark'] }),
  ])
  assert.equal(send('', { 'x-page': '1', 'x-tags': 'a, b', cookie: 'other=1; theme=dark' }), '/a')
  assert.equal(send('', {}), '422 /X-Page')
  assert.equal(send('', { 'x-page': 'x' }), '422 /X-Page')
  assert.equal(send('', { 'x-page': '1', 'x-tags': 'a,c' }), '422 /X-Tags/1')
  assert.equal(send('', { 'x-page': '1', cookie: 'theme=light' }), '422 /theme')
})

test('a value in a path is one line, and never empty', () => {
  const send = judge([parameter('name', 'path', { type: 'string' })], { path: '/a/{name}' })
  assert.equal(send('', {}, { name: 'b c' }), '/a/b%20c')
  assert.equal(send('', {}, { name: '' }), '422 /name')
  assert.equal(send('', {}, { name: 'a\nb' }), '422')
})
