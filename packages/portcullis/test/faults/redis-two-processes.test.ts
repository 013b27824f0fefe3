import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { freshPrefix, redisMissing, redisUrl } from '../services/redis.ts'

const ROUNDS = 100

interface Answer {
  readonly key: string
  readonly admitted: number
  readonly degraded: boolean
}

test(`of 100 parallel takes over two processes exactly 10 are allowed, ${ROUNDS} times`, {
  skip: await redisMissing(),
}, async (t) => {
  const prefix = freshPrefix(t)
  const start = async () => {
    const child = fork(join(import.meta.dirname, 'redis-taker.ts'), [redisUrl, prefix])
    t.after(() => child.kill('SIGKILL'))
    await once(child, 'message')
    return child
  }
  const both = await Promise.all([start(), start()])
  let exact = 0
  let repeated = 0
  for (let round = 0; exact < ROUNDS; round += 1) {
    const key = `round-${round}`
    const answers = both.map((child) => once(child, 'message') as Promise<[Answer]>)
    for (const child of both) child.send(key)
    const [[one], [other]] = (await Promise.all(answers)) as [[Answer], [Answer]]
    assert.deepEqual([one.key, other.key], [key, key])
    // On a busy machine a reply may take longer than its 50 ms: then each process has a limit of its own, never none.
    if (one.degraded || other.degraded) {
      assert.ok(
        one.admitted <= 10 && other.admitted <= 10 && one.admitted + other.admitted >= 10,
        JSON.stringify([one, other]),
      )
      repeated += 1
      assert.ok(repeated < ROUNDS, 'Redis is late more often than not')
      await new Promise((resolve) => setTimeout(resolve, 300))
      continue
    }
    assert.equal(one.admitted + other.admitted, 10, `round ${round}: ${one.admitted} and ${other.admitted}`)
    exact += 1
  }
  for (const child of both) child.disconnect()
  t.diagnostic(`${exact} rounds with exactly 10 of 100, ${repeated} repeated because Redis was late`)
})
