import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '../../src/items/index.ts'
import { type FailOn, verdictOf } from '../../src/report/verdict.ts'

const judged = (...outcomes: readonly Outcome[]) => outcomes.map((outcome, index) => ({ id: `item-${index}`, outcome }))

const EXITS: readonly (readonly [readonly Outcome[], Readonly<Record<FailOn, 0 | 1 | 3>>])[] = [
  [['pass', 'not-applicable'], { fail: 0, warn: 0, 'not-proven': 0, never: 0 }],
  [['pass', 'not-proven'], { fail: 3, warn: 3, 'not-proven': 1, never: 0 }],
  [['pass', 'warn'], { fail: 3, warn: 1, 'not-proven': 1, never: 0 }],
  [['warn', 'not-proven'], { fail: 3, warn: 1, 'not-proven': 1, never: 0 }],
  [['pass', 'fail', 'warn', 'not-proven'], { fail: 1, warn: 1, 'not-proven': 1, never: 0 }],
  [[], { fail: 3, warn: 3, 'not-proven': 3, never: 0 }],
]

for (const [outcomes, exits] of EXITS)
  test(`${outcomes.join(', ') || 'nothing'}: the exit for each --fail-on`, () => {
    for (const [failOn, exit] of Object.entries(exits))
      assert.equal(verdictOf(judged(...outcomes), failOn as FailOn).exit, exit, failOn)
  })

test('the sentence names what decided, and no more than fits', () => {
  assert.equal(verdictOf(judged('fail', 'pass', 'fail'), 'fail').because, 'item-0 and item-2 failed.')
  assert.equal(verdictOf(judged('fail', 'warn'), 'fail').because, 'item-0 failed.')
  assert.equal(verdictOf(judged('fail', 'warn'), 'warn').because, 'item-0 failed; item-1 warned.')
  assert.equal(verdictOf(judged('not-proven'), 'fail').because, 'nothing failed, but item-0 was not proven.')
  assert.equal(
    verdictOf(judged(...Array<Outcome>(9).fill('fail')), 'fail').because,
    'item-0, item-1, item-2, item-3 and 5 more failed.',
  )
  assert.equal(verdictOf(judged('fail'), 'never').because, 'it was asked never to fail; item-0 failed.')
  assert.equal(verdictOf(judged('pass', 'pass'), 'fail').because, 'all 2 passed.')
  assert.equal(verdictOf(judged('pass', 'not-applicable'), 'fail').because, '1 passed, 1 not applicable.')
})

test('where all was suppressed there is nothing to fail on', () => {
  assert.deepEqual(verdictOf([], 'fail', 'all that was found is suppressed.'), {
    exit: 0,
    because: 'all that was found is suppressed.',
  })
})
