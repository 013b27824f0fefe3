import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { failedStart, folder, production, startBackend } from './backend.ts'

const bare = { PATH: process.env['PATH'] ?? '' }

test('a .env whose settings were not taken along is said beside the fault, and in the log of a start; its values are not', async (t) => {
  const cwd = folder(t)
  writeFileSync(join(cwd, '.env'), 'JWT_SECRET=hunter2\nexport PORT="0"\nOTHER=1\n')
  const { code, printed } = await failedStart(bare, [], cwd)
  assert.equal(code, 1)
  assert.match(printed, /JWT_SECRET is missing[^\n]+\nThe file \.env is not read, and holds JWT_SECRET, PORT: set -a; /)
  assert.doesNotMatch(printed, /hunter2|OTHER/)
  const development = await startBackend({ ...bare, PORT: '0' }, ['--development'], cwd)
  t.after(() => development.stop('SIGKILL'))
  assert.match(development.output(), /"The file \.env is not read, and holds JWT_SECRET: set -a; /)
})

test('a .env that says what is set already, or nothing of ours, is not spoken of', async (t) => {
  const cwd = folder(t)
  writeFileSync(join(cwd, '.env'), 'JWT_SECRET=x\nPORT=1\nMETRICS_TOKEN=\nPOSTGRES_PASSWORD=x\n')
  const running = await startBackend(production(cwd), [], cwd)
  t.after(() => running.stop('SIGKILL'))
  assert.doesNotMatch(running.output(), /\.env/)
})
