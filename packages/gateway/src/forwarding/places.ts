import { Problem } from 'portcullis/fastify'

/** Requests that wait at once; one may hold a body of 64 KiB. */
const WAITING = 1_024

/** A place at the upstream, or in the line for one. */
export interface Place {
  /** Gives it up, once and for all. */
  leave(): void
}

/**
 * Who may ask the upstream now: as many as there are connections; the others wait here in their order. Not in undici's queue: what is given
 * up there stays with its body until a connection is free, so that clients which come and go fill the memory behind one event stream, and
 * an upload whose client is long gone or logged out is sent after all.
 */
export class Places {
  #free: number
  readonly #line = new Set<() => void>()

  /** @param connections of the pool */
  constructor(connections: number) {
    this.#free = connections
  }

  /**
   * @param begin is called when there is a place, never before this has returned; not when it was left before
   * @throws Problem 'unavailable' when too many wait
   */
  enter(begin: () => void): Place {
    let left = false
    const take = (): void => queueMicrotask(() => left || begin())
    if (this.#free > 0) {
      this.#free -= 1
      take()
    } else if (this.#line.size < WAITING) this.#line.add(take)
    else throw new Problem('unavailable', {}, { 'retry-after': '1' })
    return {
      leave: () => {
        if (left) return
        left = true
        if (!this.#line.delete(take)) this.#next()
      },
    }
  }

  #next(): void {
    const [take] = this.#line
    if (take === undefined) this.#free += 1
    else {
      this.#line.delete(take)
      take()
    }
  }
}
