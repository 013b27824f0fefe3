import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Redis } from 'ioredis'
import { memoryCounter, type Policy } from '../../../src/layers/limits/index.ts'
import { LUA, partMs, readVerdict } from '../../../src/storage/redis/script.ts'
import { together } from '../../../src/storage/redis/together.ts'
import { freshPrefix, redisMissing, redisUrl } from '../../services/redis.ts'

/** Answers each key with its own number, and writes down what was asked. */
const recorded = () => {
  const commands: { readonly keys: readonly string[]; readonly args: readonly number[] }[] = []
  const ask = together(async (keys, args) => {
    commands.push({ keys, args })
    return keys.flatMap((key) => [1, Number(key), 1_000])
  })
  return { commands, ask }
}

test('what one turn of the event loop asks is one command, and each gets its own answer', async () => {
  const { commands, ask } = recorded()
  const answers = await Promise.all([ask('7', [10, 100]), ask('8', [20, 200]), ask('7', [10, 100])])
  assert.deepEqual(answers, [
    [1, 7, 1_000],
    [1, 8, 1_000],
    [1, 7, 1_000],
  ])
  assert.deepEqual(commands, [{ keys: ['7', '8', '7'], args: [10, 100, 20, 200, 10, 100] }])
  assert.deepEqual(await ask('9', [1, 1]), [1, 9, 1_000])
  assert.equal(commands.length, 2)
})

test('no command asks for more than 64: Redis does nothing else meanwhile', async () => {
  const { commands, ask } = recorded()
  const keys = Array.from({ length: 150 }, (_, number) => String(number))
  const answers = await Promise.all(keys.map((key) => ask(key, [1, 1])))
  assert.deepEqual(
    commands.map((command) => command.keys.length),
    [64, 64, 22],
  )
  assert.deepEqual(
    answers,
    keys.map((key) => [1, Number(key), 1_000]),
  )
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(commands.length, 3, 'a command that asks for nobody')
})

test('a command that fails, or answers for another number of keys, has answered none of them', async () => {
  const failing = together(async () => Promise.reject(new Error('lost')))
  for (const { status } of await Promise.allSettled([failing('1', []), failing('2', [])]))
    assert.equal(status, 'rejected')
  for (const answer of [[1, 1, 1], [1, 1, 1, 1, 1], Array(9).fill(1), [], 'OK', null, undefined]) {
    const lying = together(async () => answer)
    for (const outcome of await Promise.allSettled([lying('1', []), lying('2', [])]))
      assert.match(String(outcome.status === 'rejected' && outcome.reason), /makes no sense/, JSON.stringify(answer))
  }
})

test('one command counts as many would: policies of all kinds, and a client more than once', {
  skip: await redisMissing(),
}, async () => {
  const prefix = freshPrefix({ after })
  const redis = new Redis(redisUrl)
  after(() => redis.disconnect())
  const ask = together((keys, args) => redis.eval(LUA, keys.length, ...keys, ...args))
  const now = 1_700_000_000_000
  const memory = memoryCounter({ clock: () => now })
  const policies: readonly Policy[] = [
    { name: 'few', quota: { limit: 2, windowMs: 1_000 } },
    { name: 'some', quota: { limit: 5, windowMs: 60_000 } },
    { name: 'many', quota: { limit: 65_535, windowMs: 86_400_000 } },
  ]
  const asked = Array.from({ length: 300 }, (_, number) => ({
    policy: policies[number % 3] as Policy,
    client: `client ${number % 7}`,
  }))
  const verdicts = await Promise.all(
    asked.map(async ({ policy, client }) => {
      const { limit, windowMs } = policy.quota
      const args = [limit, partMs(windowMs), now]
      return readVerdict(await ask(`${prefix}:${policy.name}:${client}`, args), limit, partMs(windowMs))
    }),
  )
  assert.deepEqual(
    verdicts,
    asked.map(({ policy, client }) => memory.take(policy, client)),
  )
  assert.ok(verdicts.some(({ allowed }) => !allowed))
})
