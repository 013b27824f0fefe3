import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientPart, keysOf } from '../../../src/storage/redis/keys.ts'

const keyOf = (name: string, client: string, windowMs = 60_000): string =>
  keysOf('portcullis', { name, quota: { limit: 5, windowMs } }) + clientPart(client)

test('a key can be read, where it is the key of an address', () => {
  assert.equal(keyOf('credentials', '203.0.113.9'), 'portcullis:limit:credentials/60000:203.0.113.9')
  assert.equal(keyOf('client', '2001:db8:1:2::/64'), 'portcullis:limit:client/60000:2001:db8:1:2::/64')
  assert.equal(keyOf('GET /a/:id 3/minute', '::1'), 'portcullis:limit:GET%20%2Fa%2F%3Aid%203%2Fminute/60000:::1')
})

test('no two clients, policies or windows share a key', () => {
  const names = ['a', 'a:b', 'a/60000:b', 'a%3Ab', '#', 'é', 'e\u0301', '', ' ', 'x'.repeat(100), 'x'.repeat(101)]
  const long = 'c'.repeat(1_000)
  const clients = [
    '',
    'b',
    ':b',
    'B',
    '#b',
    'b\n',
    'é',
    'e\u0301',
    '\ud800',
    '\ud801',
    '\ufffd',
    long,
    `${long}c`,
    '{b}',
  ]
  clients.push(...clients.map(clientPart).filter((part) => part.startsWith('#')))
  const keys = names.flatMap((name) =>
    clients.flatMap((client) => [1_000, 60_000].map((windowMs) => keyOf(name, client, windowMs))),
  )
  assert.equal(new Set(keys).size, names.length * new Set(clients).size * 2)
})

test('no client can make a key long, or write into a terminal through it', () => {
  for (const client of ['a'.repeat(65), 'a'.repeat(1_000_000), '\u001b[2J', 'a b', 'a\r\nSET', '{a}', '\u0000']) {
    const key = keyOf('client', client)
    assert.match(key, /^portcullis:limit:client\/60000:#[\w-]{43}$/)
  }
})
