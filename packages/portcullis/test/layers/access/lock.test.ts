import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  accessChanges,
  accessEntry,
  accessTable,
  formatChanges,
  formatLock,
  formatTable,
  parseLock,
  publicAccess,
  role,
} from '../../../src/layers/access/index.ts'

const entry = (method: string, path: string, access: string) => ({ method, path, access })
const table = [
  entry('GET', '/a', 'public'),
  entry('DELETE', '/a/:id', 'role admin'),
  entry('POST', '/b', 'authenticated'),
]

test('the table is sorted, and a HEAD that follows its GET is left out', () => {
  const entries = [
    entry('POST', '/b', 'authenticated'),
    entry('HEAD', '/a', 'public'),
    entry('GET', '/a', 'public'),
    entry('HEAD', '/only', 'public'),
  ]
  assert.deepEqual(accessTable(entries), [entries[2], entries[0], entries[3]])
})

test('the lock is read back as it was written', () => {
  assert.deepEqual(parseLock(formatLock(table)), table)
  assert.deepEqual(parseLock(formatLock([])), [])
  assert.equal(formatTable(table).split('\n')[1], 'DELETE  /a/:id  role admin')
})

test('a rule of several words, and a method of two, are read back as they were written', () => {
  const words = [accessEntry('GET', '/a', role('sub admin', 'x')), accessEntry('M-SEARCH', '/a', publicAccess)]
  assert.deepEqual(parseLock(formatLock(words)), words)
})

test('a lock that was merged by half is refused, by its line', () => {
  const lines = formatLock(table).split('\n')
  for (const [text, message] of [
    ['<<<<<<< HEAD', /line 1: not a method/],
    ['GET /a', /line 1: not a method.* Write it anew with npx portcullis routes --write\.$/],
    ['get /a public', /line 1/],
    [`${lines[1]}\n${lines[1]}`, /line 2: GET \/a stands twice/],
  ] as const) {
    assert.throws(() => parseLock(text), { name: 'SyntaxError', message })
  }
})

test('each kind of change is named, and an unchanged table has none', () => {
  assert.deepEqual(accessChanges(table, table), [])
  const now = [entry('GET', '/a', 'authenticated'), entry('DELETE', '/a/:id', 'public'), entry('GET', '/new', 'public')]
  assert.equal(
    formatChanges(accessChanges(table, now)),
    [
      'closed    GET /a  public → authenticated',
      'opened    DELETE /a/:id  role admin → public',
      'gone      POST /b  was authenticated',
      'appeared  GET /new  public',
    ].join('\n'),
  )
  assert.equal(accessChanges([entry('GET', '/a', 'owner')], [entry('GET', '/a', 'role admin')])[0]?.change, 'changed')
  assert.equal(
    accessChanges([entry('GET', '/a', 'role admin')], [entry('GET', '/a', 'authenticated')])[0]?.change,
    'opened',
  )
})
