import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goals, isMet } from '../goals.ts'
import { goalsTable, tooFar } from '../report.ts'
import { ratios, spreadOf, spreadText } from '../statistics.ts'
import type { Result } from '../works/work.ts'

const result = (figures: Result['figures']): Result => ({
  title: 'Work',
  about: '',
  table: { head: [''], rows: [] },
  figures,
})

const rowOf = (table: string, what: string): string => table.split('\n').find((line) => line.includes(what)) ?? ''

test('the median is the middle, of an even number the middle of two, and says how far apart they were', () => {
  assert.deepEqual(spreadOf([3, 1, 10]), { median: 3, min: 1, max: 10 })
  assert.deepEqual(spreadOf([4, 1, 2, 3]), { median: 2.5, min: 1, max: 4 })
  assert.ok(Number.isNaN(spreadOf([]).median))
  assert.equal(spreadText([1.084, 1.05, 1.11]), '1.08 (1.05–1.11)')
})

test('a ratio is of the same round', () => {
  assert.deepEqual(ratios([10, 40], [5, 20]), [2, 2])
  assert.ok(Number.isNaN(ratios([1, 2], [1])[1]))
})

test('a goal is met up to its bound, whichever way it goes', () => {
  for (const [value, met] of [
    [1.1, true],
    [1.11, false],
  ] as const)
    assert.equal(isMet(goals['get-cpu'], value), met)
  for (const [value, met] of [
    [5, true],
    [4.99, false],
  ] as const)
    assert.equal(isMet(goals['get-peers'], value), met)
  assert.equal(isMet(goals['get-cpu'], Number.NaN), false)
})

test('the table says met, not met and not measured', () => {
  const table = goalsTable([result({ 'get-cpu': [1, 1.05, 9], 'get-rate': [0.1] })], true)
  assert.match(rowOf(table, goals['get-cpu'].goal), /1\.05 \(1\.00–9\.00\) × \| met/)
  assert.match(rowOf(table, goals['get-rate'].goal), /\*\*not met\*\*/)
  assert.match(rowOf(table, goals.login.goal), /not measured/)
  assert.equal(rowOf(goalsTable([result({ 'get-cpu': [1] })]), goals.login.goal), '')
})

test('only a ratio that is worse than half its goal is too far', () => {
  assert.deepEqual(tooFar([result({ 'get-cpu': [2.2], 'stores-peer': [1.5] })]), [])
  assert.equal(tooFar([result({ 'get-cpu': [2.21] })]).length, 1)
  assert.equal(tooFar([result({ 'stores-peer': [1.49] })]).length, 1)
  assert.deepEqual(tooFar([result({ 'start-embedded': [9_000], 'memory-embedded': [900] })]), [])
})

test('where what was reached is far from the goal, half of that is held, and the table judges by the goal', () => {
  const { bound, reached = Number.NaN } = goals['get-peers']
  assert.ok(reached < bound)
  assert.deepEqual(tooFar([result({ 'get-peers': [reached / 2] })]), [])
  assert.equal(tooFar([result({ 'get-peers': [reached / 2 - 0.01] })]).length, 1)
  assert.match(rowOf(goalsTable([result({ 'get-peers': [reached] })]), goals['get-peers'].work), /\*\*not met\*\*/)
})
