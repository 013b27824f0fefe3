import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

// In a process of its own: the test runner keeps a tick too.
const PROGRAM = ['--expose-gc', '--conditions=source', join(import.meta.dirname, 'tick-cost.ts')]

test('process.nextTick costs what it did when full collections have found no tick', () => {
  const [before = 0, after = 0] = JSON.parse(execFileSync(process.execPath, PROGRAM, { encoding: 'utf8' }))
  // The sixfold where no tick is kept.
  assert.ok(before > 0 && after < before * 3, `${before} µs, then ${after} µs`)
})
