import { Problem } from 'portcullis/fastify'

/** s until somebody who was refused asks again: when one of those that stand will end, nobody knows */
const RETRY = { 'retry-after': '10' }

/**
 * The WebSockets that stand at once. Each keeps a connection of the upstream for minutes, beside those of the requests: in all there are no
 * more of them than of those, and of one client no more than a quarter (API4:2023).
 */
export class Tunnels {
  readonly #most: number
  readonly #share: number
  readonly #standing = new Map<string, number>()
  #all = 0

  /** @param connections that requests may have */
  constructor(connections: number) {
    this.#most = connections
    this.#share = Math.max(1, Math.floor(connections / 4))
  }

  /**
   * Takes a place, until what comes back is called.
   *
   * @param client the key that it is counted under
   * @throws Problem 'quota-exceeded' when the client has its share, 'unavailable' when no place is left
   */
  enter(client: string): () => void {
    const own = this.#standing.get(client) ?? 0
    if (own >= this.#share) throw new Problem('quota-exceeded', {}, RETRY)
    if (this.#all >= this.#most) throw new Problem('unavailable', {}, RETRY)
    this.#standing.set(client, own + 1)
    this.#all += 1
    return () => {
      const left = (this.#standing.get(client) ?? 1) - 1
      if (left === 0) this.#standing.delete(client)
      else this.#standing.set(client, left)
      this.#all -= 1
    }
  }
}
