/** Thrown at once when too many hashes wait: the caller is told to come back, and nothing was computed. */
export class HashingBusy extends Error {
  /** Whole seconds after which the hashes that wait now are done. */
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    super('Too many passwords are being hashed; come back later.')
    this.name = 'HashingBusy'
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Lets a bounded number of tasks run, and a bounded number wait, first come first served. */
export interface Turnstile {
  /**
   * Runs the task when its turn comes.
   *
   * @throws HashingBusy at once when the queue is full
   */
  run<T>(task: () => Promise<T>): Promise<T>
  readonly inFlight: number
  readonly waiting: number
}

/**
 * @param parallel how many run at once
 * @param queue how many may wait
 * @param retryAfterSeconds what the refused are told
 */
export const turnstile = (parallel: number, queue: number, retryAfterSeconds: number): Turnstile => {
  let inFlight = 0
  const waiting: (() => void)[] = []

  const enter = (): Promise<void> | undefined => {
    if (inFlight < parallel) {
      inFlight += 1
      return undefined
    }
    if (waiting.length >= queue) throw new HashingBusy(retryAfterSeconds)
    return new Promise((resolve) => waiting.push(resolve))
  }
  const leave = (): void => {
    const next = waiting.shift()
    // The place is handed over, never freed in between: a newcomer can't slip in before those who wait.
    if (next === undefined) inFlight -= 1
    else next()
  }

  return {
    run: async (task) => {
      await enter()
      try {
        return await task()
      } finally {
        leave()
      }
    },
    get inFlight() {
      return inFlight
    },
    get waiting() {
      return waiting.length
    },
  }
}
