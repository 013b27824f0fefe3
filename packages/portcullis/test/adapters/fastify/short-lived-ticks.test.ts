import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

// V8 decides only where the young generation has grown to its full size: the smallest there is, here, and soon reached.
const FLAGS = ['--expose-gc', '--max-semi-space-size=1', '--min-semi-space-size=1', '--conditions=source']
const PROGRAM = join(import.meta.dirname, 'tick-survival.ts')

test('what ticks carried is collected, also where the first ticks were made while V8 was marking', () => {
  const { kept } = JSON.parse(execFileSync(process.execPath, [...FLAGS, PROGRAM], { encoding: 'utf8' }))
  // All of it, where V8 took the first for long-lived.
  assert.ok(kept < 0.2, `${kept} of it was kept`)
})
