/**
 * Clients that Redis refused, until they may return: they cost neither Redis nor the network anything. Bounded in two generations: when
 * the younger is full, or so old that all in the older one have returned, the older goes. Whoever is forgotten asks Redis again.
 */
export class Refusals {
  readonly #half: number
  readonly #lifeMs: number
  #young = new Map<string, number>()
  #old = new Map<string, number>()
  #since = 0

  /** @param lifeMs the longest that anybody is refused */
  constructor(capacity: number, lifeMs: number) {
    this.#half = Math.ceil(capacity / 2)
    this.#lifeMs = lifeMs
  }

  /** Clients remembered. */
  size(now: number): number {
    this.#age(now)
    return this.#young.size + this.#old.size
  }

  /** ms that a client still has to wait; 0 when it may ask. */
  wait(client: string, now: number): number {
    const until = this.#young.get(client) ?? this.#old.get(client) ?? 0
    return Math.max(0, until - now)
  }

  add(client: string, until: number, now: number): void {
    this.#age(now)
    this.#old.delete(client)
    this.#young.set(client, until)
    if (this.#young.size >= this.#half) this.#turn(now)
  }

  #age(now: number): void {
    if (now - this.#since < this.#lifeMs) return
    if (now - this.#since >= 2 * this.#lifeMs) this.#young = new Map()
    this.#turn(now)
  }

  #turn(now: number): void {
    this.#old = this.#young
    this.#young = new Map()
    this.#since = now
  }
}
