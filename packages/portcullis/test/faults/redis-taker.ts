/** A process of its own for redis-two-processes.test.ts: for each key it is sent, takes 50 at once and says how many were admitted. */
import { openRedis } from '../../src/storage/index.ts'
import { ten } from '../services/watched-redis.ts'

const [url, prefix = ''] = process.argv.slice(2)
let falls = 0
const redis = await openRedis(url, {
  prefix,
  onState: (state) => {
    if (state === 'degraded') falls += 1
  },
})
process.on('message', async (key: string) => {
  const alone = () => redis.gauges().some(({ name, value }) => name === 'portcullis_limits_degraded' && value === 1)
  const before = falls + Number(alone())
  const verdicts = await Promise.all(Array.from({ length: 50 }, async () => redis.counter.take(ten, key)))
  const admitted = verdicts.filter(({ allowed }) => allowed).length
  process.send?.({ key, admitted, degraded: before !== falls || alone() })
})
process.on('disconnect', () => void redis.close())
process.send?.('ready')
