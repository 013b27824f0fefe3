/** ms without progress until a client is slow: a socket's buffers are some 100 KB */
const SLOW_MS = 2_000

/** bytes that an upload must bring in that time: 32 kbit/s, less than any line that people upload over */
const PROGRESS = 8_192

/** ms until an answer or an upload lasts, from when it began: what is asked in bursts from behind one address is over by then */
const LASTING_MS = 10_000

/** ms between two looks while requests wait for a connection */
const LOOK_MS = 500

/** A connection of the upstream that a client has. */
export interface Held {
  /** So many more bytes have come from the client. */
  progress(bytes: number): void
  /** From now on it is the client that is waited for, or no longer. */
  waits(isWaiting: boolean): void
  release(): void
}

interface Holding {
  /** When its client last got on, or was waited for; infinite while it is not: performance.now() */
  since: number
  /** When the answer, or the upload, began. */
  readonly begun: number
  isClients(): boolean
  cut(): void
}

/**
 * What a full pool takes its connections back from: answers whose clients don't read them, and uploads whose clients don't send them. Each
 * read and each byte renews an idle time, so that a client that does a little now and then would keep a connection of the upstream for as
 * long as it likes. While requests wait for a connection, one client keeps no more than a quarter of them in that way (API4:2023), and all
 * together no more than half: four addresses are no more than one to an attacker. Those that waited longest are cut. An answer that has
 * nothing to say, an event stream, waits for nobody; nor does an upload that the upstream does not read. But what lasts, for
 * whatever reason, is within the same quarter of one client: with event streams alone, or with uploads that get on by just enough, it would have
 * all there are, for good.
 */
export class SlowClients {
  readonly #connections: number
  /** Of one client, and of all of them. */
  readonly #share: number
  readonly #half: number
  readonly #held = new Map<string, Set<Holding>>()
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

  /** The client's upload is on its way. @param isClients whether it is the client that is waited for now, and not the upstream */
  upload(client: string, cut: () => void, isClients: () => boolean): Held {
    return this.#hold(client, { since: performance.now(), begun: performance.now(), cut, isClients })
  }

  /** The client's answer has begun. */
  answer(client: string, cut: () => void): Held {
    return this.#hold(client, { since: Number.POSITIVE_INFINITY, begun: performance.now(), cut, isClients: () => true })
  }

  #hold(client: string, holding: Holding): Held {
    const all = this.#held.get(client) ?? new Set()
    this.#held.set(client, all.add(holding))
    let bytes = 0
    return {
      progress: (more) => {
        bytes += more
        if (bytes < PROGRESS) return
        bytes = 0
        holding.since = performance.now()
      },
      waits: (isWaiting) => {
        holding.since = isWaiting ? performance.now() : Number.POSITIVE_INFINITY
      },
      release: () => {
        all.delete(holding)
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

  /** The slow and the lasting ones beyond a client's share, then the slow ones beyond everybody's, the oldest first. */
  #overdue(): readonly Holding[] {
    const now = performance.now()
    const isSlow = ({ since, isClients }: Holding): boolean => now - since >= SLOW_MS && isClients()
    const beyond: Holding[] = []
    const within: Holding[] = []
    for (const all of this.#held.values()) {
      const counted = [...all].filter((one) => now - one.begun >= LASTING_MS || isSlow(one)).sort(byAge)
      const over = Math.max(0, counted.length - this.#share)
      beyond.push(...counted.slice(0, over))
      within.push(...counted.slice(over).filter(isSlow))
    }
    within.sort(byAge)
    return [...beyond, ...within.slice(0, Math.max(0, within.length - this.#half))]
  }
}

/** The slow ones by how long they wait, then those that only last. */
const byAge = (one: Holding, other: Holding): number => one.since - other.since || one.begun - other.begun
