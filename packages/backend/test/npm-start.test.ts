import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { generateSecret } from '../../portcullis/src/layers/sessions/index.ts'
import { folder } from './backend.ts'

const root = join(import.meta.dirname, '../../..')
const PATIENCE_MS = 15_000

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('who ends npm ends the backend that it started', { timeout: 60_000 }, async (t) => {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    PORT: '0',
    JWT_SECRET: generateSecret(),
    DATABASE_URL: `sqlite:${join(folder(t), 'portcullis.db')}`,
  }
  const npm = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(npm, 'exit')
  let printed = ''
  npm.stdout.on('data', (text: Buffer) => {
    printed += text.toString()
  })
  let pid = 0
  for (const end = Date.now() + PATIENCE_MS; pid === 0; await new Promise((resolve) => setTimeout(resolve, 20))) {
    assert.ok(Date.now() < end && npm.exitCode === null, `it does not start: ${printed}`)
    pid = Number(/"pid":(\d+).*Server listening/.exec(printed)?.[1] ?? 0)
  }
  t.after(() => isThere(pid) && process.kill(pid, 'SIGKILL'))
  npm.kill('SIGTERM')
  await ended
  for (const end = Date.now() + PATIENCE_MS; isThere(pid); await new Promise((resolve) => setTimeout(resolve, 20)))
    assert.ok(Date.now() < end, 'npm is gone and the backend is not')
})
