import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { growth, LINEAR } from '../../../../../portcullis/test/growth.ts'
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

  test('one that is made to be slow is read in time that grows with it', () => {
    for (const part of ['(a+)+', '[', '(?=', '\\', '(', '.*']) {
      const times = growth((size) => assert.equal(boundsText(`${part.repeat(size)}$`), false), 25_000)
      assert.ok(times < LINEAR, `${times} times as long: ${part}`)
    }
  })
})
