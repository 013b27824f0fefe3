import type { Verdict } from './policy.ts'
import type { Quota } from './quota.ts'

/** Into how many parts a window is cut. More: capacity comes back sooner after its use; fewer: less memory a client. */
export const PARTS = 12

/** How many clients are looked at to find one whose place may be given away. */
const SAMPLED = 8

const CELLS = PARTS + 1

/**
 * The counts of one policy: for each client PARTS + 1 small counters, one a part of the window, in typed arrays.
 *
 * It is a strict sliding window. A request is counted in the part of the clock it falls into; the quota holds over the current
 * part and the PARTS before it, which always cover the last `windowMs`. So in no interval of that length more than `limit`
 * are admitted, and what was used comes back between one window and one window and a twelfth later. A plain GCRA with a burst
 * of q would admit q at once and q - 1 more while it drips: 19 logins in a minute that promises 10. Every sequence that is
 * admitted here a GCRA of the same rate and burst would admit too.
 */
export class Slab {
  readonly #quota: Quota
  readonly #partMs: number
  readonly #capacity: number
  readonly #slots = new Map<string, number>()
  #keys: (string | undefined)[] = []
  #counts = new Uint16Array(0)
  #totals = new Uint16Array(0)
  /** The newest part each client's counters speak of. */
  #parts = new Float64Array(0)
  #hand = 0
  readonly #free: number[] = []

  constructor(quota: Quota, capacity: number) {
    this.#quota = quota
    // Whole milliseconds, rounded up: the parts cover the window, and what a client is told to wait is exact.
    this.#partMs = Math.ceil(quota.windowMs / PARTS)
    this.#capacity = capacity
  }

  get size(): number {
    return this.#slots.size
  }

  take(key: string, now: number): Verdict {
    const part = Math.floor(now / this.#partMs)
    const slot = this.#slots.get(key) ?? this.#place(key, part)
    if (slot === undefined) return { allowed: false, remaining: 0, resetMs: this.#partMs, retryAfterMs: this.#partMs }
    this.#advance(slot, part)
    const used = this.#totals[slot] ?? 0
    const allowed = used < this.#quota.limit
    if (allowed) {
      const cell = slot * CELLS + (part % CELLS)
      this.#counts[cell] = (this.#counts[cell] ?? 0) + 1
      this.#totals[slot] = used + 1
    }
    const resetMs = this.#msToOldestGone(slot, part, now)
    return {
      allowed,
      remaining: this.#quota.limit - (allowed ? used + 1 : used),
      resetMs,
      retryAfterMs: allowed ? 0 : resetMs,
    }
  }

  /** What take would answer to a client whose quota is used up; undefined for every other. Nothing is counted, nobody placed. */
  refusal(key: string, now: number): Verdict | undefined {
    const slot = this.#slots.get(key)
    if (slot === undefined) return undefined
    const part = Math.floor(now / this.#partMs)
    this.#advance(slot, part)
    if ((this.#totals[slot] ?? 0) < this.#quota.limit) return undefined
    const retryAfterMs = this.#msToOldestGone(slot, part, now)
    return { allowed: false, remaining: 0, resetMs: retryAfterMs, retryAfterMs }
  }

  /** Lets the parts that have left the window go. */
  #advance(slot: number, part: number): void {
    const gone = part - (this.#parts[slot] ?? 0)
    if (gone <= 0) return
    for (let step = Math.max(1, gone - CELLS + 1); step <= gone; step += 1) {
      const cell = slot * CELLS + ((part - gone + step) % CELLS)
      this.#totals[slot] = (this.#totals[slot] ?? 0) - (this.#counts[cell] ?? 0)
      this.#counts[cell] = 0
    }
    this.#parts[slot] = part
  }

  #msToOldestGone(slot: number, part: number, now: number): number {
    for (let age = PARTS; age >= 0; age -= 1) {
      const at = part - age
      if (at >= 0 && (this.#counts[slot * CELLS + (at % CELLS)] ?? 0) > 0) return (at + CELLS) * this.#partMs - now
    }
    return 0
  }

  /** A slot for a new client; undefined when everybody who could make room is at the limit. */
  #place(key: string, part: number): number | undefined {
    const slot = this.#free.pop() ?? (this.#slots.size < this.#capacity ? this.#grow() : this.#evict(part))
    if (slot === undefined) return undefined
    // Before the newcomer is written down, who has nothing counted either.
    this.#sweep(part)
    this.#keys[slot] = key
    this.#slots.set(key, slot)
    this.#parts[slot] = part
    return slot
  }

  #grow(): number {
    const slot = this.#keys.length
    this.#keys.push(undefined)
    if (slot >= this.#totals.length) this.#resize(Math.min(this.#capacity, Math.max(1_024, this.#totals.length * 2)))
    return slot
  }

  #resize(length: number): void {
    const [counts, totals, parts] = [this.#counts, this.#totals, this.#parts]
    this.#counts = new Uint16Array(length * CELLS)
    this.#totals = new Uint16Array(length)
    this.#parts = new Float64Array(length)
    this.#counts.set(counts)
    this.#totals.set(totals)
    this.#parts.set(parts)
  }

  /** Each newcomer pays for a look at two others, so that what is over is forgotten without a sweep of everything. */
  #sweep(part: number): void {
    for (let looked = 0; looked < 2; looked += 1) {
      const slot = this.#next()
      if (this.#keys[slot] === undefined) continue
      this.#advance(slot, part)
      if (this.#totals[slot] !== 0) continue
      this.#forget(slot)
      this.#free.push(slot)
    }
  }

  #next(): number {
    this.#hand = this.#hand + 1 < this.#keys.length ? this.#hand + 1 : 0
    return this.#hand
  }

  #forget(slot: number): void {
    const key = this.#keys[slot]
    if (key !== undefined) this.#slots.delete(key)
    this.#keys[slot] = undefined
    this.#counts.fill(0, slot * CELLS, (slot + 1) * CELLS)
    this.#totals[slot] = 0
  }

  /** Of a few clients the one with the least used gives up its place; one that is at its limit never does. */
  #evict(part: number): number | undefined {
    let chosen: number | undefined
    let least = this.#quota.limit
    for (let looked = 0; looked < SAMPLED; looked += 1) {
      const slot = this.#next()
      this.#advance(slot, part)
      const used = this.#totals[slot] ?? 0
      if (used < least) {
        least = used
        chosen = slot
      }
    }
    if (chosen !== undefined) this.#forget(chosen)
    return chosen
  }
}
