import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Redis } from 'ioredis'
import { memoryCounter } from '../../../src/layers/limits/index.ts'
import { LUA, partMs, readVerdict } from '../../../src/storage/redis/script.ts'
import { freshPrefix, redisMissing, redisUrl } from '../../services/redis.ts'

test('the script counts as the memory counter does, to the ms', { skip: await redisMissing() }, async () => {
  const prefix = freshPrefix({ after })
  const redis = new Redis(redisUrl)
  after(() => redis.disconnect())
  // The same every time: a failure can be looked at.
  let seed = 7
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  let refused = 0
  for (const [limit, windowMs] of [
    [1, 1_000],
    [3, 1_000],
    [10, 60_000],
    [7, 3_601],
    [200, 86_400_000],
  ] as const) {
    let now = 1_700_000_000_000 + random(1_000_000)
    const memory = memoryCounter({ clock: () => now })
    for (let count = 0; count < 1_500; count += 1) {
      if (random(3) === 0) now += random(Math.ceil((windowMs / limit) * 3))
      if (random(100) === 0) now += windowMs - 1 + random(3)
      if (random(300) === 0) now += 20 * windowMs
      const answer = await redis.eval(LUA, 1, `${prefix}:${limit}/${windowMs}`, limit, partMs(windowMs), now)
      const expected = memory.take({ name: 'same', quota: { limit, windowMs } }, 'a')
      assert.deepEqual(readVerdict(answer, limit, partMs(windowMs)), expected, `${limit}/${windowMs} at ${now}`)
      if (!expected.allowed) refused += 1
    }
  }
  assert.ok(refused > 500, `only ${refused} were refused`)
})

test('an answer that makes no sense is none: it neither admits nor locks out', () => {
  for (const answer of [
    'OK',
    null,
    undefined,
    [],
    [1, 1],
    [1, 1, 1, 1],
    ['1', 1, 1],
    [2, 1, 1],
    [-1, 5, 1],
    [1, 0, 1],
    [1, 6, 1],
    [0, 4, 1],
    [1, 1, 0],
    [0, 5, -1],
    [0, 5, 1.5],
    [0, 5, Number.NaN],
    [0, 5, 65_001],
    [0, 5, 1e15],
  ])
    assert.throws(() => readVerdict(answer, 5, 5_000), /makes no sense/, JSON.stringify(answer))
  assert.deepEqual(readVerdict([1, 5, 65_000], 5, 5_000), {
    allowed: true,
    remaining: 0,
    resetMs: 65_000,
    retryAfterMs: 0,
  })
  // After the quota was lowered more may be used than there is.
  assert.deepEqual(readVerdict([0, 9, 10], 5, 5_000), { allowed: false, remaining: 0, resetMs: 10, retryAfterMs: 10 })
})
