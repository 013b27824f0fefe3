/** ms without taking what was sent until a reader is slow: a socket's buffers are some 100 KB. */
const SLOW_MS = 2_000

/** ms between two looks while requests wait for a connection */
const LOOK_MS = 500

interface Held {
  readonly since: number
  cut(): void
}

/**
 * What a full pool takes its connections back from: answers whose clients don't read them. Each write renews the idle time, so that a client
 * that takes a little now and then would keep a connection of the upstream for as long as it likes. While requests wait for a connection,
 * one client keeps no more than a quarter of them in that way (API4:2023), and all together no more than half: four addresses are no more
 * than one to an attacker. The answers that waited longest are cut. An answer that has nothing to say, an event stream, waits for nobody.
 */
export class SlowReaders {
  readonly #connections: number
  /** Of one client, and of all of them. */
  readonly #share: number
  readonly #half: number
  readonly #held = new Map<string, Set<Held>>()
  #requests = 0
  #looking: NodeJS.Timeout | undefined

  /** @param connections of the pool */
  constructor(connections: number) {
    this.#connections = connections
    this.#share = Math.max(1, Math.floor(connections / 4))
    this.#half = Math.max(1, Math.floor(connections / 2))
  }

  /** A request has a connection or waits for one, until `leave`. */
  arrive(): void {
    this.#requests += 1
    this.#look()
  }

  leave(): void {
    this.#requests -= 1
  }

  /**
   * An answer waits for its client, until what comes back is called.
   *
   * @param client the key that it is counted under
   */
  hold(client: string, cut: () => void): () => void {
    const held = { since: performance.now(), cut }
    const all = this.#held.get(client) ?? new Set()
    this.#held.set(client, all.add(held))
    return () => {
      all.delete(held)
      if (all.size === 0 && this.#held.get(client) === all) this.#held.delete(client)
    }
  }

  #look(): void {
    if (this.#looking !== undefined || this.#requests <= this.#connections) return
    for (const one of this.#overdue().slice(0, this.#requests - this.#connections)) one.cut()
    this.#looking = setTimeout(() => {
      this.#looking = undefined
      this.#look()
    }, LOOK_MS).unref()
  }

  /** The slow ones beyond a client's share, then those beyond everybody's, the longest waiting first. */
  #overdue(): readonly Held[] {
    const now = performance.now()
    const beyond: Held[] = []
    const within: Held[] = []
    for (const held of this.#held.values()) {
      // In the order of their beginnings.
      const slow = [...held].filter(({ since }) => now - since >= SLOW_MS)
      const over = Math.max(0, slow.length - this.#share)
      beyond.push(...slow.slice(0, over))
      within.push(...slow.slice(over))
    }
    within.sort((one, other) => one.since - other.since)
    return [...beyond, ...within.slice(0, Math.max(0, within.length - this.#half))]
  }
}
