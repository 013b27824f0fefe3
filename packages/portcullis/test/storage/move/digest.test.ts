import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digest } from '../../../src/storage/move/digest.ts'
import type { Row } from '../../../src/storage/move/side.ts'

const of = (...rows: readonly Row[]): string => {
  const all = digest()
  for (const row of rows) all.add(row)
  return all.value()
}

test('the same rows in any order have one digest, and no others have it', () => {
  const [a, b, c] = [
    ['1', 'a'],
    ['2', null],
    ['3', ''],
  ] as const
  assert.equal(of(a, b, c), of(c, a, b))
  const different = [
    of(),
    of(a, b),
    of(a, b, c),
    of(a, b, c, c),
    of(a, b, c, c, c),
    of(a, b, ['3', null]),
    of(a, ['2', ''], c),
    of(a, ['2', 'n'], c),
    of(['1a', ''], b, c),
    of(['', '1a'], b, c),
    of(['2', 'a'], ['1', null], c),
    of(['1', 'a '], b, c),
    of(['1', 'é'], b, c),
    of(['1', 'e\u0301'], b, c),
  ]
  assert.equal(new Set(different).size, different.length)
})
