import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { moveStorage, openStorage, type StorageOptions } from '../../src/storage/index.ts'
import { temporaryFile } from './temporary.ts'

test('an option that is none, or of another kind, is refused before anything is made', async (t) => {
  const path = temporaryFile(t)
  const up = (): void => {}
  for (const [options, message] of [
    [{ readOnly: true }, 'readOnly: the options are clock, readonly, migrations, poolSize'],
    [{ readonly: 'yes' }, 'readonly takes true or false'],
    [{ clock: 5 }, 'clock takes a function that answers ms since the epoch, such as Date.now'],
    [{ migrations: { name: 'notes/1', up } }, 'migrations takes a list of { name, up }, each up an async function'],
    [{ migrations: [{ name: 'notes/1' }] }, 'migrations takes a list of { name, up }, each up an async function'],
    [{ migrations: [null] }, 'migrations takes a list of { name, up }, each up an async function'],
  ] as const)
    await assert.rejects(openStorage(`sqlite:${path}`, options as unknown as StorageOptions), {
      name: 'TypeError',
      message,
    })
  assert.equal(existsSync(path), false)
  await assert.rejects(moveStorage(`sqlite:${path}`, 'postgres://127.0.0.1:1/app', { batch: 5 } as object), {
    name: 'TypeError',
    message: 'batch: the options are batchRows, onBatch',
  })
})
