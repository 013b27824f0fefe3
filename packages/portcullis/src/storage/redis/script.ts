import { createHash } from 'node:crypto'
import type { Verdict } from '../../layers/limits/index.ts'

/** Into how many parts a window is cut, as in the memory counter (layers/limits/slab.ts): one arithmetic, so that both agree. */
const PARTS = 12

/** The newest part's number, and the counts from there back: 13, each at most a quota, which has 16 bits. */
const FORMAT = `>d${'H'.repeat(PARTS + 1)}`
const BYTES = 8 + 2 * (PARTS + 1)

/**
 * Takes one request from the quota at KEYS[1]: ARGV is the limit, the length of a part in ms and, in tests alone, the time. Answers
 * whether it was admitted, how many are used, and the ms until the oldest leave.
 *
 * The value is packed: to read and write it as text cost Redis as much as all the rest. Text is read too, the number and the counts
 * between spaces: so it was written before. It is read and written at once, by this one key only (a cluster can hold it), and goes by
 * itself when the last count has left the window. A refusal writes nothing.
 */
export const LUA = `
local limit, partMs = tonumber(ARGV[1]), tonumber(ARGV[2])
local now = tonumber(ARGV[3])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local part = math.floor(now / partMs)
local counts, used, oldest = {}, 0, 0
local kept = redis.pcall('GET', KEYS[1])
if type(kept) == 'string' then
  if #kept == ${BYTES} then counts = { struct.unpack('${FORMAT}', kept) } end
  local newest = counts[1]
  -- No part's number: text, or what somebody else put here.
  if not newest or newest ~= math.floor(newest) or newest < 0 or newest * partMs > ${Number.MAX_SAFE_INTEGER} then
    counts = {}
    for digits in string.gmatch(kept, '%d+') do counts[#counts + 1] = tonumber(digits) end
  end
end
local newest = table.remove(counts, 1) or part
-- A clock that was set back gives nobody a second quota: time stands still until it has caught up.
if newest > part then part, now = newest, newest * partMs end
local gone = part - newest
for age = ${PARTS}, 0, -1 do
  local count = counts[age + 1 - gone] or 0
  counts[age + 1] = count
  if count > 0 then
    used = used + count
    if age > oldest then oldest = age end
  end
end
local allowed = used < limit
if allowed then
  counts[1], used = counts[1] + 1, used + 1
  redis.call('SET', KEYS[1], struct.pack('${FORMAT}', part, unpack(counts, 1, ${PARTS + 1})), 'PX', (part + ${PARTS + 1}) * partMs - now)
end
return { allowed and 1 or 0, used, (part - oldest + ${PARTS + 1}) * partMs - now }
`

/** What EVALSHA calls it. */
export const SHA = createHash('sha1').update(LUA).digest('hex')

/** The length of a part in whole ms, rounded up: the parts cover the window. */
export const partMs = (windowMs: number): number => Math.ceil(windowMs / PARTS)

/** Reads the script's answer. Throws when it makes no sense: what lies must neither admit nor lock out. */
export const readVerdict = (answer: unknown, limit: number, part: number): Verdict => {
  if (!Array.isArray(answer) || answer.length !== 3 || !answer.every(Number.isSafeInteger)) throw NONSENSE
  const [admitted, used, wait] = answer as [number, number, number]
  if (admitted !== 0 && admitted !== 1) throw NONSENSE
  if (used < (admitted === 1 ? 1 : limit) || (admitted === 1 && used > limit)) throw NONSENSE
  if (wait < 1 || wait > (PARTS + 1) * part) throw NONSENSE
  return {
    allowed: admitted === 1,
    remaining: Math.max(0, limit - used),
    resetMs: wait,
    retryAfterMs: admitted === 1 ? 0 : wait,
  }
}

const NONSENSE = new Error('The answer makes no sense.')
