import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerFields } from '../../src/forwarding/fields.ts'

const upstream = { origin: 'http://10.0.0.7:8000', ownCookie: undefined }
const written = (name: string, value: string): unknown => {
  const written = answerFields({ [name]: value }, {}, upstream)[name]
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
