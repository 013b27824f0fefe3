import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cookiesOf } from '../../../../src/evidence/backend/cookies/index.ts'
import { readingOf } from '../../sources.ts'

export const ALL = 'HttpOnly Secure SameSite'

/** Tests each program: of every session cookie in it, the flags that it lacks. */
export const missingFlags = (rows: readonly (readonly [source: string, ...missing: string[]])[]): void => {
  for (const [source, ...missing] of rows)
    test(`${source}: ${missing.join() || (missing.length > 0 ? 'all are set' : 'no session cookie')}`, () => {
      const found = cookiesOf(readingOf({ 'src/app.ts': source }))
      assert.deepEqual(
        found.map((one) => one.missing.join(' ')),
        missing,
      )
    })
}
