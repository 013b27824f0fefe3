import { Problem } from 'portcullis/fastify'

/** Requests that wait at once; one may hold a body of 64 KiB. */
const WAITING = 1_024

/** A place at the upstream, or in the line for one. */
export interface Place {
  /** Gives it up, once and for all. */
  leave(): void
}

/**
 * Who may ask the upstream now: as many as there are connections; the others wait here. Their clients take turns, and what each of them asks
 * goes by its order: behind the hundreds of one client everybody else would be late. Not in undici's queue: what is given up there stays with
 * its body until a connection is free, so that clients which come and go fill the memory behind one event stream, and an upload whose client
 * is long gone or logged out is sent after all.
 */
export class Places {
  #free: number
  /** What each client has waiting; whose turn is next comes first. */
  readonly #lines = new Map<string, Set<() => void>>()
  #waiting = 0

  /** @param connections of the pool */
  constructor(connections: number) {
    this.#free = connections
  }

  /**
   * @param client the key that it is counted under
   * @param begin is called when there is a place, never before this has returned; not when it was left before
   * @throws Problem 'unavailable' when too many wait
   */
  enter(client: string, begin: () => void): Place {
    let left = false
    const take = (): void => queueMicrotask(() => left || begin())
    if (this.#free > 0) {
      this.#free -= 1
      take()
    } else if (this.#waiting < WAITING) {
      this.#lines.set(client, (this.#lines.get(client) ?? new Set()).add(take))
      this.#waiting += 1
    } else throw new Problem('unavailable', {}, { 'retry-after': '1' })
    return {
      leave: () => {
        if (left) return
        left = true
        if (!this.#drop(client, take)) this.#next()
      },
    }
  }

  #next(): void {
    const [next] = this.#lines
    if (next === undefined) {
      this.#free += 1
      return
    }
    const [client, line] = next
    const [take] = line as Set<() => void>
    this.#drop(client, take as () => void)
    // The others come before its next one.
    if (this.#lines.delete(client)) this.#lines.set(client, line)
    take?.()
  }

  /** Takes one that waits out of its line. */
  #drop(client: string, take: () => void): boolean {
    const line = this.#lines.get(client)
    if (line?.delete(take) !== true) return false
    if (line.size === 0) this.#lines.delete(client)
    this.#waiting -= 1
    return true
  }
}
