import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusals } from '../../../src/storage/redis/refusals.ts'

test('a client waits as long as it was told, and no longer', () => {
  const refusals = new Refusals(100, 65_000)
  refusals.add('a', 61_000, 1_000)
  assert.equal(refusals.wait('a', 1_000), 60_000)
  assert.equal(refusals.wait('a', 60_999), 1)
  assert.equal(refusals.wait('a', 61_000), 0)
  assert.equal(refusals.wait('b', 1_000), 0)
  refusals.add('a', 120_000, 62_000)
  assert.equal(refusals.wait('a', 62_000), 58_000)
})

test('it stays within its bounds, and the newest are remembered', () => {
  const refusals = new Refusals(1_000, 65_000)
  for (let client = 0; client < 100_000; client += 1) {
    refusals.add(`c${client}`, 60_000, 0)
    assert.ok(refusals.size(0) <= 1_000)
  }
  for (let client = 99_600; client < 100_000; client += 1) assert.ok(refusals.wait(`c${client}`, 0) > 0, `${client}`)
})

test('who has returned is forgotten, also when nobody else comes', () => {
  const refusals = new Refusals(1_000, 1_000)
  for (let client = 0; client < 400; client += 1) refusals.add(`c${client}`, 1_000, 0)
  assert.equal(refusals.size(999), 400)
  assert.equal(refusals.size(2_000), 0)
})
