import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSuppressions } from '../../src/report/index.ts'

const good = { fingerprint: '0123456789abcdef', reason: 'until the proxy has one', expires: '2027-01-31' }
const parse = (...suppressions: readonly unknown[]) => parseSuppressions(JSON.stringify({ suppressions }))

test('a file of suppressions is read as it is', () => {
  assert.deepEqual(parse(good), { suppressions: [good], faults: [] })
  assert.deepEqual(parse(), { suppressions: [], faults: [] })
})

test('all faults are listed at once, and nothing is suppressed then', () => {
  const { suppressions, faults } = parseSuppressions(
    JSON.stringify({
      suppresions: [],
      suppressions: [good, { ...good, expires: '2027-02-30', until: 'x' }, { fingerprint: 'ABC', reason: ' ' }, 7],
    }),
  )
  assert.deepEqual(suppressions, [])
  assert.deepEqual(
    faults.map((fault) => fault.replace(/: .*/, '')),
    [
      'unknown key "suppresions"',
      'suppressions[1]',
      'suppressions[1].expires',
      'suppressions[2].fingerprint',
      'suppressions[2].reason',
      'suppressions[2].expires',
      'suppressions[3]',
      'suppressions[1].fingerprint',
    ],
  )
})

test('what is no such file is one fault', () => {
  for (const text of ['', '[]', 'null', '{', '{}', '{"suppressions":{}}'])
    assert.equal(parseSuppressions(text).faults.length, 1)
})

test('a fault shows nothing that writes to a terminal', () => {
  const { faults } = parse({ ...good, '\x1b[2J\u202e': 1, fingerprint: '\x1b[31m' })
  assert.equal(faults.length, 2)
  for (const fault of faults) assert.doesNotMatch(fault, /[\p{Cc}\p{Cf}]/u)
})
