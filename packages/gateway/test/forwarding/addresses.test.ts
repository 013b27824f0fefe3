import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerFields } from '../../src/forwarding/fields.ts'

const upstream = { origin: 'http://10.0.0.7:8000', ownCookie: undefined }
const written = (name: string, value: string, own: Parameters<typeof answerFields>[2] = upstream): unknown => {
  const written = answerFields({ [name]: value }, {}, own)[name]
  return Array.isArray(written) ? written.join() : written
}

test('a redirect to the upstream stays on this site, however it is spelled, and its address is not told', () => {
  for (const [address, expected] of [
    ['http://10.0.0.7:8000/items/?a=1#b', '/items/?a=1#b'],
    ['http://10.0.0.7:8000', '/'],
    ['https://10.0.0.7:8000/x', '/x'],
    ['//10.0.0.7:8000/x', '/x'],
    ['HTTP://10.0.0.7:8000/x', '/x'],
    ['http://010.0.0.7:8000/x', 'http://010.0.0.7:8000/x'],
    ['http://user@10.0.0.7:8000/x', '/x'],
    ['/\\10.0.0.7:8000/x', '/x'],
    // By its letters each of these would become another site's.
    ['http://10.0.0.7:8000//evil.example/x', '/evil.example/x'],
    ['http://10.0.0.7:8000/\\evil.example/x', '/evil.example/x'],
    ['http://10.0.0.7:8000/.//evil.example/x', '/evil.example/x'],
  ] as const)
    for (const name of ['location', 'content-location']) assert.equal(written(name, address), expected, address)
})

test('bytes beyond ASCII stay the bytes that they are', () => {
  const bytes = Buffer.from('/é€', 'utf8').toString('latin1')
  assert.equal(written('location', `http://10.0.0.7:8000${bytes}`), '/%C3%A9%E2%82%AC')
  assert.equal(written('location', 'http://10.0.0.7:8000/\xe9'), '/%E9')
  assert.equal(written('location', bytes), bytes)
})

test('every other address is left as it is', () => {
  for (const address of [
    '/items/',
    'items/../x',
    '?page=2',
    '',
    '/to?next=http://10.0.0.7:8000/',
    'https://elsewhere.example/x',
    'http://10.0.0.7:8000.evil.example/x',
    'http://10.0.0.7:80001/x',
    'http://10.0.0.7/x',
    '//evil.example/x',
    'mailto:10.0.0.7:8000',
    'http://',
  ])
    assert.equal(written('location', address), address)
})

test('the addresses in Link and Refresh are, and nothing else in them', () => {
  for (const [name, value, expected] of [
    [
      'link',
      '<http://10.0.0.7:8000/b>; rel="next", <https://elsewhere.example/>; rel="last"; anchor="//10.0.0.7:8000/c"',
      '</b>; rel="next", <https://elsewhere.example/>; rel="last"; anchor="/c"',
    ],
    ['link', '<http://10.0.0.7:8000//evil.example>; rel=next', '</evil.example>; rel=next'],
    ['refresh', '5; url=http://10.0.0.7:8000/x', '5; url=/x'],
    ['refresh', "0;URL='http://10.0.0.7:8000/x'", "0;URL='/x'"],
    ['refresh', '0,//10.0.0.7:8000//evil.example', '0,/evil.example'],
    ['refresh', '0; url="http://10.0.0.7:8000/x"', '0; url="/x"'],
    ['refresh', '5', '5'],
  ] as const)
    assert.equal(written(name, value), expected)
})

test('the path that is put in front of every other is taken off, where a path has it', () => {
  const below = { ...upstream, prefix: '/v1' }
  for (const [address, expected] of [
    ['/v1/items/?a=/v1/b#c', '/items/?a=/v1/b#c'],
    ['http://10.0.0.7:8000/v1/items/', '/items/'],
    ['//10.0.0.7:8000/v1', '/'],
    ['/v1?a=1', '/?a=1'],
    ['/v1/v1/a', '/v1/a'],
    // Another's site, by what is left of it.
    ['/v1//evil.example/x', '/evil.example/x'],
    ['/v1/\\evil.example/x', '/evil.example/x'],
    ['http://10.0.0.7:8000/v1//evil.example/x', '/evil.example/x'],
    // Not below it.
    ['http://10.0.0.7:8000/login', '/login'],
    ...[
      '/v10/a',
      '/v1/../a',
      '/login',
      'v1/a',
      '?a=/v1/b',
      'https://elsewhere.example/v1/a',
      '//evil.example/v1/a',
    ].map((one) => [one, one] as const),
  ] as const)
    assert.equal(written('location', address, below), expected, address)
  const link = '</v1/a?page=2>; rel="next", <http://10.0.0.7:8000/v1/a>; rel="first"'
  assert.equal(written('link', link, below), '</a?page=2>; rel="next", </a>; rel="first"')
})

test("a cookie's path is written as the client asks for it", () => {
  const below = { ...upstream, prefix: '/v1' }
  for (const [cookie, expected] of [
    ['a=1; Path=/v1', 'a=1; Path=/'],
    ['a=1; Path=/v1/; HttpOnly', 'a=1; Path=/; HttpOnly'],
    ['a=1;path = /v1/cart ;Secure', 'a=1;path = /cart;Secure'],
    // The last one counts: RFC 6265 §5.3.
    ['a=1; Path=/; Path=/v1/cart', 'a=1; Path=/; Path=/cart'],
    ...['a=1; Path=/', 'a=1; Path=/v10', 'a=1', 'path=/v1', 'a=Path=/v1; Path', '__Host-a=1; Secure; Path=/'].map(
      (one) => [one, one] as const,
    ),
  ] as const)
    assert.equal(written('set-cookie', cookie, below), expected)
  assert.equal(written('set-cookie', 'a=1; Path=/v1'), 'a=1; Path=/v1')
})
