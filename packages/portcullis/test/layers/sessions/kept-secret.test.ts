import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { keptSecret, keyRing } from '../../../src/layers/sessions/index.ts'

const place = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-kept-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'data', 'kept')
}

test('a secret is made once, for its owner alone, and found from then on', (t) => {
  const path = place(t)
  const made = keptSecret(path, 'JWT_SECRET')
  keyRing([made.secret])
  assert.equal(made.generated, true)
  assert.deepEqual([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777], [0o600, 0o700])
  assert.deepEqual(keptSecret(path, 'JWT_SECRET'), { secret: made.secret, generated: false })
})

test('what is no secret is named by its file, and not shown', (t) => {
  const path = place(t)
  keptSecret(path, 'JWT_SECRET')
  writeFileSync(path, 'hunter2')
  assert.throws(() => keptSecret(path, 'IDENTITY_SECRET'), {
    message: `The development secret in ${path} can't be used (it holds none): remove it, and another one is made; or set IDENTITY_SECRET.`,
  })
})
