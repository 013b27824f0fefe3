import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secondsOf, spanOf } from '../../../src/evidence/source/index.ts'

test('a span with its unit', () => {
  const table: readonly (readonly [text: string, seconds: number])[] = [
    ['15m', 900],
    ['15 m', 900],
    [' 15m ', 900],
    ['15min', 900],
    ['15 minutes', 900],
    ['1h', 3600],
    ['1.5h', 5400],
    ['2d', 172_800],
    ['2 days', 172_800],
    ['2 DAYS', 172_800],
    ['1w', 604_800],
    ['1y', 31_557_600],
    ['1M', 2_592_000],
    ['900s', 900],
    ['900000ms', 900],
    ['-1h', -3600],
    ['2 hours from now', 7200],
    ['1 hour ago', 3600],
  ]
  for (const [text, seconds] of table) assert.equal(spanOf(text), seconds, text)
})

test('what is none', () => {
  for (const text of [
    '',
    '15',
    'm',
    'soon',
    '15x',
    '1h30m',
    '15m\n15m',
    '1e3s',
    '٣m',
    'never',
    '15m;',
    '15 constructor',
    '1 __proto__',
  ])
    assert.equal(spanOf(text), undefined, JSON.stringify(text))
})

test('units in any case, but for the month that moment writes with a capital', () => {
  assert.equal(secondsOf('m'), 60)
  assert.equal(secondsOf('M'), 2_592_000)
  assert.equal(secondsOf('Minutes'), 60)
  assert.equal(secondsOf('fortnight'), undefined)
  assert.equal(secondsOf('toString'), undefined)
})
