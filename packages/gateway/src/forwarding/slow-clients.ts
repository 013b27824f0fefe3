/** ms without progress until a client is slow: a socket's buffers are some 100 KB */
const SLOW_MS = 2_000

/** bytes that an upload must bring in that time: 32 kbit/s, less than any line that people upload over */
const PROGRESS = 8_192

/** ms between two looks while requests wait for a connection */
const LOOK_MS = 500

/** A connection of the upstream that waits for a client. */
export interface Held {
  /** So many more bytes have come from the client. */
  progress(bytes: number): void
  release(): void
}

interface Waiting {
  /** When it last got on, or began: performance.now() */
  since: number
  isClients(): boolean
  cut(): void
}

/**
 * What a full pool takes its connections back from: answers whose clients don't read them, and uploads whose clients don't send them. Each
 * read and each byte renews an idle time, so that a client that does a little now and then would keep a connection of the upstream for as
 * long as it likes. While requests wait for a connection, one client keeps no more than a quarter of them in that way (API4:2023), and all
 * together no more than half: four addresses are no more than one to an attacker. Those that waited longest are cut. An answer that has
 * nothing to say, an event stream, waits for nobody; nor does an upload that the upstream does not read.
 */
export class SlowClients {
  readonly #connections: number
  /** Of one client, and of all of them. */
  readonly #share: number
  readonly #half: number
  readonly #held = new Map<string, Set<Waiting>>()
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
   * A connection waits for its client, until it is released.
   *
   * @param client the key that it is counted under
   * @param isClients whether it is the client that is waited for now, and not the upstream
   */
  hold(client: string, cut: () => void, isClients = () => true): Held {
    const waiting: Waiting = { since: performance.now(), cut, isClients }
    const all = this.#held.get(client) ?? new Set()
    this.#held.set(client, all.add(waiting))
    let bytes = 0
    return {
      progress: (more) => {
        bytes += more
        if (bytes < PROGRESS) return
        bytes = 0
        waiting.since = performance.now()
      },
      release: () => {
        all.delete(waiting)
        if (all.size === 0 && this.#held.get(client) === all) this.#held.delete(client)
      },
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
  #overdue(): readonly Waiting[] {
    const now = performance.now()
    const beyond: Waiting[] = []
    const within: Waiting[] = []
    for (const all of this.#held.values()) {
      const slow = [...all].filter(({ since, isClients }) => now - since >= SLOW_MS && isClients()).sort(byAge)
      const over = Math.max(0, slow.length - this.#share)
      beyond.push(...slow.slice(0, over))
      within.push(...slow.slice(over))
    }
    within.sort(byAge)
    return [...beyond, ...within.slice(0, Math.max(0, within.length - this.#half))]
  }
}

const byAge = (one: Waiting, other: Waiting): number => one.since - other.since
