import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { hmacSha256 } from '../../../src/layers/sessions/hmac.ts'

test('the vectors of RFC 4231, section 4', () => {
  const vectors: readonly (readonly [string, string, string])[] = [
    ['0b'.repeat(20), '4869205468657265', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    [
      '4a656665',
      '7768617420646f2079612077616e7420666f72206e6f7468696e673f',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    ['aa'.repeat(20), 'dd'.repeat(50), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
    [
      'aa'.repeat(131),
      Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First').toString('hex'),
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ]
  for (const [key, text, tag] of vectors)
    assert.equal(hmacSha256(Buffer.from(key, 'hex'))(Buffer.from(text, 'hex')).toString('hex'), tag)
})

test('keys and texts of every length around the bounds of a block and of the memory that is used again', () => {
  for (const keyBytes of [0, 1, 31, 32, 63, 64, 65, 131, 1_000]) {
    const key = randomBytes(keyBytes)
    const tag = hmacSha256(key)
    // Long and short in turn: nothing of the one before may count.
    for (const bytes of [8_193, 0, 8_192, 1, 55, 56, 64, 65, 20_000, 119, 120, 8_191, 300]) {
      const text = randomBytes(bytes)
      assert.deepEqual(tag(text), createHmac('sha256', key).update(text).digest(), `${keyBytes} and ${bytes} bytes`)
    }
  }
})
