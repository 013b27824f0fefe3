import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Parties } from '../../../src/layers/sessions/claims.ts'
import { claimsReader } from '../../../src/layers/sessions/claims.ts'

const NOW = 1_800_000_000_000
const times = { iat: NOW / 1000 - 60, exp: NOW / 1000 + 60 }

/** What a payload has to be, said once more and another way. */
const isRight = (text: string, { issuer, audience }: Parties): boolean => {
  let value: Record<string, unknown>
  try {
    value = JSON.parse(text) as Record<string, unknown>
  } catch {
    return false
  }
  if (typeof value !== 'object' || value === null || JSON.stringify(value) !== text) return false
  const { sub, sid, jti, iat, exp, iss, aud, ...others } = value
  const ids = [sub, sid, jti].every((id) => typeof id === 'string' && id.length <= 64 && /^[\w-]+$/.test(id))
  const [from, to] = [Number(iat) * 1000, Number(exp) * 1000]
  const lives =
    Number.isSafeInteger(iat) && Number.isSafeInteger(exp) && from <= NOW && NOW < to && to - from <= 3_600_000
  return ids && lives && iss === issuer && aud === audience && Object.keys(others).length === 0
}

for (const parties of [{}, { issuer: 'https://é.example' }, { issuer: 'a', audience: 'b"c' }] as readonly Parties[])
  test(`whatever one character makes of a payload, it is believed only as it has to be: ${JSON.stringify(parties)}`, () => {
    const read = claimsReader(parties)
    const { issuer: iss, audience: aud } = parties
    const members = { sub: 'user-1', sid: 'session_1', jti: 'a'.repeat(22), ...times, iss, aud }
    const issued = JSON.stringify(members)
    const turned = JSON.stringify(Object.fromEntries(Object.entries(members).reverse()))
    const claims = read(Buffer.from(issued), NOW)
    assert.equal(claims.ok, true)
    assert.deepEqual(claims, read(Buffer.from(turned), NOW), 'the order of its members says nothing')
    assert.ok(claims.ok && Object.isFrozen(claims.claims))
    let believed = 0
    for (const text of [issued, turned])
      for (let at = 0; at <= text.length; at += 1)
        for (const character of [
          '',
          '0',
          '1',
          '9',
          'a',
          '-',
          '_',
          '.',
          'e',
          ' ',
          '"',
          '\\',
          ',',
          ':',
          '{',
          '}',
          '\n',
          '\0',
          'é',
          'İ',
        ])
          for (const taken of [0, 1]) {
            const changed = text.slice(0, at) + character + text.slice(at + taken)
            const { ok } = read(Buffer.from(changed), NOW)
            assert.equal(ok, isRight(changed, parties), changed)
            if (ok) believed += 1
          }
    // Other ids and times are right as well: the loop meets both answers.
    assert.ok(believed > 100, String(believed))
  })

test('what is not ASCII is read as UTF-8, and as nothing else', () => {
  const payload = (iss: string, encoding: 'utf8' | 'latin1') =>
    Buffer.from(JSON.stringify({ sub: 'user-1', sid: 's', jti: 'j', ...times, iss }), encoding)
  const é = payload('https://é.example', 'utf8')
  assert.equal(claimsReader({ issuer: 'https://é.example' })(é, NOW).ok, true)
  assert.deepEqual(claimsReader({ issuer: 'https://Ã©.example' })(é, NOW), { ok: false, reason: 'issuer' })
  const raw = payload('https://é.example', 'latin1')
  assert.deepEqual(claimsReader({ issuer: 'https://é.example' })(raw, NOW), { ok: false, reason: 'encoding' })
})
