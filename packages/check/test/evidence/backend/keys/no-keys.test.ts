/** Values under the name of a secret that are none, wherever they stand. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keysOf } from '../../../../src/evidence/backend/keys/index.ts'
import { readingOf } from '../../sources.ts'

const found = (entry: string) =>
  keysOf(readingOf({ 'src/auth/client.ts': `export const options = { ${entry} }` }), [], [], new Set()).map(
    (one) => one.value,
  )

for (const entry of [
  "credentials: 'include'",
  "credentials: 'same-origin'",
  "secret: '••••••••'",
  "secret: given ?? '****'",
  "password: '--------'",
])
  test(`is none: ${entry}`, () => assert.deepEqual(found(entry), []))

test('is one', () => assert.deepEqual(found("credentials: 'hunter2'"), ['hunter2']))
