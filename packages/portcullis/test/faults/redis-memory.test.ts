import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { memoryCounter } from '../../src/layers/limits/index.ts'
import { redisCounter } from '../../src/storage/redis/counter.ts'
import { ten } from '../services/watched-redis.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const bytes = (): number => {
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
const address = (client: number): string => `10.${client >> 16}.${(client >> 8) & 255}.${client & 255}`

test('a million clients: what is remembered of them is bounded, and who is limited stays so', {
  timeout: 600_000,
}, async (t) => {
  let asked = 0
  const health = { well: true, failed: assert.fail }
  const local = memoryCounter()
  const counter = redisCounter({
    // Answers as Redis does, to so many that the network would take minutes: what is measured is this process.
    run: async (key) => {
      if (key.endsWith(':limited')) {
        asked += 1
        return asked <= 10 ? [1, asked, 60_000] : [0, 10, 60_000]
      }
      return Number(key.at(-1)) % 2 === 0 ? [1, 1, 60_000] : [0, 10, 60_000]
    },
    health,
    local,
    prefix: 'portcullis',
    deadlineMs: 60_000,
    // Nobody's time comes back while this runs, however long it takes.
    clock: () => 1_700_000_000_000,
  })
  for (let count = 0; count < 20; count += 1) assert.equal((await counter.take(ten, 'limited')).allowed, count < 10)
  const before = bytes()
  const known = asked
  let [most, each] = [0, 0]
  for (let client = 0; client < 1_000_000; client += 1) {
    // Redis is lost for the last of them.
    if (client === 900_000) health.well = false
    await counter.take(ten, address(client))
    if (client % 10_000 === 0) assert.equal((await counter.take(ten, 'limited')).allowed, false, `after ${client}`)
    if (client % 190_000 !== 189_999) continue
    const [held, remembered] = [bytes() - before, local.size + counter.refused]
    assert.ok(local.size <= 100_000 && counter.refused <= 100_000)
    most = Math.max(most, held)
    each = Math.max(each, held / remembered)
  }
  assert.equal(asked, known, 'Redis was asked about a client that is known to be at its limit')
  assert.ok(most > 5_000_000 && most < 32_000_000, `${most} bytes`)
  t.diagnostic(`at most ${(most / 1e6).toFixed(1)} MB, ${each.toFixed(0)} bytes for each client that is remembered`)
})
