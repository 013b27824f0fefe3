import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { boundsText } from '../../../../src/evidence/backend/schemas/patterns.ts'

describe('whether a pattern bounds a text', () => {
  for (const source of [
    '^[a-z]{1,20}$',
    '^[a-z]+$',
    '^a$|^b$',
    '^(?:a|b)$',
    '^[^\\s@]+@[^\\s@]+$',
    '^(?=.*[A-Z])[A-Za-z\\d]{8,}$',
    '^(?=.*[A-Z]).{8,72}$',
    '^(?=.{1,80}$).*$',
    '^(?!.{81}).*$',
    '^\\.+$',
    '^[.]+$',
    '^\\$$',
    '(?i)^[a-z]$',
    '\\A\\d+\\Z',
  ])
    test(`it does: ${source}`, () => assert.equal(boundsText(source), true))
  for (const source of [
    '^.*$',
    '.*',
    '[A-Z]',
    '^[a-z]+',
    '[a-z]+$',
    '^a|b$',
    '^(.*)$',
    '^[\\s\\S]*$',
    '^[^]*$',
    '^.{8,}$',
    '^(?=.*[A-Z])(?=.*\\d).{8,}$',
    '^https?://.+$',
    '^a\\$',
  ])
    test(`it does not: ${source}`, () => assert.equal(boundsText(source), false))

  test('one that is made to be slow is read at once', () => {
    const started = performance.now()
    for (const part of ['(a+)+', '[', '(?=', '\\', '(', '.*'])
      assert.equal(boundsText(`${part.repeat(100_000)}$`), false)
    assert.ok(performance.now() - started < 500)
  })
})
