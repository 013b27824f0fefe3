import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStorage } from '../../src/storage/index.ts'
import { sampleAccount, sampleEntry } from '../storage/samples.ts'
import { temporaryFolder } from '../storage/temporary.ts'
import { main } from './command.ts'

/** Runs a line of a shell, in which `portcullis` is the program. */
const shell = (cwd: string, line: string) => {
  const program = `"${process.execPath}" --conditions=source "${main}"`
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line.replaceAll('portcullis', program)], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
  })
  return { status, stdout, stderr }
}

test('who has read enough ends no command with a stack, and no exit code', async (t) => {
  const cwd = temporaryFolder(t)
  const storage = await openStorage(`sqlite:${join(cwd, 'data/portcullis.db')}`)
  // More than a pipe holds.
  for (let number = 0; number < 2_000; number += 1) {
    const name = `person${number}`
    await storage.accounts.create(sampleAccount(name), sampleEntry(name))
  }
  await storage.close()
  const { stdout, stderr } = shell(cwd, '(portcullis users list; echo "ended with $?" >&2) | head -n 1')
  assert.equal(stdout.split('\n').length, 2)
  assert.equal(stderr, 'ended with 0\n')
})

test('what could not be written is said, and is a failure: a secret is not there', {
  skip: !existsSync('/dev/full'),
}, (t) => {
  const ran = shell(temporaryFolder(t), 'portcullis keys > /dev/full')
  assert.deepEqual(ran, { status: 1, stdout: '', stderr: 'What this has to say could not be written (ENOSPC).\n' })
})
