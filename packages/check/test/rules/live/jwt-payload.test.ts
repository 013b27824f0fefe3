import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { looksLikeId } from '../../../src/rules/live/jwt-payload.ts'

test('a random id is an id, also where chance gave it no digit', () => {
  for (const id of ['7', '018f3c9e-7d1b-7c3a-9d1c-0a1b2c3d4e5f', '507f1f77bcf86cd799439011', 'KxQmZtRvBnPlWsYcHdFgJa'])
    assert.ok(looksLikeId(id), id)
  const random = Array.from({ length: 50_000 }, (_, round) =>
    createHash('sha256').update(String(round)).digest('base64url').slice(0, 22),
  )
  assert.ok(random.filter((id) => !/\d/.test(id)).length > 1_000)
  assert.ok(random.filter((id) => !looksLikeId(id)).length <= 2)
})

test('a name is none', () => {
  for (const name of [
    'ada',
    'ada.lovelace',
    'augusta_ada_king_lovelace',
    'Augusta-Ada-King-Lovelace',
    'AugustaAdaKingLovelace',
    '',
  ])
    assert.ok(!looksLikeId(name), name)
})
