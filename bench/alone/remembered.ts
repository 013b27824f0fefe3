/**
 * What is remembered, and how much memory it takes: prints bytes for each, as JSON. Run with --expose-gc. `clients KIND` fills the counter
 * with a million addresses; `tokens` a verifier's memory.
 */

import { memoryCounter, parseQuota } from 'portcullis/limits'
import { accessTokens, generateSecret, keyRing } from 'portcullis/sessions'

const [what = 'clients', kind = 'ipv4'] = process.argv.slice(2)

/** Bytes that are held: objects, and the arrays beside them. */
const held = (): number => {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Keys as the client's address yields them: no two share their text. */
const keyOf = (number: number): string =>
  kind === 'ipv4'
    ? `${10 + (number >> 24)}.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
    : `2001:db8:${(number >> 16).toString(16)}:${(number & 65_535).toString(16)}::/64`

const clients = (): number => {
  const count = 1_000_000
  const counter = memoryCounter({ maxClients: count })
  const policy = { name: 'client', quota: parseQuota('200/minute') }
  const before = held()
  for (let number = 0; number < count; number += 1) counter.take(policy, keyOf(number))
  const bytes = (held() - before) / counter.size
  if (counter.size !== count) throw new Error(`${counter.size} clients are remembered`)
  return bytes
}

const tokens = (): number => {
  const count = 100_000
  const both = accessTokens({ ring: keyRing([generateSecret()]), remember: count })
  const before = held()
  for (let number = 0; number < count; number += 1) both.verify(both.issue(`user-${number}`, `session-${number}`).token)
  const bytes = (held() - before) / count
  if (!both.verify(both.issue('user', 'session').token).ok) throw new Error('a token was refused')
  return bytes
}

process.stdout.write(JSON.stringify(what === 'tokens' ? tokens() : clients()))
