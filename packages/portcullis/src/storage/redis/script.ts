import { createHash } from 'node:crypto'
import type { Verdict } from '../../layers/limits/index.ts'

/** Into how many parts a window is cut, as in the memory counter (layers/limits/slab.ts): one arithmetic, so that both agree. */
const PARTS = 12

/** The newest part's number, and the counts from there back: 13, each at most a quota, which has 16 bits. */
const FORMAT = `>d${'H'.repeat(PARTS + 1)}`
const BYTES = 8 + 2 * (PARTS + 1)

/** Characters that the same had at most as text: a number of 16 digits, and five for each count, with the spaces between. */
const TEXT = 16 + 6 * (PARTS + 1)

/**
 * Takes one request from the quota at each of KEYS, in turn: ARGV has for each the limit, the length of a part in ms and, in tests alone,
 * the time. Answers for each whether it was admitted, how many are used, and the ms until the oldest leave.
 *
 * A value is packed: to read and write it as text cost Redis as much as all the rest. Text is read too, the number and the counts
 * between spaces: so it was written before. It is read and written at once, and goes by itself when the last count has left the
 * window. A refusal writes nothing.
 */
export const LUA = `
local each = #ARGV / #KEYS
local time
if each == 2 then
  local read = redis.call('TIME')
  time = read[1] * 1000 + math.floor(read[2] / 1000)
end

local function take(key, limit, partMs, now)
  local part = math.floor(now / partMs)
  local counts, used, oldest = {}, 0, 0
  local kept = redis.pcall('GET', key)
  if type(kept) == 'string' then
    if #kept == ${BYTES} then counts = { struct.unpack('${FORMAT}', kept) } end
    local newest = counts[1]
    -- No part's number: text, or what somebody else put here.
    if not newest or newest ~= math.floor(newest) or newest < 0 or newest * partMs > ${Number.MAX_SAFE_INTEGER} then
      counts = {}
      -- No more than was ever written so, and no number beyond its bounds: it would end the command for everybody in it.
      for digits in string.gmatch(string.sub(kept, 1, ${TEXT}), '%d+') do counts[#counts + 1] = tonumber(digits) end
      if counts[1] and counts[1] * partMs > ${Number.MAX_SAFE_INTEGER} then counts = {} end
    end
  end
  local newest = table.remove(counts, 1) or part
  -- A clock that was set back gives nobody a second quota: time stands still until it has caught up.
  if newest > part then part, now = newest, newest * partMs end
  local gone = part - newest
  for age = ${PARTS}, 0, -1 do
    local count = math.min(counts[age + 1 - gone] or 0, 65535)
    counts[age + 1] = count
    if count > 0 then
      used = used + count
      if age > oldest then oldest = age end
    end
  end
  local allowed = used < limit
  if allowed then
    counts[1], used = counts[1] + 1, used + 1
    redis.call('SET', key, struct.pack('${FORMAT}', part, unpack(counts, 1, ${PARTS + 1})), 'PX', (part + ${PARTS + 1}) * partMs - now)
  end
  return allowed and 1 or 0, used, (part - oldest + ${PARTS + 1}) * partMs - now
end

local answers = {}
for number, key in ipairs(KEYS) do
  local at = (number - 1) * each
  local allowed, used, wait = take(key, tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), time or tonumber(ARGV[at + 3]))
  local to = (number - 1) * 3
  answers[to + 1], answers[to + 2], answers[to + 3] = allowed, used, wait
end
return answers
`

/** What EVALSHA calls it. */
export const SHA = createHash('sha1').update(LUA).digest('hex')

/** The length of a part in whole ms, rounded up: the parts cover the window. */
export const partMs = (windowMs: number): number => Math.ceil(windowMs / PARTS)

/** The script's answer to each of so many keys. Throws when it has another length. */
export const answersOf = (answer: unknown, keys: number): readonly (readonly unknown[])[] => {
  if (!Array.isArray(answer) || answer.length !== 3 * keys) throw NONSENSE
  return Array.from({ length: keys }, (_, number) => answer.slice(3 * number, 3 * number + 3))
}

/** Reads the answer to one key. Throws when it makes no sense: what lies must neither admit nor lock out. */
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
