import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gitOutput } from '../../../src/evidence/project/git.ts'
import { blockFor } from '../block.ts'

const here = import.meta.dirname

test('the time in which this program reads for itself is not counted as that of git', async () => {
  const output = gitOutput(here, ['--version'], { milliseconds: 1_000 })
  blockFor(1_500)
  assert.match((await output).ok ? 'read' : 'not read', /^read$/)
})

test('a git that does not end is ended', async () => {
  const output = await gitOutput(here, ['-c', 'alias.wait=!sleep 3', 'wait'], { milliseconds: 500 })
  assert.deepEqual(output, { ok: false, why: 'git took over 0.5 s' })
})
