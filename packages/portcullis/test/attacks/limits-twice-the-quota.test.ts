import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryCounter, parseQuota } from '../../src/layers/limits/index.ts'

const quota = parseQuota('10/minute')

/** Ten at once, and then one whenever it may be: the guesses that fit into the first minute. */
const guessesInAMinute = (admits: (now: number) => boolean): number => {
  let guesses = 0
  for (let now = 0; now < 60_000; now += 100) while (admits(now)) guesses += 1
  return guesses
}

test('of a burst and a drip no more than the quota fits into a minute; a plain GCRA lets 19 of 10 through', () => {
  let theoretical = 0
  const plainGcra = (now: number): boolean => {
    const next = Math.max(theoretical, now) + quota.windowMs / quota.limit
    if (next - now > quota.windowMs) return false
    theoretical = next
    return true
  }
  assert.equal(guessesInAMinute(plainGcra), 2 * quota.limit - 1)

  for (const start of [0, 1, 4_999, 5_000, 5_001, 59_999, 1_700_000_000_123]) {
    let now = 0
    const counter = memoryCounter({ clock: () => start + now })
    const strict = (at: number): boolean => {
      now = at
      return counter.take({ name: 'credentials', quota }, 'attacker').allowed
    }
    assert.equal(guessesInAMinute(strict), quota.limit)
  }
})

test('nor does it fit twice about the seam of two windows, as it does where a window has a fixed start', () => {
  for (let seam = 0; seam < 60_000; seam += 997) {
    let now = seam
    const counter = memoryCounter({ clock: () => now })
    const burst = (): number => {
      let admitted = 0
      for (let count = 0; count < 30; count += 1)
        if (counter.take({ name: 'credentials', quota }, 'attacker').allowed) admitted += 1
      return admitted
    }
    assert.equal(burst(), 10)
    for (const later of [1, 100, 4_999, 30_000, 54_999, 59_999]) {
      now = seam + later
      assert.equal(burst(), 0, `${later} ms after a burst at ${seam}`)
    }
  }
})
