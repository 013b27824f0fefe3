import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Redis } from 'ioredis'
import { answersOf, LUA, readVerdict } from '../../../src/storage/redis/script.ts'
import { freshPrefix, redisMissing, redisUrl } from '../../services/redis.ts'

const PART_MS = 5_000
const NOW = 1_800_000_000_000
/** As the script packs them: the newest part's number, and thirteen counts. */
const packed = (part: number, counts: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(34)
  bytes.writeDoubleBE(part)
  for (const [age, count] of counts.entries()) bytes.writeUInt16BE(count, 8 + 2 * age)
  return bytes
}

test('what somebody else put at a key counts as nothing, and the next request writes over it', {
  skip: await redisMissing(),
}, async () => {
  const prefix = freshPrefix({ after })
  const redis = new Redis(redisUrl)
  after(() => redis.disconnect())
  const take = async (key: string) => readVerdict(await redis.eval(LUA, 1, key, 10, PART_MS, NOW), 10, PART_MS)
  const values: readonly (readonly [string, Buffer])[] = [
    ['letters', Buffer.from('a'.repeat(34))],
    ['zero bytes but for one', packed(0.5, [9])],
    ['a part far beyond', packed(2 ** 60, [9])],
    ['no number', packed(Number.NaN, [9])],
    ['no end', packed(Number.POSITIVE_INFINITY, [9])],
    ['before the beginning', packed(-5, [9])],
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.from([0xff])],
  ]
  for (const [name, value] of values) {
    const key = `${prefix}:${name}`
    await redis.set(key, value)
    assert.equal((await take(key)).remaining, 9, name)
    assert.equal((await take(key)).remaining, 8, name)
    assert.ok((await redis.pttl(key)) > 0, `${name} goes by itself`)
  }
  await redis.set(`${prefix}:ours`, packed(NOW / PART_MS, [3, 0, 4]))
  assert.equal((await take(`${prefix}:ours`)).remaining, 2)
  await redis.set(`${prefix}:text`, `${NOW / PART_MS} 3 0 4`)
  assert.equal((await take(`${prefix}:text`)).remaining, 2)
  await redis.lpush(`${prefix}:list`, 'a')
  assert.equal((await take(`${prefix}:list`)).remaining, 9)
})

test('what somebody else put at one key takes nothing from those who are counted in the same command', {
  skip: await redisMissing(),
}, async () => {
  const prefix = freshPrefix({ after })
  const redis = new Redis(redisUrl)
  after(() => redis.disconnect())
  const [bad, before, behind] = [`${prefix}:bad`, `${prefix}:before`, `${prefix}:behind`]
  const part = NOW / PART_MS
  for (const value of [
    '9'.repeat(25),
    '9'.repeat(400),
    `${part} ${'9'.repeat(400)}`,
    `${part} 65535 65535`,
    `${part + 1e9} 1`,
    `${'1 '.repeat(500_000)}`,
    `${part} ${'1 '.repeat(500_000)}`,
    '-1 -1',
    '1e308 1e308',
  ]) {
    const name = value.slice(0, 30)
    await redis.del(before, behind)
    await redis.set(bad, value)
    for (let used = 1; used <= 3; used += 1) {
      const keys = [before, bad, behind]
      const args = keys.flatMap(() => [10, PART_MS, NOW])
      const answers = answersOf(await redis.eval(LUA, keys.length, ...keys, ...args), keys.length)
      for (const index of [0, 2])
        assert.equal(readVerdict(answers[index], 10, PART_MS).remaining, 10 - used, `${name}, ${used}`)
      // Whatever was there: an answer that makes sense.
      readVerdict(answers[1], 10, PART_MS)
    }
  }
})
